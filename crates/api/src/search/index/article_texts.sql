-- All texts by which those of some articles ($1) that are published are found, in the order in which they are read.
with content as (
    select article.visibility = 'customers' as is_public, version.*
    from articles as article
        join article_versions as version
        on version.article_id = article.id and version.version = article.published_version
    where article.id = any($1) and article.status = 'published'
),
piece as (
    select article_id, 1 as part, 0::bigint as place_in_part, 'subject' as place, title as text
    from content
    union all
    select article_id, 2, field, 'articles', value
    from content
        cross join lateral (values
            (1, problem), (2, solution), (3, version_from), (4, version_to)
        ) as texts (field, value)
    where value <> ''
    union all
    select article_id, 3, products.id, 'articles', name
    from content join products on products.id = any(product_ids)
    union all
    select content.article_id, 4, files.id, 'files', concat_ws(E'\n', filename, description, text)
    from content
        join attachments as files on files.article_id = content.article_id and article_version <= content.version
        left join attachment_texts on attachment_id = files.id
    where files.redacted_at is null
)
select article_id, is_public, place, text
from piece join content using (article_id)
order by article_id, part, place_in_part
