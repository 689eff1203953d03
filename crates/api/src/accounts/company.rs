//! `POST /companies/{id}/close` and `/reopen`.

use actix_web::post;
use actix_web::web::Path;
use diesel::prelude::*;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::auth;
use crate::companies::store::CompanyRow;
use crate::companies::view::Company;
use crate::db::schema::sessions;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, IfMatch, WithEtag};
use crate::idempotency::idempotent::Idempotent;
use crate::problem::{Code, Problem};
use crate::users::suspension;

/// Close a company
///
/// Its people lose access at once: sessions end, API tokens, keys of old scripts and mails are refused, streams end,
/// and nobody gets mail. Nothing is deleted. Open tickets stay with support, with their deadlines. New people, projects
/// and tickets of the company are refused (`company_closed`) until it is reopened.
#[utoipa::path(
    tag = "companies",
    operation_id = "companies_close",
    params(("id" = i64, Path, description = "The company"), IfMatch, Idempotent),
    responses((status = 200, description = "The closed company", body = Company)),
)]
#[post("/companies/{id}/close")]
pub async fn close(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
) -> Result<ApiResponse, Problem> {
    let id = *id;
    let work = move |conn: &mut PgConnection| {
        let row = CompanyRow::lock(id, conn)?;
        if_match.check(row.version)?;
        if row.closed_at.is_some() {
            return Err(Problem::new(Code::CompanyClosed));
        }
        let people = suspension::suspend(id, conn)?;
        let theirs = Box::new(sessions::user_id.eq_any(people));
        auth::store::revoke(theirs, caller.real_now, conn)?;
        shown(row.set_closed(Some(caller.now), conn)?)
    };
    once.run(audited.action(Entity::Company(id), work)).await
}

/// Reopen a company
///
/// The people who were active when it was closed have access again: they sign in again, with their passwords; API tokens
/// that have not expired meanwhile are valid again. Webhooks that the service disabled meanwhile stay disabled.
#[utoipa::path(
    tag = "companies",
    operation_id = "companies_reopen",
    params(("id" = i64, Path, description = "The company"), IfMatch, Idempotent),
    responses((status = 200, description = "The open company", body = Company)),
)]
#[post("/companies/{id}/reopen")]
pub async fn reopen(
    once: Idempotent,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
) -> Result<ApiResponse, Problem> {
    let id = *id;
    let work = move |conn: &mut PgConnection| {
        let row = CompanyRow::lock(id, conn)?;
        if_match.check(row.version)?;
        if row.closed_at.is_none() {
            return Err(Problem::new(Code::CompanyNotClosed));
        }
        suspension::resume(id, conn)?;
        shown(row.set_closed(None, conn)?)
    };
    once.run(audited.action(Entity::Company(id), work)).await
}

fn shown(row: CompanyRow) -> Result<Done<WithEtag<Company>>, Problem> {
    Ok(Done::new(WithEtag::new(row.version, Company::from(row))))
}
