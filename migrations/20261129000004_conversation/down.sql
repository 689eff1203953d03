drop table attachments, uploads, ticket_reads, comment_versions, comments;
