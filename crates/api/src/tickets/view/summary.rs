//! How tickets are answered in a list.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::{ClockKind, Party, Priority, Status, Timestamp, Tracker};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::cut::Cut;
use crate::db::schema::{companies, directions, products, tickets, users};
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::refs::Ref;
use crate::projects::view::project_name;
use crate::tickets::store::clocks::StoredClocks;
use crate::tickets::view::sla::TicketSla;
use crate::visibility::known::Known;

/// A ticket in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketSummary {
    /// The number of the ticket, as people quote it.
    pub id: i64,
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
    /// Where the ticket stands in its life (2.5).
    pub status: Status,
    /// The priority, as given or as derived from impact and urgency.
    pub priority: Priority,
    /// A short summary of the problem.
    pub subject: String,
    /// Who created the ticket.
    pub author: Ref,
    /// The engineer who works on it.
    pub assignee: Option<Ref>,
    /// The ticket of which this one is a part.
    pub parent_id: Option<i64>,
    /// Who has to act now.
    pub needs_action_from: Party,
    /// When the customer confirmed the solution.
    pub confirmed_at: Option<Timestamp>,
    /// When the ticket was created.
    pub created_at: Timestamp,
    /// When the ticket was last changed or commented on.
    pub updated_at: Timestamp,
    /// The deadlines for accepting and answering the ticket (2.4).
    pub sla: TicketSla,
    /// When the running clock is due; far away where none runs.
    #[serde(skip)]
    pub due_at: Timestamp,
    /// The place in the queue.
    #[serde(skip)]
    pub queue_rank: Option<Timestamp>,
    /// The clock that runs at present.
    #[serde(skip)]
    pub running_clock: Option<ClockKind>,
    /// What it is ordered by when priority decides.
    #[serde(skip)]
    pub priority_rank: i16,
}

#[derive(Queryable)]
struct SummaryRow {
    id: i64,
    project_id: i64,
    company: (i64, String),
    direction: String,
    product: Option<(i64, String)>,
    product_name: Option<String>,
    tracker: DbEnum<Tracker>,
    status: DbEnum<Status>,
    priority: (DbEnum<Priority>, i16),
    subject: String,
    author: (i64, String, String),
    assignee: Option<(i64, String, String)>,
    parent_id: Option<i64>,
    needs_action_from: DbEnum<Party>,
    confirmed_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    clocks: StoredClocks,
    due_at: DateTime<Utc>,
    queue_rank: Option<DateTime<Utc>>,
}

impl TicketSummary {
    fn new(row: SummaryRow, caller: &Caller) -> Self {
        let clocks = row.clocks.0;
        let person = |(id, first, last): (i64, String, String)| Ref::person(id, &first, &last);
        Self {
            id: row.id,
            project: Ref::new(row.project_id, project_name(&row.company.1, &row.direction)),
            company: Ref::new(row.company.0, row.company.1),
            product: row.product.map(|(id, name)| Ref::new(id, name)),
            product_name: row.product_name,
            tracker: row.tracker.0,
            status: row.status.0,
            priority: row.priority.0.0,
            subject: row.subject,
            author: person(row.author),
            assignee: row.assignee.map(person),
            parent_id: row.parent_id,
            needs_action_from: row.needs_action_from.0,
            confirmed_at: row.confirmed_at.map(Timestamp),
            created_at: row.created_at.into(),
            updated_at: row.updated_at.into(),
            sla: TicketSla::new(&clocks, caller.now, &caller.rules),
            due_at: row.due_at.into(),
            queue_rank: row.queue_rank.map(Timestamp),
            running_clock: clocks.running().map(|it| it.kind),
            priority_rank: row.priority.1,
        }
    }
}

impl TicketSummary {
    /// The tickets that `page` selects, in one statement and in no order: a page is small, and
    /// is put in order by who knows it.
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
            .filter(page.has(tickets::id))
            .select((
                tickets::id,
                tickets::project_id,
                (companies::id, companies::name),
                directions::name,
                (products::id, products::name).nullable(),
                tickets::product_name,
                tickets::tracker,
                tickets::status,
                (tickets::priority, tickets::priority_rank),
                tickets::subject,
                authors.fields(named),
                assignees.fields(named).nullable(),
                tickets::parent_id,
                tickets::needs_action_from,
                tickets::confirmed_at,
                tickets::created_at,
                tickets::updated_at,
                tickets::clocks,
                tickets::due_at,
                tickets::queue_rank,
            ))
            .load(conn)?;
        let known = Known::among(rows.iter().filter_map(|it| it.parent_id), &caller.viewer, conn)?;
        for row in &mut rows {
            row.parent_id = known.only(row.parent_id);
        }
        Ok(rows.into_iter().map(|it| Self::new(it, caller)).collect())
    }
}
