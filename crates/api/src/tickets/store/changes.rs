//! What a change of a ticket's row says in its history.

use diesel::{PgConnection, QueryResult};
use serde_json::{Map, Value, json};

use crate::events::store::{KeptText, keep_texts};
use crate::tickets::store::TicketRow;
use crate::tickets::store::texts::TicketTexts;

/// A field of which the history tells, and how it is read from a row.
type Tracked = (&'static str, fn(&TicketRow) -> Value);

/// A long text of which the history tells.
type TrackedText = (&'static str, for<'a> fn(&'a TicketRow, &'a TicketTexts) -> Option<&'a str>);

/// Short fields: both values stand in the event itself.
const VALUES: &[Tracked] = &[
    ("status", |it| json!(it.status.0)),
    ("project_id", |it| json!(it.project_id)),
    ("tracker", |it| json!(it.tracker.0)),
    ("priority", |it| json!(it.priority.0)),
    ("impact", |it| json!(it.impact.map(|it| it.0))),
    ("urgency", |it| json!(it.urgency.map(|it| it.0))),
    ("complexity", |it| json!(it.complexity.0)),
    ("product_id", |it| json!(it.product_id)),
    ("product_name", |it| json!(it.product_name)),
    ("author_id", |it| json!(it.author_id)),
    ("contact_id", |it| json!(it.contact_id)),
    ("assignee_id", |it| json!(it.assignee_id)),
    ("parent_id", |it| json!(it.parent_id)),
    ("external_ref", |it| json!(it.external_ref)),
    ("serial_number", |it| json!(it.serial_number)),
    ("close_reason", |it| json!(it.close_reason.map(|it| it.0))),
    ("refusal_reason", |it| json!(it.refusal_reason.map(|it| it.0))),
    ("duplicate_of", |it| json!(it.duplicate_of)),
    ("waiting_on", |it| json!(it.waiting_on.map(|it| it.0))),
    ("review_on", |it| json!(it.review_on)),
    ("release_id", |it| json!(it.release_id)),
    ("release_planned_on", |it| json!(it.release_planned_on)),
    ("confirmed", |it| json!(it.confirmed_at.is_some())),
    ("rating", |it| json!(it.rating)),
];

/// Long texts: the event names them, so that one can be blanked one day without touching it.
const TEXTS: &[TrackedText] = &[
    ("subject", |row, _| Some(&row.subject)),
    ("description", |_, it| Some(&it.description)),
    ("software_version", |_, it| it.software_version.as_deref()),
    ("connection_scheme", |_, it| it.connection_scheme.as_deref()),
    ("addresses", |_, it| it.addresses.as_deref()),
    ("steps", |_, it| it.steps.as_deref()),
    ("cause", |_, it| it.cause.as_deref()),
    ("expected_result", |_, it| it.expected_result.as_deref()),
];

/// The short fields that a new ticket has, and its first watchers.
pub fn of_creation(row: &TicketRow, watcher_ids: &[i64]) -> Map<String, Value> {
    let lists =
        [("watcher_ids", json!(watcher_ids)), ("not_duplicate_of", json!(row.not_duplicate_of))];
    let given = VALUES.iter().map(|(name, read)| (*name, read(row))).chain(lists);
    given
        .filter(|(_, value)| !value.is_null() && *value != json!(false) && *value != json!([]))
        .map(|(name, value)| (name.to_owned(), json!({ "from": null, "to": value })))
        .collect()
}

/// The short fields that differ between two states of a ticket.
pub fn between(before: &TicketRow, after: &TicketRow) -> Map<String, Value> {
    let values = VALUES.iter().map(|(name, read)| (*name, read(before), read(after)));
    values
        .filter(|(_, from, to)| from != to)
        .map(|(name, from, to)| (name.to_owned(), json!({ "from": from, "to": to })))
        .collect()
}

/// The texts that differ between two states of a ticket: stored on the way.
pub fn of_texts(
    before: (&TicketRow, &TicketTexts),
    after: (&TicketRow, &TicketTexts),
    conn: &mut PgConnection,
) -> QueryResult<Map<String, Value>> {
    let texts =
        TEXTS.iter().map(|(name, read)| (*name, read(before.0, before.1), read(after.0, after.1)));
    let changed: Vec<_> = texts.filter(|(_, from, to)| from != to).collect();
    let bodies: Vec<&str> =
        changed.iter().flat_map(|(_, from, to)| [*from, *to]).flatten().collect();
    let mut kept = keep_texts(after.0.id, &bodies, conn)?.into_iter();
    let mut changes = Map::new();
    for (name, from, to) in changed {
        let (from, to) = (from.and_then(|_| kept.next()), to.and_then(|_| kept.next()));
        let id = |it: &Option<KeptText>| it.as_ref().map(|it| it.id);
        let hash = |it: &Option<KeptText>| it.as_ref().map(|it| it.hash.clone());
        let change = json!({
            "from_text": id(&from), "to_text": id(&to),
            "from_hash": hash(&from), "to_hash": hash(&to),
        });
        changes.insert(name.to_owned(), change);
    }
    Ok(changes)
}
