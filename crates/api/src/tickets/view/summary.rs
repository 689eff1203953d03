//! How tickets are shown in a list.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::clocks::Clocks;
use domain::ticket::{Thing, Times};
use domain::{ClockKind, Party, Priority, Status, Timestamp, Tracker, WaitingOn};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::cut::Cut;
use crate::db::json::DbJson;
use crate::db::schema::{companies, directions, products, releases, tickets, users};
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::refs::{Person, PersonColumns, Ref};
use crate::names::{Names, TicketRef};
use crate::projects::view::project_name;
use crate::tickets::view::counted::{comments_count, unread_comments};
use crate::tickets::view::release::{ReleaseColumns, TicketRelease};
use crate::tickets::view::sla::{TicketSla, solved_in};
use crate::visibility::known::Known;

/// A ticket in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketSummary {
    /// The number of the ticket, as people quote it.
    pub id: i64,
    /// The version number, incremented with every change of the ticket, but not with a comment.
    pub version: i32,
    /// The project that the ticket was created in.
    pub project: Ref,
    /// The company of the project.
    pub company: Ref,
    /// The product; null if it is not in the catalogue.
    pub product: Option<Ref>,
    /// The name of the product as the customer gave it, if it is not in the catalogue.
    pub product_name: Option<String>,
    /// The tracker: the kind of request.
    pub tracker: Tracker,
    /// The code of the status (2.5).
    pub status: Status,
    /// The priority, as given or as derived from impact and urgency.
    pub priority: Priority,
    /// A short summary of the problem.
    pub subject: String,
    /// Who created the ticket.
    pub author: Person,
    /// The engineer who works on it.
    pub assignee: Option<Ref>,
    /// The ticket of which this one is a part.
    pub parent: Option<TicketRef>,
    /// The customer's own reference.
    pub external_ref: Option<String>,
    /// Who has to act now.
    pub needs_action_from: Party,
    /// What the ticket waits for.
    pub waiting_on: Option<WaitingOn>,
    /// The date on which a waiting ticket is due for review.
    pub review_on: Option<NaiveDate>,
    /// Whether the review is due.
    pub review_due: bool,
    /// The release that the ticket waits for, or the one that was last provided in it.
    pub release: Option<TicketRelease>,
    /// When a ticket in `feedback` will be closed, unless the customer replies or a
    /// child is open (2.5).
    pub closes_at: Option<Timestamp>,
    /// When the customer confirmed the solution.
    pub confirmed_at: Option<Timestamp>,
    /// How satisfied the customer was, from 1 to 5.
    pub rating: Option<i16>,
    /// When support accepted the ticket.
    pub accepted_at: Option<Timestamp>,
    /// When support first replied to the customer.
    pub first_answered_at: Option<Timestamp>,
    /// When the ticket was last resolved.
    pub resolved_at: Option<Timestamp>,
    /// When the ticket was closed or rejected.
    pub closed_at: Option<Timestamp>,
    /// How long it took until the ticket was resolved, or closed without that, in working minutes.
    pub solved_in_working_minutes: Option<i64>,
    /// When the ticket was created.
    pub created_at: Timestamp,
    /// When the ticket was last changed or commented on.
    pub updated_at: Timestamp,
    /// The deadlines for accepting and answering the ticket (2.4).
    pub sla: TicketSla,
    /// The number of comments that the caller can read.
    pub comments_count: i64,
    /// The number of other people's comments that you have not read.
    pub unread_comments: i64,
    /// When the running clock is due; `NEVER` if none is running.
    #[serde(skip)]
    pub due_at: Timestamp,
    /// The place in the queue.
    #[serde(skip)]
    pub queue_rank: Option<Timestamp>,
    /// The clock that runs at present.
    #[serde(skip)]
    pub running_clock: Option<ClockKind>,
    /// Its rank in the order by priority.
    #[serde(skip)]
    pub priority_rank: i16,
}

#[derive(Queryable)]
struct SummaryRow {
    id: i64,
    version: i32,
    project_id: i64,
    company: (i64, String),
    direction: String,
    product: Option<(i64, String)>,
    product_name: Option<String>,
    tracker: DbEnum<Tracker>,
    status: DbEnum<Status>,
    priority: (DbEnum<Priority>, i16),
    subject: String,
    author: PersonColumns,
    assignee: Option<(i64, String, String)>,
    parent_id: Option<i64>,
    external_ref: Option<String>,
    needs_action_from: DbEnum<Party>,
    waiting: WaitingRow,
    confirmed_at: Option<DateTime<Utc>>,
    rating: Option<i16>,
    times: TimesRow,
    clocks: DbJson<Clocks>,
    due_at: DateTime<Utc>,
    queue_rank: Option<DateTime<Utc>>,
    comments: i64,
    unread: i64,
}

/// What a ticket waits for.
#[derive(Queryable)]
struct WaitingRow {
    on: Option<DbEnum<WaitingOn>>,
    review_on: Option<NaiveDate>,
    release: Option<ReleaseColumns>,
    closes_at: Option<DateTime<Utc>>,
}

