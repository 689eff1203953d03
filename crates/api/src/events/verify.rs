//! Whether the history of a ticket is the one that was written.

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use super::chain::{BrokenLink, Head, Link, Walk};
use super::key::ChainKey;
use crate::auth::Caller;
use crate::schema::{events, tickets};

/// How many events are held at once.
const BATCH: i64 = 500;

/// What a look at a whole history found.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryCheck {
    /// Whether every event is the one that was written, none is missing and none was added.
    pub intact: bool,
    /// The events that were looked at; customers are told of those that they can read.
    #[schema(minimum = 0)]
    pub events: i64,
    /// The first event that is not what was written, or is not there. Staff alone are told: its
    /// place would tell a customer how much is internal.
    #[schema(required = true)]
    pub first_broken: Option<BrokenLink>,
}

/// Walks the history of a ticket, in one view of the database.
///
/// # Errors
/// `NotFound` for a ticket that `caller` may not know of; a failure of the database.
pub fn verify(
    ticket_id: i64,
    key: &ChainKey,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<HistoryCheck> {
    conn.build_transaction().read_only().repeatable_read().run(|conn| {
        let head = Head::query()
            .filter(tickets::id.eq(ticket_id))
            .filter(crate::tickets::store::visible_to(caller))
            .first(conn)?;
        let first_broken = walk(&head, key, conn)?.err();
        let is_staff = caller.company_id.is_none();
        let events = count(ticket_id, is_staff, conn)?;
        Ok(HistoryCheck {
            intact: first_broken.is_none(),
            events,
            first_broken: first_broken.filter(|_| is_staff),
        })
    })
}

fn walk(
    head: &Head,
    key: &ChainKey,
    conn: &mut PgConnection,
) -> QueryResult<Result<(), BrokenLink>> {
    let mut walk = Walk::new(key, head);
    loop {
        let links: Vec<Link> = Link::query()
            .filter(events::ticket_id.eq(head.id))
            .filter(events::seq.gt(walk.seq()))
            .order((events::seq, events::id))
            .limit(BATCH)
            .load(conn)?;
        if links.is_empty() {
            break;
        }
        if let Err(broken) = links.iter().try_for_each(|it| walk.follow(it)) {
            return Ok(Err(broken));
        }
    }
    let seq = walk.seq();
    // An event without a place, or with one that another has, was not met on the way.
    let is_all = count(head.id, true, conn)? == seq;
    Ok(walk.arrive().and(if is_all { Ok(()) } else { Err(BrokenLink { seq: seq + 1, id: None }) }))
}

fn count(ticket_id: i64, is_staff: bool, conn: &mut PgConnection) -> QueryResult<i64> {
    let mut query = events::table.filter(events::ticket_id.eq(ticket_id)).into_boxed();
    if !is_staff {
        query = query.filter(events::is_internal.eq(false));
    }
    query.select(diesel::dsl::count_star()).first(conn)
}
