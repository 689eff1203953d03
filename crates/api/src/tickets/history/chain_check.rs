//! Whether the history of a ticket is the one that was written.

use diesel::prelude::*;
use domain::Viewer;
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::hmac_key::HmacKey;
use crate::db::schema::{events, tickets};
use crate::events::chain::{BrokenLink, ChainEnd, Link, Walk};
use crate::http::caller::Caller;
use crate::problem::Problem;
use crate::tickets::history::claims::Claims;
use crate::visibility;

/// How many events are held at once.
const BATCH: i64 = 500;

/// The result of verifying a whole history.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryCheck {
    /// Whether every event, and every text that it refers to, is what was written, with none
    /// missing and none added.
    pub intact: bool,
    /// The number of events that were verified; for customers, those that they can read.
    #[schema(minimum = 0)]
    pub events: i64,
    /// How many of the events refer to a text that an admin has redacted since.
    #[schema(minimum = 0)]
    pub redacted: i64,
    /// The first event that is missing or differs from what was written. Staff only: its position
    /// would reveal to a customer how much is internal.
    pub first_broken: Option<BrokenLink>,
}

/// Walks the history of a ticket, in one view of the database.
///
/// # Errors
/// `NotFound` for a ticket that `caller` may not know of; a failure of the database.
pub fn verify(
    ticket_id: i64,
    key: &HmacKey,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<HistoryCheck, Problem> {
    conn.build_transaction().read_only().repeatable_read().run(|conn| {
        let end = ChainEnd::query()
            .filter(tickets::id.eq(ticket_id))
            .filter(visibility::tickets(&caller.viewer))
            .first(conn)?;
        let reads_internal = caller.viewer.reads_internal();
        let events = count(ticket_id, &caller.viewer, conn)?;
        let mut claims = Claims::default();
        let walked = walk(&end, key, &mut claims, conn)?;
        let found = walked.and_then(|()| claims.arrive(reads_internal));
        Ok(HistoryCheck {
            intact: found.is_ok(),
            events,
            redacted: *found.as_ref().unwrap_or(&0),
            first_broken: found.err().filter(|_| reads_internal),
        })
    })
}

fn walk(
    end: &ChainEnd,
    key: &HmacKey,
    claims: &mut Claims,
    conn: &mut PgConnection,
) -> Result<Result<(), BrokenLink>, Problem> {
    let mut walk = Walk::new(key, end);
    loop {
        let links: Vec<Link> = Link::query()
            .filter(events::ticket_id.eq(end.ticket_id))
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
        claims.follow(end.ticket_id, &links, conn)?;
    }
    let seq = walk.seq();
    // An event without a place, or with one that another has, was not met on the way.
    let is_all = count(end.ticket_id, &Viewer::Support, conn)? == seq;
    Ok(walk.arrive().and(if is_all { Ok(()) } else { Err(BrokenLink { seq: seq + 1, id: None }) }))
}

fn count(ticket_id: i64, viewer: &Viewer, conn: &mut PgConnection) -> QueryResult<i64> {
    events::table
        .filter(events::ticket_id.eq(ticket_id))
        .filter(visibility::events(viewer))
        .select(diesel::dsl::count_star())
        .first(conn)
}
