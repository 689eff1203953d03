drop table search_words, search_renamed, search_of_articles, search_of_customers, search_of_support, attachment_texts, attachments, uploads, ticket_reads, comment_versions,
    comments, article_feedback, article_sources, article_versions, articles;
