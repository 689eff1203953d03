-- Those of some articles ($3) that may be read: in their newest version ($4), or in the published one.
select article.id, content.version, content.title, content.problem, content.solution, content.language, content.version_from, content.version_to,
    article.status, article.visibility, article.published_version, article.published_at, article.source_redacted_at,
    article.created_at, content.created_at as edited_at,
    (
        select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name) order by id), '[]')
        from products
        where id = any(content.product_ids)
    ) as products,
    (
        select coalesce(jsonb_agg(jsonb_build_object('id', other.id, 'language', its.language, 'title', its.title)
            order by other.id), '[]')
        from articles as other
            join article_versions as its on its.article_id = other.id
            and its.version = case when $4 then other.version else other.published_version end
        where other.id <> article.id and {articles as other}
          and (other.id = coalesce(article.original_id, article.id)
               or other.original_id = coalesce(article.original_id, article.id))
    ) as translations,
    jsonb_build_object('id', author.id, 'name', author.first_name || ' ' || author.last_name) as author,
    case when publisher.id is not null then
        jsonb_build_object('id', publisher.id, 'name', publisher.first_name || ' ' || publisher.last_name)
    end as published_by,
    array(
        select ticket_id from article_sources where $4 and article_id = article.id order by ticket_id
    ) as source_ticket_ids,
    (select count(*) from article_feedback where $4 and article_id = article.id and helped) as helped_count,
    (select count(*) from article_feedback where $4 and article_id = article.id and not helped) as not_helped_count
from articles as article
    join article_versions as content on content.article_id = article.id
    and content.version = case when $4 then article.version else article.published_version end
    join users as author on author.id = content.author_id
    left join users as publisher on publisher.id = article.published_by
where article.id = any($3) and {articles as article}
