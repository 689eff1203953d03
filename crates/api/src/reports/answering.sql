-- For each question ($3, beside each of its tickets, $4) the published article that most of them were
-- answered with, or are a source of; of several the newest.
select distinct on (place) place, article.id as article_id, content.title
from unnest($3, $4) as question (place, ticket_id)
    cross join lateral (
        select article_id from comments
        where comments.ticket_id = question.ticket_id and article_id is not null and not is_internal
        union
        select article_id from article_sources where article_sources.ticket_id = question.ticket_id
    ) as answer
    join articles as article on article.id = answer.article_id
    join article_versions as content
    on content.article_id = article.id and content.version = article.published_version
where article.status = 'published' and {articles as article}
group by place, article.id, content.title
order by place, count(*) desc, article.id desc
