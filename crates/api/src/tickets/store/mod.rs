//! The rows of tickets.

pub(crate) mod actor;
pub(crate) mod changes;
pub(crate) mod clocks;
pub(crate) mod texts;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::Error as DbError;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use domain::attention::needs_action_from;
use domain::review::review_on;
use domain::similarity::Fingerprint;
use domain::sla::Rules;
use domain::{
    CloseReason, Complexity, FieldCode, Impact, Party, Priority, RefusalReason, RuleViolation,
    Status, Tracker, TransitionFields, Urgency, WaitingOn,
};

use crate::db;
use crate::db::schema::{comments, tickets};
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::problem::{Code, Problem, violated_constraint};
use crate::releases::store::ReleaseRow;
use crate::tickets::store::clocks::StoredClocks;

/// A ticket as it is stored.
#[derive(Debug, Clone, PartialEq, HasQuery, AsChangeset)]
#[diesel(table_name = tickets, treat_none_as_null = true)]
pub struct TicketRow {
    pub id: i64,
    /// Rises with every change.
    pub version: i32,
    /// Where it was filed.
    pub project_id: i64,
    pub company_id: i64,
    pub direction_id: i64,
    pub product_id: Option<i64>,
    /// or its name where the catalogue does not have it.
    pub product_name: Option<String>,
    /// What kind of request it is.
    pub tracker: DbEnum<Tracker>,
    /// The stage it has reached.
    pub status: DbEnum<Status>,
    /// How urgent it is.
    pub priority: DbEnum<Priority>,
    /// What the problem does to the service, where the priority follows from it.
    pub impact: Option<DbEnum<Impact>>,
    /// How soon help is needed, where the priority follows from it.
    pub urgency: Option<DbEnum<Urgency>>,
    /// How hard the answer is.
    pub complexity: DbEnum<Complexity>,
    /// The problem in short.
    pub subject: String,
    pub serial_number: Option<String>,
    /// The customer's own number.
    pub external_ref: Option<String>,
    /// Who filed it, or on whose behalf it was filed.
    pub author_id: i64,
    /// The colleague who took over from an author who left.
    pub contact_id: Option<i64>,
    /// Who works on it.
    pub assignee_id: Option<i64>,
    /// The ticket it belongs to.
    pub parent_id: Option<i64>,
    /// By which near duplicates are found.
    pub words: Vec<i32>,
    /// Open tickets that its author told apart from it.
    pub not_duplicate_of: Vec<i64>,
    /// Why it was closed.
    pub close_reason: Option<DbEnum<CloseReason>>,
    /// Why it was rejected.
    pub refusal_reason: Option<DbEnum<RefusalReason>>,
    /// The ticket it repeats.
    pub duplicate_of: Option<i64>,
    /// What it waits for.
    pub waiting_on: Option<DbEnum<WaitingOn>>,
    /// When the customer confirmed the solution.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// How content the customer was, 1 to 5.
    pub rating: Option<i16>,
    /// The customer has written something that is not answered yet.
    pub is_answer_due: bool,
    /// Who has to act.
    pub needs_action_from: DbEnum<Party>,
    /// When a waiting ticket is looked at again.
    pub review_on: Option<NaiveDate>,
    /// When it first left `new` for work.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When support first wrote to the customer.
    pub first_answered_at: Option<DateTime<Utc>>,
    /// When it was last resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When it was closed or rejected.
    pub closed_at: Option<DateTime<Utc>>,
    /// When it was filed.
    pub created_at: DateTime<Utc>,
    /// When it last changed, or something was said in it.
    pub updated_at: DateTime<Utc>,
    /// The release that it waits for, or the one that was handed out in it last.
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
}

/// A ticket that was locked, with what a move has to know beside its row.
#[derive(Debug, Clone)]
pub struct LockedTicket {
    pub row: TicketRow,
    /// A child is neither closed nor rejected.
    pub has_open_children: bool,
    /// The ticket that a request says it repeats is one of the same company.
    pub is_duplicate_known: bool,
    /// The comment that a request names as the confirmation is a public one of the customer.
    pub is_confirmed_by_comment: bool,
    /// The release of its product that a request names, or that it is to wait for.
    pub release: Option<ReleaseRow>,
}

impl From<TicketRow> for LockedTicket {
    /// A ticket of which nothing but its row has to be known.
    fn from(row: TicketRow) -> Self {
        Self {
            row,
            has_open_children: false,
            is_duplicate_known: false,
            is_confirmed_by_comment: false,
            release: None,
        }
    }
}

/// A `where` clause on tickets.
pub type Condition = db::Condition<tickets::table>;

/// The tickets that `caller` may know of; the others do not exist for them.
pub fn visible_to(caller: &Caller) -> Condition {
    match caller.company_id {
        Some(company_id) => Box::new(tickets::company_id.eq(company_id)),
        None => Box::new(tickets::id.gt(0)),
    }
}

impl TicketRow {
    /// One ticket, if `caller` may know of it, locked until the transaction ends.
    pub fn lock(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query()
            .filter(tickets::id.eq(id))
            .filter(visible_to(caller))
            .for_no_key_update()
            .first(conn)
    }

