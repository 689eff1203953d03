//! Locks tickets before they are changed, always in the order of their numbers, so that two requests never
//! wait for each other. Rows are locked in one order everywhere: tickets, then the turn of automatic
//! assignment, then people.
//!
//! A parent is locked both for closing it and for giving it another open child, so that each sees what
//! the other has done.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::result::Error as DbError;
use diesel::sql_types::{BigInt, Nullable};
use domain::ticket::Ticket;

use crate::db::schema::{ticket_texts, tickets};
use crate::http::caller::Caller;
use crate::tickets::store::TicketRow;
use crate::tickets::store::texts::TicketTexts;
use crate::visibility;

/// One ticket, if `caller` may see it, locked until the transaction ends;
/// without its long texts.
pub fn lock(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<Ticket> {
    let row: TicketRow = TicketRow::query()
        .filter(tickets::id.eq(id))
        .filter(visibility::tickets(&caller.viewer))
        .for_no_key_update()
        .first(conn)?;
    Ok(row.into())
}

/// A ticket, and another one, if `caller` may see that, too.
pub fn lock_two(
    id: i64,
    other_id: i64,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<(Ticket, Option<Ticket>)> {
    let rows: Vec<TicketRow> = TicketRow::query()
        .filter(tickets::id.eq_any([id, other_id]))
        .filter(visibility::tickets(&caller.viewer))
        .order(tickets::id)
        .for_no_key_update()
        .load(conn)?;
    let find = |id| rows.iter().find(|it| it.id == id).cloned().map(Ticket::from);
    Ok((find(id).ok_or(diesel::NotFound)?, find(other_id)))
}

/// A ticket for somebody who may reopen a finished one, which gives its parent an open child. If the ticket
/// was finished or moved to another parent while this waited, it is released and locked again after its parent.
pub fn lock_for_reopening(
    id: i64,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Ticket> {
    lock_for_reopening_under(id, None, caller, conn)
}

/// The same for somebody who gives it another parent, too, which is locked as well.
pub fn lock_for_reopening_under(
    id: i64,
    parent_id: Option<i64>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Ticket> {
    retry_until_complete(conn, |conn| lock_with_parents(id, parent_id, caller, conn))
}

/// Locks rows that can only be named before they are locked: if others have come meanwhile, `lock` returns
/// `RollbackTransaction`, all are released and locked again.
pub fn retry_until_complete<T>(
    conn: &mut PgConnection,
    mut lock: impl FnMut(&mut PgConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    loop {
        let locked = conn.transaction(&mut lock);
        if !matches!(locked, Err(DbError::RollbackTransaction)) {
            return locked;
        }
    }
}

fn lock_with_parents(
    id: i64,
    parent_id: Option<i64>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Ticket> {
    let parent =
        sql::<Nullable<BigInt>>("(select parent_id from tickets where not is_open and id = ")
            .bind::<BigInt, _>(id)
            .sql(")");
    let rows: Vec<TicketRow> = TicketRow::query()
        .filter(
            tickets::id
                .eq(id)
                .or(tickets::id.nullable().eq(parent_id).assume_not_null())
                .or(tickets::id.nullable().eq(parent).assume_not_null()),
        )
        .filter(visibility::tickets(&caller.viewer))
        .order(tickets::id)
        .for_no_key_update()
        .load(conn)?;
    let locked: Vec<i64> = rows.iter().map(|it| it.id).collect();
    let ticket = Ticket::from(rows.into_iter().find(|it| it.id == id).ok_or(diesel::NotFound)?);
    let is_parent_free = ticket.parent_id.is_some_and(|it| !locked.contains(&it));
    if is_parent_free && ticket.status.is_final() {
        return Err(DbError::RollbackTransaction);
    }
    Ok(ticket)
}

/// The same with the long texts, which are locked, too, and with the future parent.
pub fn lock_for_edit(
    id: i64,
    parent_id: Option<i64>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Ticket> {
    let rows: Vec<(TicketRow, TicketTexts)> = tickets::table
        .inner_join(ticket_texts::table)
        .filter(tickets::id.eq(id).or(tickets::id.nullable().eq(parent_id).assume_not_null()))
        .filter(visibility::tickets(&caller.viewer))
        .order(tickets::id)
        .select((TicketRow::as_select(), TicketTexts::as_select()))
        .for_no_key_update()
        .load(conn)?;
    let found = rows.into_iter().find(|(row, _)| row.id == id);
    found.map(|(row, texts)| row.with_texts(texts)).ok_or(diesel::NotFound)
}

/// The ticket that a new one is to be filed under, if there is one that `caller` may see: before anything
/// else of the request is looked up, since that locks its assignee.
pub fn lock_parent(
    parent_id: Option<i64>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let Some(parent_id) = parent_id else { return Ok(()) };
    let parent = tickets::table
        .filter(tickets::id.eq(parent_id))
        .filter(visibility::tickets(&caller.viewer))
        .select(tickets::id)
        .for_no_key_update();
    parent.first::<i64>(conn).optional().map(|_| ())
}
