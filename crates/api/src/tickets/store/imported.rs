//! Tickets that an import writes: in full, with their original numbers.

use diesel::prelude::*;
use domain::ticket::Ticket;

use crate::db::json::DbJson;
use crate::db::schema::{ticket_texts, tickets};
use crate::db::string_enum::DbEnum;
use crate::problem::Problem;
use crate::tickets::store::texts::TicketTexts;
use crate::tickets::store::{TicketRow, columns, map_constraint};

/// Writes a ticket that is not there yet.
pub fn insert(ticket: &Ticket, conn: &mut PgConnection) -> Result<(), Problem> {
    let place = (
        tickets::id.eq(ticket.id),
        tickets::project_id.eq(ticket.project_id),
        tickets::company_id.eq(ticket.company_id),
        tickets::direction_id.eq(ticket.direction_id),
        tickets::product_id.eq(ticket.product.id),
        tickets::product_name.eq(ticket.product.name.as_deref()),
        tickets::serial_number.eq(ticket.serial_number.as_deref()),
        tickets::tracker.eq(DbEnum(ticket.tracker)),
        tickets::priority.eq(DbEnum(ticket.grade.priority)),
        tickets::complexity.eq(DbEnum(ticket.grade.complexity)),
        tickets::subject.eq(&ticket.texts.subject),
        tickets::words.eq(columns::words(ticket)),
        tickets::author_id.eq(ticket.author_id),
        tickets::assignee_id.eq(ticket.assignee_id),
        tickets::parent_id.eq(ticket.parent_id),
    );
    let state = (
        tickets::status.eq(DbEnum(ticket.status)),
        tickets::close_reason.eq(ticket.reasons.close.map(DbEnum)),
        tickets::is_answer_due.eq(ticket.is_answer_due),
        tickets::needs_action_from.eq(DbEnum(ticket.needs_action_from())),
        tickets::review_on.eq(ticket.review.on),
        tickets::release_id.eq(ticket.release_id),
        tickets::release_planned_on.eq(ticket.release_planned_on),
        tickets::feedback_since.eq(ticket.feedback.since),
        tickets::closes_at.eq(ticket.feedback.closes_at),
        tickets::remind_at.eq(ticket.feedback.remind_at),
        tickets::clocks.eq(DbJson(ticket.clocks.clone())),
        tickets::clocks_version.eq(ticket.deadlines.settings_version),
        tickets::due_at.eq(ticket.deadlines.due_at),
        tickets::alert_at.eq(ticket.deadlines.alert_at),
        tickets::queue_rank.eq(ticket.deadlines.queue_rank),
    );
    let times = (
        tickets::accepted_at.eq(ticket.times.accepted_at),
        tickets::first_answered_at.eq(ticket.times.first_answered_at),
        tickets::resolved_at.eq(ticket.times.resolved_at),
        tickets::closed_at.eq(ticket.times.closed_at),
        tickets::created_at.eq(ticket.times.created_at),
        tickets::updated_at.eq(ticket.times.updated_at),
    );
    let row = diesel::insert_into(tickets::table).values((place, state, times));
    row.execute(conn).map_err(map_constraint)?;
    let texts = TicketTexts::from(&ticket.texts);
    diesel::insert_into(ticket_texts::table)
        .values((
            ticket_texts::ticket_id.eq(ticket.id),
            ticket_texts::description.eq(&texts.description),
            ticket_texts::software_version.eq(&texts.software_version),
        ))
        .execute(conn)?;
    Ok(())
}

/// Writes a ticket over the one that is there.
pub fn overwrite(ticket: &Ticket, conn: &mut PgConnection) -> Result<(), Problem> {
    let row = diesel::update(tickets::table.find(ticket.id));
    row.set((
        (columns::revision(ticket), columns::step(ticket), columns::entry(ticket)),
        (
            tickets::project_id.eq(ticket.project_id),
            tickets::direction_id.eq(ticket.direction_id),
            tickets::product_id.eq(ticket.product.id),
            tickets::product_name.eq(ticket.product.name.as_deref()),
            tickets::tracker.eq(DbEnum(ticket.tracker)),
            tickets::priority.eq(DbEnum(ticket.grade.priority)),
            tickets::parent_id.eq(ticket.parent_id),
            tickets::serial_number.eq(ticket.serial_number.as_deref()),
            tickets::author_id.eq(ticket.author_id),
            tickets::created_at.eq(ticket.times.created_at),
        ),
        (columns::subject(ticket), columns::clocks(ticket)),
    ))
    .execute(conn)
    .map_err(map_constraint)?;
    TicketTexts::from(&ticket.texts).save(ticket.id, conn)?;
    Ok(())
}

/// A ticket with its texts, locked; none where there is none.
pub fn lock(id: i64, conn: &mut PgConnection) -> QueryResult<Option<Ticket>> {
    let row = TicketRow::query().filter(tickets::id.eq(id)).for_no_key_update();
    let Some(row) = row.first::<TicketRow>(conn).optional()? else { return Ok(None) };
    let texts: TicketTexts =
        TicketTexts::query().filter(ticket_texts::ticket_id.eq(id)).first(conn)?;
    Ok(Some(row.with_texts(texts)))
}

/// A ticket with its texts, as it is now.
pub fn with_texts(id: i64, conn: &mut PgConnection) -> QueryResult<Option<Ticket>> {
    let row: Option<(TicketRow, TicketTexts)> = tickets::table
        .inner_join(ticket_texts::table)
        .filter(tickets::id.eq(id))
        .select((TicketRow::as_select(), TicketTexts::as_select()))
        .first(conn)
        .optional()?;
    Ok(row.map(|(row, texts)| row.with_texts(texts)))
}

/// Which of some tickets there are.
pub fn present(ids: &[i64], conn: &mut PgConnection) -> QueryResult<Vec<(i64, i64)>> {
    tickets::table
        .filter(tickets::id.eq_any(ids))
        .select((tickets::id, tickets::company_id))
        .load(conn)
}