    /// The same, with what a move has to know about what was given with it.
    pub fn lock_for_transition(
        id: i64,
        given: &TransitionFields,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> QueryResult<LockedTicket> {
        let (children, originals) = diesel::alias!(tickets as children, tickets as originals);
        let open_children = children
            .filter(children.field(tickets::parent_id).eq(tickets::id.nullable()))
            .filter(children.field(tickets::is_open));
        let duplicates = originals
            .filter(originals.field(tickets::id).nullable().eq(given.duplicate_of))
            .filter(originals.field(tickets::company_id).eq(tickets::company_id));
        let confirmations = comments::table
            .inner_join(crate::db::schema::users::table)
            .filter(comments::id.nullable().eq(given.confirmation_comment_id))
            .filter(comments::ticket_id.eq(tickets::id))
            .filter(comments::is_internal.eq(false))
            .filter(crate::db::schema::users::role.eq(domain::Role::Customer.as_str()));
        let (row, has_open_children, is_duplicate_known, is_confirmed_by_comment) = tickets::table
            .filter(tickets::id.eq(id))
            .filter(visible_to(caller))
            .select((
                Self::as_select(),
                diesel::dsl::exists(open_children),
                diesel::dsl::exists(duplicates),
                diesel::dsl::exists(confirmations),
            ))
            .for_no_key_update()
            .first(conn)?;
        Ok(LockedTicket {
            row,
            has_open_children,
            is_duplicate_known,
            is_confirmed_by_comment,
            release: None,
        })
    }

    /// Lets the ticket wait for a release, as it is planned now; without one it is looked at
    /// again in some days.
    pub fn wait_for(&mut self, release: Option<&ReleaseRow>, now: DateTime<Utc>, rules: &Rules) {
        let planned_on = release.and_then(|it| it.planned_on);
        self.release_id = release.map(|it| it.id);
        self.release_planned_on = planned_on;
        self.review_on = domain::release::review_on(planned_on, rules.calendar.day(now))
            .or_else(|| review_on(Status::AwaitingRelease, now, rules));
    }

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
            .filter(visible_to(caller))
            .select(tickets::status)
            .first(conn)?;
        Ok(status.0)
    }

    /// Writes the row. The version rises where its history tells of a change; a comment alone
    /// only shows in `updated_at`.
    ///
    /// # Errors
    /// `external_ref_taken`; a field error where what the ticket refers to is of another
    /// company.
    pub fn save(
        &mut self,
        is_changed: bool,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> Result<(), Problem> {
        self.version += i32::from(is_changed);
        self.updated_at = now;
        let is_confirmed = self.confirmed_at.is_some();
        let party = needs_action_from(self.status.0, is_confirmed, self.is_answer_due);
        self.needs_action_from = DbEnum(party);
        diesel::update(tickets::table.find(self.id)).set(&*self).execute(conn).map_err(refused)?;
        Ok(())
    }

    /// Notes that something was done in the ticket, which changes nothing of the ticket itself.
    pub fn touch(&self, now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<()> {
        let ticket = diesel::update(tickets::table.find(self.id));
        ticket.set(tickets::updated_at.eq(now)).execute(conn)?;
        Ok(())
    }

    /// The open children, of which at most so many are named to somebody who wants to close.
    pub fn open_children(&self, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
        tickets::table
            .filter(tickets::parent_id.eq(self.id))
            .filter(tickets::is_open)
            .order(tickets::id)
            .limit(20)
            .select(tickets::id)
            .load(conn)
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

/// How many open tickets of a company on a product a new one is compared with.
const COMPARED: i64 = 500;

diesel::define_sql_function! {
    /// A text in lower case.
    fn lower(text: Nullable<Text>) -> Nullable<Text>;
}

/// The tickets of a company on a product of the catalogue, or on one that the company named.
fn on_product<'a>(
    company_id: i64,
    product_id: Option<i64>,
    product_name: Option<&str>,
) -> tickets::BoxedQuery<'a, Pg> {
    let query = tickets::table.filter(tickets::company_id.eq(company_id)).into_boxed();
    match product_id {
        Some(product_id) => query.filter(tickets::product_id.eq(product_id)),
        None => {
            let name = product_name.map(|it| it.trim().to_lowercase());
            query
                .filter(tickets::product_id.is_null())
                .filter(lower(tickets::product_name).eq(name))
        }
    }
}

/// The newest open tickets of a company on a product, to be compared with a request (3.4.1.4).
pub fn open_fingerprints(
    company_id: i64,
    product_id: Option<i64>,
    product_name: Option<&str>,
    conn: &mut PgConnection,
) -> QueryResult<Vec<(i64, Fingerprint)>> {
    let rows: Vec<(i64, Vec<i32>)> = on_product(company_id, product_id, product_name)
        .filter(tickets::is_open)
        .order(tickets::id.desc())
        .limit(COMPARED)
        .select((tickets::id, tickets::words))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, words)| (id, Fingerprint::stored(words))).collect())
}

/// The newest solved tickets of a company on a product: their number, subject and fingerprint.
pub fn solved_fingerprints(
    company_id: i64,
    product_id: Option<i64>,
    product_name: Option<&str>,
    conn: &mut PgConnection,
) -> QueryResult<Vec<(i64, String, Fingerprint)>> {
    const SOLVED: [&str; 2] = [Status::Resolved.as_str(), Status::Closed.as_str()];
    let rows: Vec<(i64, String, Vec<i32>)> = on_product(company_id, product_id, product_name)
        .filter(tickets::status.eq_any(SOLVED))
        .order((tickets::created_at.desc(), tickets::id.desc()))
        .limit(COMPARED)
        .select((tickets::id, tickets::subject, tickets::words))
        .load(conn)?;
    let print = |(id, subject, words)| (id, subject, Fingerprint::stored(words));
    Ok(rows.into_iter().map(print).collect())
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
pub fn refused(error: DbError) -> Problem {
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
