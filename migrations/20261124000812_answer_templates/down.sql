drop table answer_templates;
