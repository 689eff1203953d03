//! `POST /articles/{id}/feedback`, and the feedback that a confirmation implies.

use actix_web::post;
use actix_web::web::Path;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Timestamptz};
use domain::{FieldCode, FieldError};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::db::schema::{article_feedback, articles};
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::ApiResponse;
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::visibility;

/// Whether an article was of use.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({ "helped": true }))]
pub struct ArticleFeedback {
    /// Whether it helped you.
    pub helped: bool,
}

/// Say whether an article helped
///
/// Counts once per reader, who may change their mind. Whoever confirms the solution of a ticket in which
/// support referred to an article counts as having been helped.
#[utoipa::path(
    tag = "articles",
    operation_id = "articles_feedback",
    params(("id" = i64, Path, description = "The article"), Idempotent),
    request_body = ArticleFeedback,
    responses((status = 204, description = "The feedback is stored")),
)]
#[post("/articles/{id}/feedback")]
pub async fn give_feedback(
    once: Idempotent,
    caller: Caller,
    id: Path<i64>,
    Valid(feedback): Valid<ArticleFeedback>,
) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut PgConnection| {
        store(*id, feedback.helped, &caller, conn)?;
        Ok(Done::new(ApiResponse::NO_CONTENT))
    };
    once.run(work).await
}

/// Errors: `NotFound` for an article that the caller may not read.
fn store(
    id: i64,
    is_helpful: bool,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    use article_feedback::{article_id, created_at, helped, user_id};

    let readable =
        articles::table.filter(articles::id.eq(id)).filter(visibility::articles(&caller.viewer));
    readable.select(articles::id).first::<i64>(conn)?;
    diesel::insert_into(article_feedback::table)
        .values((
            article_id.eq(id),
            user_id.eq(caller.user_id),
            helped.eq(is_helpful),
            created_at.eq(caller.now),
        ))
        .on_conflict((article_id, user_id))
        .do_update()
        .set((helped.eq(is_helpful), created_at.eq(caller.now)))
        .execute(conn)
}

/// Records that the confirmation of a ticket counts as helpful feedback on the articles in its public comments,
/// and on one that the customer names.
pub fn confirmed(
    ticket_id: i64,
    named: Option<i64>,
    user_id: i64,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    let statement = "
        insert into article_feedback (article_id, user_id, helped, ticket_id, created_at)
        select distinct article_id, $2, true, $1, $3
        from (
            select article_id from comments
            where ticket_id = $1 and article_id is not null and not is_internal
            union all
            select $4 where $4 is not null
        ) as of_ticket
        order by article_id
        on conflict (article_id, user_id) do update
        set helped = true, ticket_id = excluded.ticket_id, created_at = excluded.created_at";
    diesel::sql_query(statement)
        .bind::<BigInt, _>(ticket_id)
        .bind::<BigInt, _>(user_id)
        .bind::<Timestamptz, _>(now)
        .bind::<Nullable<BigInt>, _>(named)
        .execute(conn)
}

/// What is wrong with an article that a comment refers to: a public comment may only refer to
/// what customers can read.
pub fn wrong_article(
    id: i64,
    is_internal: bool,
    reads_internal: bool,
    conn: &mut PgConnection,
) -> QueryResult<Option<FieldError>> {
    let is_out = articles::status.eq("published").and(articles::visibility.eq("customers"));
    let known = articles::table.find(id).select(is_out).first(conn).optional()?;
    let wrong = |code| Some(FieldError::new("/article_id", code));
    Ok(match known {
        Some(true) => None,
        Some(false) if is_internal && reads_internal => None,
        Some(false) if reads_internal => wrong(FieldCode::NotApplicable),
        Some(false) | None => wrong(FieldCode::NotFound),
    })
}
