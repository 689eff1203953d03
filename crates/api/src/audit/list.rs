//! `GET /audit-log`.

use actix_web::get;
use domain::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::audit::filter::AuditFilter;
use crate::audit::store::{AuditRow, Name};
use crate::events::view::Change;
use crate::http::caller::Caller;
use crate::http::page::{Listed, Page, PageQuery};
use crate::http::query::Query;
use crate::http::refs::Ref;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;

/// An action that was performed or refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// When it happened, in wall-clock time.
    pub at: Timestamp,
    /// The operation, by its id in this document; `create_admin` is the command.
    #[schema(example = "users_update")]
    pub action: String,
    /// `done` or `refused`.
    #[schema(example = "done")]
    pub outcome: String,
    /// The problem code with which the request was refused; null if it was performed.
    pub code: Option<String>,
    /// Who performed the action; if nobody was signed in, whose login was given, which proves nothing about who
    /// gave it. Null if that is nobody's.
    pub actor: Option<Ref>,
    /// The login that was given, if nobody was signed in.
    pub account: Option<String>,
    /// The session that was used.
    pub session_id: Option<i64>,
    /// The API token that was used.
    pub api_token_id: Option<i64>,
    /// The client's address; empty for commands.
    pub address: String,
    /// The request id, as it appears in the log; empty for commands.
    pub request_id: String,
    /// The path of the resource that the action was performed on.
    #[schema(example = "/users/17")]
    pub target: String,
    /// The old and the new values of what was created, updated or deleted, by field name, without
    /// secrets; null if there are none.
    #[schema(value_type = Option<std::collections::HashMap<String, Change>>)]
    pub changes: Option<Map<String, Value>>,
    /// The request body, as JSON; null if there was none or it was too long.
    pub request: Option<String>,
    /// How often it happened. Failed sign-ins and requests for a new password are recorded once a
    /// minute for each login and address, after that minute; everything else is recorded each time.
    #[schema(minimum = 1, example = 1)]
    pub times: i32,
}

pub type AuditPage = Page<AuditEntry>;

impl Listed for AuditEntry {
    const PAGE_NAME: &'static str = "AuditPage";
    const PAGE_DESCRIPTION: &'static str = "A page of the audit log.";
    const ORDER: &'static str = "Newest first.";
}

impl AuditEntry {
    fn new(row: AuditRow, name: Name) -> Self {
        let actor = row.actor_id.zip(name);
        Self {
            id: row.id,
            at: row.at.into(),
            action: row.action,
            outcome: row.outcome,
            code: row.code,
            actor: actor.map(|(id, (first, last))| Ref::person(id, &first, &last)),
            account: row.account,
            session_id: row.session_id,
            api_token_id: row.api_token_id,
            address: row.address,
            request_id: row.request_id,
            target: row.target,
            changes: row.changes.and_then(|it| serde_json::from_str(&it).ok()),
            request: row.request,
            times: row.times,
        }
    }
}

/// List audit log entries
///
/// Successful and failed sign-ins, passwords, sessions and API tokens of all users, and every
/// operation that changes the directory, the catalogue, webhooks or settings. Entries cannot
/// be changed or deleted.
#[utoipa::path(
    tag = "audit",
    operation_id = "audit_log_list",
    params(AuditFilter, PageQuery),
    responses((status = 200, description = "A page of entries", body = AuditPage)),
)]
#[get("/audit-log")]
pub async fn list(
    db: RequestDb,
    _caller: Caller,
    Query(query): Query<AuditFilter>,
    Query(page): Query<PageQuery>,
) -> Result<AuditPage, Problem> {
    let page = page.bound_to(("audit", &query))?;
    let work = move |conn: &mut _| {
        let rows = AuditRow::page(&query, page.after, page.limit, conn)?;
        Ok(page.cut(rows, |(row, _)| (row.at, row.id)))
    };
    Ok(db.run(work).await?.map(|(row, name)| AuditEntry::new(row, name)))
}
