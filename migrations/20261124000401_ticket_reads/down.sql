drop table ticket_reads;
