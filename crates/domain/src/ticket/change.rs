//! The changes of an event: each field with its type, the old and the new value.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::clocks::ClockKind;
use crate::priority::{Complexity, Impact, Priority, Urgency};
use crate::reasons::{CloseReason, RefusalReason, RootCause, WaitingOn};
use crate::status::Status;
use crate::timestamp::Timestamp;
use crate::tracker::Tracker;

use super::text::TicketText;
use super::{Confirmation, Ticket};

/// The old and the new value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values<T> {
    /// None where there was nothing.
    pub from: Option<T>,
    /// None where there is nothing now.
    pub to: Option<T>,
}

impl<T> Values<T> {
    /// A value that was set.
    pub const fn new(to: T) -> Self {
        Self { from: None, to: Some(to) }
    }

    /// A value that was removed.
    pub const fn gone(from: T) -> Self {
        Self { from: Some(from), to: None }
    }
}

/// A field of a ticket that its history follows.
trait Tracked<T> {
    fn value(&self) -> Option<T>;
    /// Sets it to the value after a change at an instant.
    fn restore(&mut self, value: Option<T>, at: DateTime<Utc>);
}

impl<T: Clone> Tracked<T> for T {
    fn value(&self) -> Option<T> {
        Some(self.clone())
    }

    fn restore(&mut self, value: Option<T>, _: DateTime<Utc>) {
        if let Some(value) = value {
            *self = value;
        }
    }
}

impl<T: Clone> Tracked<T> for Option<T> {
    fn value(&self) -> Option<T> {
        self.clone()
    }

    fn restore(&mut self, value: Option<T>, _: DateTime<Utc>) {
        *self = value;
    }
}

/// History tells whether the solution is confirmed; the instant is that of the event.
impl Tracked<bool> for Confirmation {
    fn value(&self) -> Option<bool> {
        Some(self.at.is_some())
    }

    fn restore(&mut self, value: Option<bool>, at: DateTime<Utc>) {
        self.at = (value == Some(true)).then_some(at);
    }
}

/// Lists the fields of events once. The first ones are fields of the ticket, each with its path; the others
/// appear only in events.
macro_rules! changes {
    (
        ticket { $($field:ident($type:ty) = $name:literal at $($place:ident).+;)+ }
        beside { $($other:ident($other_type:ty) = $other_name:literal;)+ }
    ) => {
        /// A change of one field. `T` is what stands for a long text: the text itself, or a reference to it.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the names are those of the fields")]
        pub enum Change<T = Values<String>> {
            $($field(Values<$type>),)+
            $($other(Values<$other_type>),)+
            /// A text was replaced.
            Text(TicketText, T),
            /// A text was permanently removed.
            Redacted(TicketText),
        }

        impl Change {
            /// Every field of the ticket that history follows and that differs, in a fixed order.
            pub fn between(before: &Ticket, after: &Ticket) -> Vec<Self> {
                let mut changes = Vec::new();
                $({
                    let from: Option<$type> = before.$($place).+.value();
                    let to: Option<$type> = after.$($place).+.value();
                    if from != to {
                        changes.push(Self::$field(Values { from, to }));
                    }
                })+
                changes.extend(changed_texts(before, after));
                changes
            }

            /// The fields of a new ticket, without its long texts, which the ticket itself holds.
            pub fn of_filing(ticket: &Ticket, watcher_ids: &[i64]) -> Vec<Self> {
                let mut changes = Vec::new();
                $(
                    let to: Option<$type> = ticket.$($place).+.value();
                    changes.extend(to.map(|it| Self::$field(Values::new(it))));
                )+
                changes.retain(|it| *it != Self::Confirmed(Values::new(false)));
                let ids = |ids: &[i64]| Some(ids.to_vec()).filter(|it| !it.is_empty()).map(Values::new);
                changes.extend(ids(watcher_ids).map(Self::WatcherIds));
                changes.extend(ids(&ticket.not_duplicate_of).map(Self::NotDuplicateOf));
                changes
            }

            /// Replays the change, which happened at an instant, on a ticket.
            pub fn replay(&self, ticket: &mut Ticket, at: DateTime<Utc>) {
                match self {
                    $(Self::$field(it) => ticket.$($place).+.restore(it.to.clone(), at),)+
                    $(Self::$other(_) => {})+
                    Self::Text(text, it) => ticket.texts.set(*text, it.to.clone()),
                    Self::Redacted(text) => ticket.texts.set(*text, None),
                }
            }
        }

        /// The names of the fields, each with the Rust type of its values; texts are separate.
        pub const FIELD_TYPES: &[(&str, &str)] =
            &[$(($name, stringify!($type)),)+ $(($other_name, stringify!($other_type)),)+];

        impl<T> Change<T> {
            /// The name of the field.
            pub const fn field(&self) -> &'static str {
                match self {
                    $(Self::$field(_) => $name,)+
                    $(Self::$other(_) => $other_name,)+
                    Self::Text(text, _) | Self::Redacted(text) => text.as_str(),
                }
            }

            /// What stands for a text that was replaced.
            pub const fn text(&self) -> Option<&T> {
                match self {
                    $(Self::$field(_) => None,)+
                    $(Self::$other(_) => None,)+
                    Self::Text(_, it) => Some(it),
                    Self::Redacted(_) => None,
                }
            }

            /// The same change with something else in place of the text.
            pub fn map_text<U>(self, say: impl FnOnce(TicketText, T) -> U) -> Change<U> {
                match self {
                    $(Self::$field(it) => Change::$field(it),)+
                    $(Self::$other(it) => Change::$other(it),)+
                    Self::Text(text, it) => Change::Text(text, say(text, it)),
                    Self::Redacted(text) => Change::Redacted(text),
                }
            }

            pub(super) fn write<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>
            where
                T: Serialize,
            {
                match self {
                    $(Self::$field(it) => map.serialize_entry($name, it),)+
                    $(Self::$other(it) => map.serialize_entry($other_name, it),)+
                    Self::Text(text, it) => map.serialize_entry(text.as_str(), it),
                    Self::Redacted(text) => {
                        map.serialize_entry(text.as_str(), &super::change_json::Blank::default())
                    }
                }
            }
        }

        impl Change<super::change_json::TextRefs> {
            pub(super) fn read<'de, A: serde::de::MapAccess<'de>>(
                name: &str,
                map: &mut A,
            ) -> Result<Self, A::Error> {
                Ok(match name {
                    $($name => Self::$field(map.next_value()?),)+
                    $($other_name => Self::$other(map.next_value()?),)+
                    _ => {
                        let text: TicketText = name.parse().map_err(serde::de::Error::custom)?;
                        match map.next_value::<super::change_json::TextRefs>()? {
                            it if it.is_blank() => Self::Redacted(text),
                            it => Self::Text(text, it),
                        }
                    }
                })
            }
        }
    };
}

