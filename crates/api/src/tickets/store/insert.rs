//! How a new ticket is written.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::ticket::Ticket;
use domain::{Complexity, Impact, Party, Priority, Status, Tracker, Urgency};

use crate::db::schema::tickets;
use crate::db::string_enum::DbEnum;
use crate::problem::Problem;
use crate::tickets::store::columns::{ClockColumns, SubjectColumns};
use crate::tickets::store::texts::{TicketTexts, WithTexts};
use crate::tickets::store::{TicketRow, map_constraint};

#[derive(Insertable)]
#[diesel(table_name = tickets, treat_none_as_default_value = false)]
struct NewTicket<'a> {
    project_id: i64,
    company_id: i64,
    direction_id: i64,
    product_id: Option<i64>,
    product_name: Option<&'a str>,
    serial_number: Option<&'a str>,
    external_ref: Option<&'a str>,
    tracker: DbEnum<Tracker>,
    status: DbEnum<Status>,
    priority: DbEnum<Priority>,
    impact: Option<DbEnum<Impact>>,
    urgency: Option<DbEnum<Urgency>>,
    complexity: DbEnum<Complexity>,
    author_id: i64,
    assignee_id: Option<i64>,
    parent_id: Option<i64>,
    not_duplicate_of: &'a [i64],
    needs_action_from: DbEnum<Party>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    #[diesel(embed)]
    subject: SubjectColumns<'a>,
    #[diesel(embed)]
    clocks: ClockColumns,
}

/// Writes a ticket that is filed, and gives it its number.
///
/// # Errors
/// `external_ref_taken`; a field error where what it refers to is of another company.
pub fn insert(ticket: &Ticket, conn: &mut PgConnection) -> Result<TicketRow, Problem> {
    let row = NewTicket {
        project_id: ticket.project_id,
        company_id: ticket.company_id,
        direction_id: ticket.direction_id,
        product_id: ticket.product.id,
        product_name: ticket.product.name.as_deref(),
        serial_number: ticket.serial_number.as_deref(),
        external_ref: ticket.external_ref.as_deref(),
        tracker: DbEnum(ticket.tracker),
        status: DbEnum(ticket.status),
        priority: DbEnum(ticket.grade.priority),
        impact: ticket.impact.map(DbEnum),
        urgency: ticket.urgency.map(DbEnum),
        complexity: DbEnum(ticket.grade.complexity),
        author_id: ticket.author_id,
        assignee_id: ticket.assignee_id,
        parent_id: ticket.parent_id,
        not_duplicate_of: &ticket.not_duplicate_of,
        needs_action_from: DbEnum(ticket.needs_action_from()),
        created_at: ticket.times.created_at,
        updated_at: ticket.times.updated_at,
        subject: SubjectColumns::from(ticket),
        clocks: ClockColumns::from(ticket),
    };
    let insert =
        diesel::insert_into(tickets::table).values(row).returning(TicketRow::as_returning());
    let texts = TicketTexts::from(&ticket.texts);
    WithTexts { insert, texts: &texts }.get_result(conn).map_err(map_constraint)
}
