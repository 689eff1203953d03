//! The rows of the audit log.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Text};
use domain::Timestamp;
use serde_json::{Map, Value, json};

use crate::audit::entity::Entity;
use crate::audit::entry::Entry;
use crate::audit::filter::AuditFilter;
use crate::db::cut::first_rows;
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
    /// The session that was used.
    pub session_id: Option<i64>,
    /// The API token that was used.
    pub api_token_id: Option<i64>,
    pub address: String,
    /// The request id, as it appears in the log.
    pub request_id: String,
    /// The path of the resource that the action was performed on.
    pub target: String,
    /// Old and new values, as JSON.
    pub changes: Option<String>,
    /// What was asked for, as JSON.
    pub request: Option<String>,
    /// How often it was done within the minute.
    pub times: i32,
}

/// First and last name of whoever did it.
pub type Name = Option<(String, String)>;

impl AuditRow {
    /// A page, the newest first; one row more than `limit` shows that there is a next page.
    pub fn page(
        query: &AuditFilter,
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
        let query = rows
            .order((audit_log::at.desc(), audit_log::id.desc()))
            .select((Self::as_select(), (users::first_name, users::last_name).nullable()));
        first_rows(query, limit + 1, conn)
    }
}

/// Records that a token was used beyond its scopes, at most once a minute: a faulty script repeats its mistake.
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

const DIRECTION: &str = "
    select (to_jsonb(it) - '{version}'::text[] || jsonb_build_object('engineer_ids', (
        select coalesce(jsonb_agg(user_id order by user_id), '[]')
        from direction_engineers where direction_id = it.id)))::text as row
    from directions it where id = $1 for no key update";

const PROJECT: &str = "
    select (to_jsonb(it) - '{version}'::text[] || jsonb_build_object('member_ids', (
        select coalesce(jsonb_agg(user_id order by user_id), '[]')
        from project_members where project_id = it.id)))::text as row
    from projects it where id = $1 for no key update";

const RELEASE: &str = "
    select (to_jsonb(it) - '{revision,is_settled}'::text[] || jsonb_build_object('attachment_ids', (
        select coalesce(jsonb_agg(id order by id), '[]')
        from attachments where release_id = it.id)))::text as row
    from releases it where id = $1 for no key update";

const WEBHOOK: &str = "
    select ((to_jsonb(it) || jsonb_build_object('events', array_to_string(events, ', ')))
        - '{version,secret,previous_secret,since_position,attempted_at,busy_until}'::text[])
        ::text as row
    from webhooks it where id = $1 for no key update";

const CALENDAR: &str = "
    select (to_jsonb(it) - '{is_only,version,sla,reports}'::text[])::text as row
    from settings it where is_only for no key update";

const CALENDAR_DAY: &str = "
    select to_jsonb(it)::text as row from calendar_days it where day = $1 for no key update";

const SLA: &str = "select sla::text as row from settings where is_only for no key update";

const REPORTS: &str = "select reports::text as row from settings where is_only for no key update";
const ARTICLE_SETTINGS: &str = "
    select jsonb_build_object('articles_need_review', articles_need_review)::text as row
    from settings where is_only for no key update";

const ASSIGNMENT: &str = "
    with locked as (select id, is_balanced from directions order by id for no key update)
    select jsonb_build_object('automatic',
        coalesce(jsonb_agg(id order by id) filter (where is_balanced), '[]'))::text as row
    from locked";

#[derive(QueryableByName)]
struct Snapshot {
    #[diesel(sql_type = Text)]
    row: String,
}

impl Entity {
    /// The present state of an entity, without secrets and noise; empty if there is no such row. The row is
    /// locked, so that changes by other operations are not included.
    pub fn snapshot(self, conn: &mut PgConnection) -> QueryResult<Map<String, Value>> {
        let found: Option<Snapshot> = self.query().get_result(conn).optional()?;
        let members = found.and_then(|it| serde_json::from_str::<Map<String, Value>>(&it.row).ok());
        let members = members.unwrap_or_default().into_iter();
        Ok(members
            .map(|(name, value)| match standard_timestamp(&name, &value) {
                Some(time) => (name, time),
                None => (name, value),
            })
            .collect())
    }

    fn query(self) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
        match self {
            Self::AnswerTemplate(id) => row("answer_templates", "version", id),
            // The version shows that the texts changed.
            Self::Article(id) => row("articles", "", id),
            Self::ArticleSettings => sql_query(ARTICLE_SETTINGS).into_boxed(),
            Self::Company(id) => row("companies", "version", id),
            Self::Macro(id) => row("macros", "version", id),
            Self::Product(id) => row("products", "version", id),
            Self::Release(id) => sql_query(RELEASE).into_boxed().bind::<BigInt, _>(id),
            Self::User(id) => row(
                "users",
                "version,email_folded,password_hash,password_expires_at,mail_failures",
                id,
            ),
            Self::Project(id) => sql_query(PROJECT).into_boxed().bind::<BigInt, _>(id),
            Self::Direction(id) => sql_query(DIRECTION).into_boxed().bind::<BigInt, _>(id),
            Self::Webhook(id) => sql_query(WEBHOOK).into_boxed().bind::<BigInt, _>(id),
            Self::Calendar => sql_query(CALENDAR).into_boxed(),
            Self::CalendarDay(day) => sql_query(CALENDAR_DAY).into_boxed().bind::<Date, _>(day),
            Self::Topic(id) => row("topics", "version", id),
            Self::Reports => sql_query(REPORTS).into_boxed(),
            Self::Sla => sql_query(SLA).into_boxed(),
            Self::Assignment => sql_query(ASSIGNMENT).into_boxed(),
        }
    }
}

/// The database formats times in its own way; they are recognised by the names of their columns.
fn standard_timestamp(name: &str, value: &Value) -> Option<Value> {
    let is_time = ["_at", "_since", "_until"].iter().any(|it| name.ends_with(it));
    let at = value.as_str().filter(|_| is_time)?.parse::<DateTime<Utc>>().ok()?;
    Some(json!(Timestamp(at)))
}

fn row(table: &str, hidden: &str, id: i64) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
    let statement = format!(
        "select (to_jsonb(it) - '{{{hidden}}}'::text[])::text as row
         from {table} it where id = $1 for no key update"
    );
    sql_query(statement).into_boxed().bind::<BigInt, _>(id)
}
