//! The changes of an event in words: with names for ids and labels for codes.

use domain::ticket::{Change, Thing, Values, named};
use domain::zone::Zone;
use domain::{Language, Text};

use crate::http::local_time;
use crate::names::Names;

/// The separator between several things.
const AND: &str = ", ";

/// The ids that a change names, and of what they are.
pub fn things<T>(change: &Change<T>) -> Vec<(Thing, i64)> {
    let Some(kind) = named(change.field()) else { return Vec::new() };
    ids(change).into_iter().map(|id| (kind, id)).collect()
}

fn ids<T>(change: &Change<T>) -> Vec<i64> {
    match change {
        Change::Project(it)
        | Change::Product(it)
        | Change::Author(it)
        | Change::Contact(it)
        | Change::Assignee(it)
        | Change::Parent(it)
        | Change::DuplicateOf(it)
        | Change::MergedInto(it)
        | Change::Merged(it)
        | Change::Release(it)
        | Change::Topic(it)
        | Change::Watcher(it)
        | Change::Related(it) => [it.from, it.to].into_iter().flatten().collect(),
        Change::WatcherIds(it) | Change::NotDuplicateOf(it) => {
            [&it.from, &it.to].into_iter().flatten().flatten().copied().collect()
        }
        Change::Status(_)
        | Change::Tracker(_)
        | Change::Priority(_)
        | Change::Impact(_)
        | Change::Urgency(_)
        | Change::Complexity(_)
        | Change::ProductName(_)
        | Change::ExternalRef(_)
        | Change::SerialNumber(_)
        | Change::CloseReason(_)
        | Change::RefusalReason(_)
        | Change::WaitingOn(_)
        | Change::ReviewOn(_)
        | Change::ReleasePlannedOn(_)
        | Change::RootCause(_)
        | Change::Confirmed(_)
        | Change::Rating(_)
        | Change::Clock(_)
        | Change::DueAt(_)
        | Change::ClosesAt(_)
        | Change::ReviewDue(_)
        | Change::Version(_)
        | Change::ImportedFields(_)
        | Change::Text(..)
        | Change::Redacted(_) => Vec::new(),
    }
}

/// Renders changes in a language.
#[derive(Debug, Clone, Copy)]
pub struct ChangeRenderer<'a> {
    pub names: &'a Names,
    pub language: Language,
    pub zone: Zone,
}

impl ChangeRenderer<'_> {
    /// Both values as text; none for a long text, or if the event type implies them.
    pub fn values<T>(self, change: &Change<T>) -> Option<Values<String>> {
        fn each<V: Clone>(values: &Values<V>, say: impl Fn(V) -> String) -> Option<Values<String>> {
            let Values { from, to } = values.clone();
            Some(Values { from: from.map(&say), to: to.map(&say) })
        }
        fn plain<V: Clone + ToString>(values: &Values<V>) -> Option<Values<String>> {
            each(values, |it| it.to_string())
        }
        let label = |it: Text| it.text_in(self.language).to_owned();
        let thing = |id: i64| self.thing(change.field(), id);
        match change {
            Change::Status(it) => each(it, |it| label(it.label())),
            Change::Tracker(it) => each(it, |it| label(it.label())),
            Change::Priority(it) => each(it, |it| label(it.label())),
            Change::Impact(it) => each(it, |it| label(it.label())),
            Change::Urgency(it) => each(it, |it| label(it.label())),
            Change::Complexity(it) => each(it, |it| label(it.label())),
            Change::CloseReason(it) => each(it, |it| label(it.label())),
            Change::RefusalReason(it) => each(it, |it| label(it.label())),
            Change::WaitingOn(it) => each(it, |it| label(it.label())),
            Change::RootCause(it) => each(it, |it| label(it.label())),
            Change::Clock(it) => each(it, |it| label(it.label())),
            Change::DueAt(it) | Change::ClosesAt(it) => {
                each(it, |it| local_time::render(it.0, self.zone))
            }
            Change::Project(it)
            | Change::Product(it)
            | Change::Author(it)
            | Change::Contact(it)
            | Change::Assignee(it)
            | Change::Parent(it)
            | Change::DuplicateOf(it)
            | Change::MergedInto(it)
            | Change::Merged(it)
            | Change::Release(it)
            | Change::Topic(it)
            | Change::Watcher(it)
            | Change::Related(it) => each(it, thing),
            Change::WatcherIds(it) | Change::NotDuplicateOf(it) => {
                each(it, |it| it.into_iter().map(thing).collect::<Vec<_>>().join(AND))
            }
            Change::ImportedFields(it) => each(it, |it| it.join(AND)),
            Change::ReviewOn(it) | Change::ReleasePlannedOn(it) => plain(it),
            Change::Rating(it) => plain(it),
            Change::ProductName(it)
            | Change::ExternalRef(it)
            | Change::SerialNumber(it)
            | Change::Version(it) => plain(it),
            Change::Confirmed(_)
            | Change::ReviewDue(_)
            | Change::Text(..)
            | Change::Redacted(_) => None,
        }
    }

    /// What a field names by an id; a ticket also by its number, as people quote it.
    fn thing(self, field: &str, id: i64) -> String {
        let Some(kind) = named(field) else { return id.to_string() };
        let name = self.names.of_thing(kind, id).name;
        let number = format!("№{id}");
        if kind == Thing::Ticket && name != number { format!("{number} {name}") } else { name }
    }
}
