//! Verifies that the history of a ticket is the one that was written.

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

/// How many events are verified in one turn at the database; their texts can be long.
const BATCH_SIZE: i64 = 100;

/// The result of verifying a whole history.
#[derive(Debug, Clone, Serialize, ToSchema)]
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
    /// How many of the events happened in another system: they are verified from the import on.
    #[schema(minimum = 0)]
    pub imported: i64,
    /// The first event that is missing or differs from what was written. Staff only: its position
    /// would reveal to a customer how much is internal.
    pub first_broken: Option<BrokenLink>,
}

/// The progress of a verification.
pub struct Verifying {
    walk: Walk,
    claims: Claims,
}

/// The result of a turn.
pub enum Verified {
    /// There is more to verify.
    Partly(Box<Verifying>),
    Wholly(HistoryCheck),
}

/// Continues the verification of a ticket's history for one turn, in one snapshot. Events that are appended
/// between two turns are covered by a later one.
/// Errors: `NotFound` for a ticket that `caller` may not see.
pub fn verify_part(
    verifying: Option<Verifying>,
    ticket_id: i64,
    key: &HmacKey,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Verified, Problem> {
    conn.build_transaction().read_only().repeatable_read().run(|conn| {
        let end = ChainEnd::query()
            .filter(tickets::id.eq(ticket_id))
            .filter(visibility::tickets(&caller.viewer))
            .first(conn)?;
        let begin = || Verifying { walk: Walk::new(key.clone(), &end), claims: Claims::default() };
        let mut verifying = verifying.unwrap_or_else(begin);
        let links = verifying.next_links(conn)?;
        let followed = links.iter().try_for_each(|it| verifying.walk.follow(it));
        if followed.is_ok() {
            verifying.claims.follow(ticket_id, &links, conn)?;
            if links.len() as i64 == BATCH_SIZE {
                return Ok(Verified::Partly(Box::new(verifying)));
            }
        }
        let Verifying { walk, claims } = verifying;
        let walked = match followed {
            Ok(()) => finish(&walk, &end, conn)?,
            broken => broken,
        };
        let reads_internal = caller.viewer.reads_internal();
        let imported = claims.imported(reads_internal);
        let found = walked.and_then(|()| claims.finish(reads_internal));
        Ok(Verified::Wholly(HistoryCheck {
            intact: found.is_ok(),
            events: count(ticket_id, &caller.viewer, conn)?,
            imported,
            redacted: *found.as_ref().unwrap_or(&0),
            first_broken: found.err().filter(|_| reads_internal),
        }))
    })
}

impl Verifying {
    fn next_links(&self, conn: &mut PgConnection) -> QueryResult<Vec<Link>> {
        Link::query()
            .filter(events::ticket_id.eq(self.walk.ticket_id()))
            .filter(events::seq.gt(self.walk.seq()))
            .order((events::seq, events::id))
            .limit(BATCH_SIZE)
            .load(conn)
    }
}

/// An event without a place, or with the place of another one, was not met on the walk.
fn finish(
    walk: &Walk,
    end: &ChainEnd,
    conn: &mut PgConnection,
) -> QueryResult<Result<(), BrokenLink>> {
    let seq = walk.seq();
    let is_all = count(end.ticket_id, &Viewer::Support, conn)? == seq;
    Ok(walk.finish(end).and(if is_all {
        Ok(())
    } else {
        Err(BrokenLink { seq: seq + 1, id: None })
    }))
}

fn count(ticket_id: i64, viewer: &Viewer, conn: &mut PgConnection) -> QueryResult<i64> {
    events::table
        .filter(events::ticket_id.eq(ticket_id))
        .filter(visibility::events(viewer))
        .select(diesel::dsl::count_star())
        .first(conn)
}
