-- Some articles ($3) as they were published, if they may be read, with their files; of the texts of files the first.
select article.id, said.title, said.problem, said.solution, said.language, article.visibility, article.published_at,
    (
        select coalesce(jsonb_agg(jsonb_build_array(id, name) order by id), '[]')
        from products
        where id = any(said.product_ids)
    ) as products,
    (
        select coalesce(jsonb_agg(jsonb_build_array(file.id, concat_ws(E'\n', filename, description, left(text, 100000)))
            order by file.id), '[]')
        from attachments as file left join attachment_texts on attachment_id = file.id
        where file.article_id = article.id and article_version <= said.version and redacted_at is null
    ) as files
from articles as article
    join article_versions as said
    on said.article_id = article.id and said.version = article.published_version
where article.id = any($3) and article.status = 'published' and {articles as article}
