drop table search_words, search_of_customers, search_of_support, attachments, uploads, ticket_reads, comment_versions, comments;