changes! {
    ticket {
        Status(Status) = "status" at status;
        Project(i64) = "project_id" at project_id;
        Tracker(Tracker) = "tracker" at tracker;
        Priority(Priority) = "priority" at grade.priority;
        Impact(Impact) = "impact" at impact;
        Urgency(Urgency) = "urgency" at urgency;
        Complexity(Complexity) = "complexity" at grade.complexity;
        Product(i64) = "product_id" at product.id;
        ProductName(String) = "product_name" at product.name;
        Author(i64) = "author_id" at author_id;
        Contact(i64) = "contact_id" at contact_id;
        Assignee(i64) = "assignee_id" at assignee_id;
        Parent(i64) = "parent_id" at parent_id;
        ExternalRef(String) = "external_ref" at external_ref;
        SerialNumber(String) = "serial_number" at serial_number;
        CloseReason(CloseReason) = "close_reason" at reasons.close;
        RefusalReason(RefusalReason) = "refusal_reason" at reasons.refusal;
        DuplicateOf(i64) = "duplicate_of" at reasons.duplicate_of;
        MergedInto(i64) = "merged_into" at reasons.merged_into;
        WaitingOn(WaitingOn) = "waiting_on" at reasons.waiting_on;
        ReviewOn(NaiveDate) = "review_on" at review.on;
        Release(i64) = "release_id" at release_id;
        ReleasePlannedOn(NaiveDate) = "release_planned_on" at release_planned_on;
        Topic(i64) = "topic_id" at topic_id;
        RootCause(RootCause) = "root_cause" at root_cause;
        Confirmed(bool) = "confirmed" at confirmation;
        Rating(i16) = "rating" at confirmation.rating;
    }
    beside {
        WatcherIds(Vec<i64>) = "watcher_ids";
        NotDuplicateOf(Vec<i64>) = "not_duplicate_of";
        Watcher(i64) = "watcher_id";
        Related(i64) = "related_id";
        Merged(i64) = "merged_id";
        Clock(ClockKind) = "clock";
        DueAt(Timestamp) = "due_at";
        ClosesAt(Timestamp) = "closes_at";
        ReviewDue(bool) = "review_due";
        Version(String) = "version";
        ImportedFields(Vec<String>) = "imported_fields";
    }
}

fn changed_texts<'a>(before: &'a Ticket, after: &'a Ticket) -> impl Iterator<Item = Change> + 'a {
    let texts = TicketText::ALL.iter().map(|it| (*it, before.texts.get(*it), after.texts.get(*it)));
    let owned = |it: Option<&str>| it.map(str::to_owned);
    texts.filter(|(_, from, to)| from != to).map(move |(text, from, to)| {
        Change::Text(text, Values { from: owned(from), to: owned(to) })
    })
}
