//! Writes new tickets.

use diesel::prelude::*;
use domain::similarity::Fingerprint;
use domain::ticket::Ticket;

use crate::db::json::DbJson;
use crate::db::schema::tickets;
use crate::db::string_enum::DbEnum;
use crate::problem::Problem;
use crate::tickets::store::map_constraint;
use crate::tickets::store::texts::{Filed, TicketTexts, WithTexts};

/// Writes a ticket that is filed; returns it with its number.
/// Errors: `external_ref_taken`; a field error where what it refers to is of another company.
pub fn insert(
    ticket: Ticket,
    fingerprint: &Fingerprint,
    conn: &mut PgConnection,
) -> Result<Ticket, Problem> {
    let columns = (
        tickets::project_id.eq(ticket.project_id),
        tickets::company_id.eq(ticket.company_id),
        tickets::direction_id.eq(ticket.direction_id),
        tickets::product_id.eq(ticket.product.id),
        tickets::product_name.eq(ticket.product.name.as_deref()),
        tickets::serial_number.eq(ticket.serial_number.as_deref()),
        tickets::external_ref.eq(ticket.external_ref.as_deref()),
        tickets::needs_details.eq(ticket.needs_details),
        tickets::tracker.eq(DbEnum(ticket.tracker)),
        tickets::status.eq(DbEnum(ticket.status)),
        tickets::priority.eq(DbEnum(ticket.grade.priority)),
        tickets::impact.eq(ticket.impact.map(DbEnum)),
        tickets::urgency.eq(ticket.urgency.map(DbEnum)),
        tickets::complexity.eq(DbEnum(ticket.grade.complexity)),
        tickets::subject.eq(&ticket.texts.subject),
        tickets::words.eq(fingerprint.as_slice()),
        tickets::author_id.eq(ticket.author_id),
        tickets::assignee_id.eq(ticket.assignee_id),
        tickets::parent_id.eq(ticket.parent_id),
        tickets::not_duplicate_of.eq(&ticket.not_duplicate_of),
        tickets::needs_action_from.eq(DbEnum(ticket.needs_action_from())),
        tickets::clocks.eq(DbJson(ticket.clocks.clone())),
        tickets::turns.eq(ticket.turns.map(DbJson)),
        tickets::clocks_version.eq(ticket.deadlines.settings_version),
        tickets::due_at.eq(ticket.deadlines.due_at),
        tickets::alert_at.eq(ticket.deadlines.alert_at),
        tickets::queue_rank.eq(ticket.deadlines.queue_rank),
        tickets::created_at.eq(ticket.times.created_at),
        tickets::updated_at.eq(ticket.times.updated_at),
    );
    let insert = diesel::insert_into(tickets::table).values(columns).returning(tickets::id);
    let texts = TicketTexts::from(&ticket.texts);
    let filed = Filed {
        at: ticket.times.created_at,
        company_id: ticket.company_id,
        project_id: ticket.project_id,
        assignee_id: ticket.assignee_id,
    };
    let id = WithTexts { insert, texts: &texts, filed }.get_result(conn).map_err(map_constraint)?;
    Ok(Ticket { id, ..ticket })
}
