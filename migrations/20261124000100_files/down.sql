drop table attachments, uploads;
