alter table tickets drop column clocks_version;
