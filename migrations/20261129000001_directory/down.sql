drop table macros, answer_templates, releases, topics, products, project_members, projects, direction_engineers, absences, users, directions, companies;