#[derive(Queryable)]
struct TimesRow {
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    accepted_at: Option<DateTime<Utc>>,
    first_answered_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
}

impl From<TimesRow> for Times {
    fn from(row: TimesRow) -> Self {
        let TimesRow { created_at, updated_at, accepted_at, first_answered_at, .. } = row;
        let TimesRow { resolved_at, closed_at, .. } = row;
        Self { created_at, updated_at, accepted_at, first_answered_at, resolved_at, closed_at }
    }
}

impl TicketSummary {
    fn new(row: SummaryRow, names: &Names, caller: &Caller) -> Self {
        let clocks = row.clocks.0;
        let (rules, today) = (&caller.rules, caller.rules.calendar.day(caller.now));
        let WaitingRow { on, review_on, release, closes_at } = row.waiting;
        let person = |(id, first, last): (i64, String, String)| Ref::person(id, &first, &last);
        let times = Times::from(row.times);
        Self {
            id: row.id,
            version: row.version,
            project: Ref::new(row.project_id, project_name(&row.company.1, &row.direction)),
            company: Ref::new(row.company.0, row.company.1),
            product: row.product.map(|(id, name)| Ref::new(id, name)),
            product_name: row.product_name,
            tracker: row.tracker.0,
            status: row.status.0,
            priority: row.priority.0.0,
            subject: row.subject,
            author: row.author.into(),
            assignee: row.assignee.map(person),
            parent: row.parent_id.and_then(|it| names.ticket(it)),
            external_ref: row.external_ref,
            needs_action_from: row.needs_action_from.0,
            waiting_on: on.map(|it| it.0),
            review_on,
            review_due: review_on.is_some_and(|it| it <= today),
            release: release.map(TicketRelease::new),
            closes_at: closes_at.map(Timestamp),
            confirmed_at: row.confirmed_at.map(Timestamp),
            rating: row.rating,
            accepted_at: times.accepted_at.map(Timestamp),
            first_answered_at: times.first_answered_at.map(Timestamp),
            resolved_at: times.resolved_at.map(Timestamp),
            closed_at: times.closed_at.map(Timestamp),
            solved_in_working_minutes: solved_in(&times, row.status.0, rules),
            comments_count: row.comments,
            unread_comments: row.unread,
            created_at: times.created_at.into(),
            updated_at: times.updated_at.into(),
            sla: TicketSla::new(&clocks, caller.now, rules),
            due_at: row.due_at.into(),
            queue_rank: row.queue_rank.map(Timestamp),
            running_clock: clocks.running().map(|it| it.kind),
            priority_rank: row.priority.1,
        }
    }
}

impl TicketSummary {
    /// The tickets that `page` selects, in one statement and in no order: a page is small, and
    /// the caller sorts it.
    pub fn load(
        page: Cut<tickets::BoxedQuery<'_, Pg, BigInt>>,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<Self>> {
        let (authors, assignees) = diesel::alias!(users as authors, users as assignees);
        let named = (users::id, users::first_name, users::last_name);
        let mut rows: Vec<SummaryRow> = tickets::table
            .inner_join(companies::table)
            .inner_join(directions::table)
            .left_join(products::table)
            .inner_join(authors.on(authors.field(users::id).eq(tickets::author_id)))
            .left_join(assignees.on(assignees.field(users::id).nullable().eq(tickets::assignee_id)))
            .left_join(releases::table.on(releases::id.nullable().eq(tickets::release_id)))
            .filter(page.has(tickets::id))
            .select((
                tickets::id,
                tickets::version,
                tickets::project_id,
                (companies::id, companies::name),
                directions::name,
                (products::id, products::name).nullable(),
                tickets::product_name,
                tickets::tracker,
                tickets::status,
                (tickets::priority, tickets::priority_rank),
                tickets::subject,
                authors.fields((users::id, users::first_name, users::last_name, users::role)),
                assignees.fields(named).nullable(),
                tickets::parent_id,
                tickets::external_ref,
                tickets::needs_action_from,
                (
                    tickets::waiting_on,
                    tickets::review_on,
                    (releases::id, releases::version, releases::planned_on, releases::published_at)
                        .nullable(),
                    tickets::closes_at,
                ),
                tickets::confirmed_at,
                tickets::rating,
                (
                    tickets::created_at,
                    tickets::updated_at,
                    tickets::accepted_at,
                    tickets::first_answered_at,
                    tickets::resolved_at,
                    tickets::closed_at,
                ),
                tickets::clocks,
                tickets::due_at,
                tickets::queue_rank,
                comments_count(caller),
                unread_comments(caller),
            ))
            .load(conn)?;
        let known = Known::among(rows.iter().filter_map(|it| it.parent_id), &caller.viewer, conn)?;
        for row in &mut rows {
            row.parent_id = known.only(row.parent_id);
        }
        let parents = rows.iter().filter_map(|it| it.parent_id);
        let names = Names::of(parents.map(|it| (Thing::Ticket, it)), conn)?;
        Ok(rows.into_iter().map(|it| Self::new(it, &names, caller)).collect())
    }
}
