-- Some articles ($3) as they were published, if they may be read, with their files; of the texts of files the first.
select article.id, content.title, content.problem, content.solution, content.language, article.visibility, article.published_at,
    (
        select coalesce(jsonb_agg(jsonb_build_array(id, name) order by id), '[]')
        from products
        where id = any(content.product_ids)
    ) as products,
    (
        select coalesce(jsonb_agg(jsonb_build_array(file.id, concat_ws(E'\n', filename, description, left(text, 100000)))
            order by file.id), '[]')
        from attachments as file left join attachment_texts on attachment_id = file.id
        where file.article_id = article.id and article_version <= content.version and redacted_at is null
    ) as files
from articles as article
    join article_versions as content
    on content.article_id = article.id and content.version = article.published_version
where article.id = any($3) and article.status = 'published' and {articles as article}
