//! The event of an action, ready to be written: long texts are stored apart from the event, which only refers
//! to them, so that they can be blanked without touching it.

use diesel::{PgConnection, QueryResult};
use domain::Visibility;
use domain::ticket::{Change, Event, TextRefs};

use crate::events::chain::ChainEnd;
use crate::events::payload::Body;
use crate::events::store::{EventText, NewEvent, store_texts};
use crate::problem::Problem;
use crate::tickets::store::action_context::ActionContext;

/// The event comes after those that the ticket had when it was locked.
pub fn record(
    ticket: impl Into<ChainEnd>,
    event: Event,
    by: &ActionContext,
    conn: &mut PgConnection,
) -> Result<NewEvent, Problem> {
    let chain = ticket.into();
    let changes = store_changes(chain.ticket_id, event.changes, conn)?;
    Ok(NewEvent {
        chain: Some(chain),
        kind: event.kind,
        at: by.now,
        actor_id: by.user_id,
        is_internal: event.is_internal,
        body: Body {
            comment_is_internal: event.comment == Some(Visibility::Internal),
            cause: event.cause,
            release_id: event.release_id,
            reason_is_internal: event.reason.as_ref().is_some_and(|it| it.is_internal),
            reason: event.reason.map(|it| it.text),
            ..Body::of(changes)
        },
    })
}

/// Stores the long texts of changes.
fn store_changes(
    ticket_id: i64,
    changes: Vec<Change>,
    conn: &mut PgConnection,
) -> QueryResult<Vec<Change<TextRefs>>> {
    let texts = changes.iter().filter_map(Change::text);
    let bodies: Vec<&str> =
        texts.flat_map(|it| [&it.from, &it.to]).flatten().map(String::as_str).collect();
    let mut stored = store_texts(ticket_id, &bodies, conn)?.into_iter();
    let mut next = |it: Option<String>| it.and_then(|_| stored.next());
    let changes = changes.into_iter().map(|change| {
        change.map_text(|_, it| {
            let (from, to) = (next(it.from), next(it.to));
            refs(from, to)
        })
    });
    Ok(changes.collect())
}

fn refs(from: Option<EventText>, to: Option<EventText>) -> TextRefs {
    let parts = |it: Option<EventText>| it.map(|it| (it.id, it.hash)).unzip();
    let ((from_text, from_hash), (to_text, to_hash)) = (parts(from), parts(to));
    TextRefs { from_text, to_text, from_hash, to_hash }
}
