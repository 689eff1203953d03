drop table products;
drop table projects;
drop table direction_engineers;
drop table users;
drop table directions;
drop table companies;
