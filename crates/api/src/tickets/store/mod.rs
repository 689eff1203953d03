//! The rows of tickets.

pub(crate) mod action_context;
mod aggregate;
mod columns;
pub(crate) mod facts;
pub(crate) mod fingerprints;
pub(crate) mod imported;
pub(crate) mod insert;
pub(crate) mod lock;
pub(crate) mod mails;
pub(crate) mod merged;
pub(crate) mod record;
pub(crate) mod save;
pub(crate) mod texts;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::result::Error as DbError;
use diesel::sql_types::{BigInt, Bool};
use domain::clocks::Clocks;
use domain::facts::Turns;
use domain::{
    CloseReason, Complexity, FieldCode, Impact, Priority, RefusalReason, RootCause, RuleViolation,
    Status, Tracker, Urgency, WaitingOn,
};

use domain::needs::MissingClassification;

use crate::db;
use crate::db::json::DbJson;
use crate::db::schema::tickets;
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::problem::{Code, Problem, violated_constraint};
use crate::visibility;

/// A ticket as it is stored, without its long texts.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = tickets)]
pub struct TicketRow {
    pub id: i64,
    version: i32,
    project_id: i64,
    company_id: i64,
    direction_id: i64,
    product_id: Option<i64>,
    product_name: Option<String>,
    tracker: DbEnum<Tracker>,
    status: DbEnum<Status>,
    priority: DbEnum<Priority>,
    impact: Option<DbEnum<Impact>>,
    urgency: Option<DbEnum<Urgency>>,
    complexity: DbEnum<Complexity>,
    subject: String,
    serial_number: Option<String>,
    external_ref: Option<String>,
    needs_details: bool,
    pub author_id: i64,
    contact_id: Option<i64>,
    assignee_id: Option<i64>,
    parent_id: Option<i64>,
    not_duplicate_of: Vec<i64>,
    close_reason: Option<DbEnum<CloseReason>>,
    refusal_reason: Option<DbEnum<RefusalReason>>,
    duplicate_of: Option<i64>,
    merged_into: Option<i64>,
    waiting_on: Option<DbEnum<WaitingOn>>,
    topic_id: Option<i64>,
    root_cause: Option<DbEnum<RootCause>>,
    confirmed_at: Option<DateTime<Utc>>,
    rating: Option<i16>,
    is_answer_due: bool,
    review_on: Option<NaiveDate>,
    review_notified_on: Option<NaiveDate>,
    accepted_at: Option<DateTime<Utc>>,
    first_answered_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    release_id: Option<i64>,
    release_planned_on: Option<NaiveDate>,
    pub clocks: DbJson<Clocks>,
    turns: Option<DbJson<Turns>>,
    due_at: DateTime<Utc>,
    alert_at: Option<DateTime<Utc>>,
    queue_rank: Option<DateTime<Utc>>,
    clocks_version: Option<i32>,
    feedback_since: Option<DateTime<Utc>>,
    closes_at: Option<DateTime<Utc>>,
    remind_at: Option<DateTime<Utc>>,
    head_seq: i64,
    head_hash: Vec<u8>,
}

/// A `where` clause on tickets.
pub type Condition = db::Condition<tickets::table>;

impl TicketRow {
    /// Whether `caller` may see a ticket.
    pub fn check_visible(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<()> {
        Self::status(id, caller, conn).map(|_| ())
    }

    /// The status of a ticket, and what a setting still requires of it before it is solved, if
    /// `caller` may see it.
    pub fn stage(
        id: i64,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> QueryResult<(Status, MissingClassification)> {
        let (status, has_topic, has_root_cause): (DbEnum<Status>, bool, bool) = tickets::table
            .filter(tickets::id.eq(id))
            .filter(visibility::tickets(&caller.viewer))
            .select((
                tickets::status,
                tickets::topic_id.is_not_null(),
                tickets::root_cause.is_not_null(),
            ))
            .first(conn)?;
        let settings = caller.rules.reports;
        let missing_classification = MissingClassification {
            topic: settings.needs_topic && !has_topic,
            root_cause: settings.needs_root_cause && !has_root_cause,
        };
        Ok((status.0, missing_classification))
    }

    /// The status of a ticket, if `caller` may see it.
    pub fn status(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<Status> {
        let status: DbEnum<Status> = tickets::table
            .filter(tickets::id.eq(id))
            .filter(visibility::tickets(&caller.viewer))
            .select(tickets::status)
            .first(conn)?;
        Ok(status.0)
    }
}

#[derive(QueryableByName)]
struct Circular {
    #[diesel(sql_type = Bool)]
    is_circular: bool,
}

/// Whether a ticket would become its own ancestor under this parent. Changes of parents within a company are
/// serialized, so that two at once cannot make a circle either.
pub fn would_be_circular(
    id: i64,
    parent_id: i64,
    company_id: i64,
    conn: &mut PgConnection,
) -> QueryResult<bool> {
    db::advisory_lock(&format!("parents/{company_id}"), conn)?;
    let ancestors = "with recursive ancestors (id) as (
            select $2
            union
            select parent_id from tickets join ancestors using (id) where parent_id is not null
        )
        select exists (select from ancestors where id = $1) as is_circular";
    let found: Circular = diesel::sql_query(ancestors)
        .bind::<BigInt, _>(id)
        .bind::<BigInt, _>(parent_id)
        .get_result(conn)?;
    Ok(found.is_circular)
}

/// Whether a ticket of a project already has this customer reference.
pub fn is_external_ref_taken(
    (company_id, project_id): (i64, i64),
    external_ref: &str,
    conn: &mut PgConnection,
) -> QueryResult<bool> {
    let taken = tickets::table
        .filter(tickets::company_id.eq(company_id))
        .filter(tickets::external_ref.eq(external_ref.trim()))
        .filter(tickets::project_id.eq(project_id));
    diesel::select(diesel::dsl::exists(taken)).get_result(conn)
}

/// What a violated constraint of tickets says about the request.
pub fn map_constraint(error: DbError) -> Problem {
    let field = |pointer, code| RuleViolation::field(pointer, code).into();
    match violated_constraint(&error) {
        Some("tickets_external_ref_key") => Problem::new(Code::ExternalRefTaken),
        Some("tickets_topic") => field("/topic_id", FieldCode::NotFound),
        Some("tickets_parent") => field("/parent_id", FieldCode::NotFound),
        Some("tickets_parent_not_itself") => field("/parent_id", FieldCode::Circular),
        Some("tickets_duplicate_of") => field("/duplicate_of", FieldCode::NotFound),
        Some("tickets_duplicate_not_itself") => field("/duplicate_of", FieldCode::Circular),
        Some(_) | None => error.into(),
    }
}
