drop table answer_templates, releases, products, project_members, projects, direction_engineers, users, directions, companies;
