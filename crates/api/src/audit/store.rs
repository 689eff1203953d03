//! The rows of the audit log.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::audit::entry::Entry;
use crate::audit::list::AuditQuery;
use crate::db::schema::{audit_log, users};
use crate::http::caller::Caller;

/// A line of the audit log as it is stored.
#[derive(Debug, HasQuery)]
#[diesel(table_name = audit_log)]
pub struct AuditRow {
    pub id: i64,
    pub at: DateTime<Utc>,
    pub action: String,
    pub outcome: String,
    /// Why it was refused.
    pub code: Option<String>,
    pub actor_id: Option<i64>,
    /// The login that was tried.
    pub account: Option<String>,
    /// The session it came from.
    pub session_id: Option<i64>,
    /// The API token it came with.
    pub api_token_id: Option<i64>,
    pub address: String,
    /// The request, as the log knows it.
    pub request_id: String,
    /// The path of what it was done to.
    pub target: String,
    /// Old and new values, as JSON.
    pub changes: Option<String>,
    /// What was asked for, as JSON.
    pub request: Option<String>,
}

/// First and last name of whoever did it.
pub type Name = Option<(String, String)>;

impl AuditRow {
    /// A page, the newest first; one row more than `limit` tells that there is a next one.
    pub fn page(
        query: &AuditQuery,
        before: Option<(DateTime<Utc>, i64)>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<(Self, Name)>> {
        let mut rows = audit_log::table.left_join(users::table).into_boxed();
        if let Some(actor_id) = query.actor_id {
            rows = rows.filter(audit_log::actor_id.eq(actor_id));
        }
        if let Some(action) = &query.action {
            rows = rows.filter(audit_log::action.eq(action));
        }
        if let Some(after) = query.at_after {
            rows = rows.filter(audit_log::at.ge(after));
        }
        if let Some(before) = query.at_before {
            rows = rows.filter(audit_log::at.lt(before));
        }
        if let Some((at, id)) = before {
            // `(at, id) < (?, ?)`, spelled so that PostgreSQL starts inside the index.
            let beyond = audit_log::at.lt(at).or(audit_log::id.lt(id));
            rows = rows.filter(audit_log::at.le(at).and(beyond));
        }
        rows.order((audit_log::at.desc(), audit_log::id.desc()))
            .limit(limit + 1)
            .select((Self::as_select(), (users::first_name, users::last_name).nullable()))
            .load(conn)
    }
}

/// Writes that a token was used beyond its scopes, once a minute at most: a script that is wrong
/// is wrong often.
pub fn write_misuse(entry: Entry, caller: &Caller, conn: &mut PgConnection) -> QueryResult<()> {
    let lately = audit_log::table
        .filter(audit_log::actor_id.eq(caller.user_id))
        .filter(audit_log::at.gt(caller.real_now - chrono::TimeDelta::minutes(1)))
        .filter(audit_log::action.eq(entry.action().to_owned()))
        .filter(audit_log::outcome.eq("refused"));
    if !diesel::select(diesel::dsl::exists(lately)).get_result::<bool>(conn)? {
        entry.write(caller.real_now, conn)?;
    }
    Ok(())
}
