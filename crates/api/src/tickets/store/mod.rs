//! The rows of tickets.

pub(crate) mod actor;
mod aggregate;
pub(crate) mod clocks;
mod columns;
pub(crate) mod fingerprints;
pub(crate) mod insert;
pub(crate) mod lock;
pub(crate) mod record;
pub(crate) mod save;
pub(crate) mod texts;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::result::Error as DbError;
use diesel::sql_types::{BigInt, Bool};
use domain::{
    CloseReason, Complexity, FieldCode, Impact, Party, Priority, RefusalReason, RuleViolation,
    Status, Tracker, Urgency, WaitingOn,
};

use crate::db;
use crate::db::schema::tickets;
use crate::db::string_enum::DbEnum;
use crate::events::chain::ChainEnd;
use crate::http::caller::Caller;
use crate::problem::{Code, Problem, violated_constraint};
use crate::tickets::store::clocks::StoredClocks;
use crate::visibility;

/// A ticket as it is stored.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = tickets)]
pub struct TicketRow {
    pub id: i64,
    /// The version number, incremented with every change.
    pub version: i32,
    /// The project that the ticket was created in.
    pub project_id: i64,
    pub company_id: i64,
    pub direction_id: i64,
    pub product_id: Option<i64>,
    /// or its name where the catalogue does not have it.
    pub product_name: Option<String>,
    /// The tracker: the kind of request.
    pub tracker: DbEnum<Tracker>,
    /// The status.
    pub status: DbEnum<Status>,
    /// The priority.
    pub priority: DbEnum<Priority>,
    /// What the problem does to the service, where the priority follows from it.
    pub impact: Option<DbEnum<Impact>>,
    /// How soon help is needed, where the priority follows from it.
    pub urgency: Option<DbEnum<Urgency>>,
    /// How hard the answer is.
    pub complexity: DbEnum<Complexity>,
    /// A short summary of the problem.
    pub subject: String,
    pub serial_number: Option<String>,
    /// The customer's own reference.
    pub external_ref: Option<String>,
    /// Who created the ticket, or on whose behalf it was created.
    pub author_id: i64,
    /// The colleague who took over from an author who has left.
    pub contact_id: Option<i64>,
    /// The assignee.
    pub assignee_id: Option<i64>,
    /// The parent ticket.
    pub parent_id: Option<i64>,
    /// By which near duplicates are found.
    pub words: Vec<i32>,
    /// Open tickets that its author told apart from it.
    pub not_duplicate_of: Vec<i64>,
    /// Why the ticket was closed.
    pub close_reason: Option<DbEnum<CloseReason>>,
    /// Why the ticket was rejected.
    pub refusal_reason: Option<DbEnum<RefusalReason>>,
    /// The ticket that this one duplicates.
    pub duplicate_of: Option<i64>,
    /// What the ticket waits for.
    pub waiting_on: Option<DbEnum<WaitingOn>>,
    /// When the customer confirmed the solution.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// How satisfied the customer was, from 1 to 5.
    pub rating: Option<i16>,
    /// The customer has written something that is not answered yet.
    pub is_answer_due: bool,
    /// Who has to act.
    pub needs_action_from: DbEnum<Party>,
    /// When a waiting ticket is looked at again.
    pub review_on: Option<NaiveDate>,
    /// The last day of review of which its assignee was reminded.
    pub review_notified_on: Option<NaiveDate>,
    /// When it first left `new` for work.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When support first replied to the customer.
    pub first_answered_at: Option<DateTime<Utc>>,
    /// When the ticket was last resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When the ticket was closed or rejected.
    pub closed_at: Option<DateTime<Utc>>,
    /// When the ticket was created.
    pub created_at: DateTime<Utc>,
    /// When the ticket was last changed or commented on.
    pub updated_at: DateTime<Utc>,
    /// The release that the ticket waits for, or the one that was last provided in it.
    pub release_id: Option<i64>,
    /// The planned date of the release it waits for, as its people were told.
    pub release_planned_on: Option<NaiveDate>,
    /// What runs against support.
    pub clocks: StoredClocks,
    /// When the open clock is, or was, due; far away where none is.
    pub due_at: DateTime<Utc>,
    /// When support is next to be told of a deadline.
    pub alert_at: Option<DateTime<Utc>>,
    /// The place in the queue; none where no clock runs.
    pub queue_rank: Option<DateTime<Utc>>,
    /// By which version of the settings its clocks were computed; none where none is open.
    pub clocks_version: Option<i32>,
    /// When it last entered feedback, as long as it is there.
    pub feedback_since: Option<DateTime<Utc>>,
    /// When the system closes it, unless the customer answers.
    pub closes_at: Option<DateTime<Utc>>,
    /// When the customer is reminded next.
    pub remind_at: Option<DateTime<Utc>>,
    /// How many events it has.
    pub head_seq: i64,
    /// The keyed hash over the last of them.
    pub head_hash: Vec<u8>,
}

impl From<&TicketRow> for ChainEnd {
    fn from(row: &TicketRow) -> Self {
        Self {
            ticket_id: row.id,
            company_id: row.company_id,
            head_seq: row.head_seq,
            head_hash: row.head_hash.clone(),
        }
    }
}

/// A `where` clause on tickets.
pub type Condition = db::Condition<tickets::table>;

impl TicketRow {
    /// Whether `caller` may know of a ticket.
    ///
    /// # Errors
    /// `NotFound` where not.
    pub fn check_visible(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<()> {
        Self::status(id, caller, conn).map(|_| ())
    }

    /// The stage a ticket has reached, if `caller` may know of it.
    ///
    /// # Errors
    /// `NotFound` where not.
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

/// Whether a ticket would become its own ancestor under this parent. Parents within one company
/// change one after the other, so that two changes at once make no circle either.
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

/// Whether a ticket of a company has this number of the customer's own.
pub fn is_external_ref_taken(
    company_id: i64,
    external_ref: &str,
    conn: &mut PgConnection,
) -> QueryResult<bool> {
    let taken = tickets::table
        .filter(tickets::company_id.eq(company_id))
        .filter(tickets::external_ref.eq(external_ref.trim()));
    diesel::select(diesel::dsl::exists(taken)).get_result(conn)
}

/// What a violated constraint of tickets says about the request.
pub fn map_constraint(error: DbError) -> Problem {
    let field = |pointer, code| RuleViolation::field(pointer, code).into();
    match violated_constraint(&error) {
        Some("tickets_external_ref_key") => Problem::new(Code::ExternalRefTaken),
        Some("tickets_parent") => field("/parent_id", FieldCode::NotFound),
        Some("tickets_parent_not_itself") => field("/parent_id", FieldCode::Circular),
        Some("tickets_duplicate_of") => field("/duplicate_of", FieldCode::NotFound),
        Some("tickets_duplicate_not_itself") => field("/duplicate_of", FieldCode::Circular),
        Some(_) | None => error.into(),
    }
}
