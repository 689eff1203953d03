//! The changes of an event as shown in a mail.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::PgConnection;
use diesel::prelude::*;
use domain::registration::FIELDS;
use domain::ticket::{Change, TextRefs, Values};
use domain::{Language, Text};

use crate::db::schema::{products, tickets, users};
use crate::events::payload::Body;
use crate::http::local_time;
use crate::mail::page::Fact;
use crate::mail::texts::fill;
use crate::notifications::mail::Reader;
use crate::visibility;

/// The short fields whose changes are shown, in this order.
const CHANGES: &[&str] = &[
    "status",
    "assignee_id",
    "contact_id",
    "priority",
    "complexity",
    "tracker",
    "product_id",
    "serial_number",
    "external_ref",
    "parent_id",
    "close_reason",
    "refusal_reason",
    "duplicate_of",
    "merged_into",
    "merged_id",
    "waiting_on",
    "review_on",
    "rating",
    "clock",
    "due_at",
    "closes_at",
];

/// Support's own grading, which customers do not see.
const FOR_STAFF: &str = "complexity";

/// A value as it is shown.
#[derive(Debug, Clone)]
enum Shown {
    Label(Text),
    /// By the name of the person.
    Person(i64),
    /// By the name of the product.
    Product(i64),
    /// By number and subject.
    Ticket(i64),
    Day(NaiveDate),
    /// From 1 to 5.
    Rating(i16),
    /// In the calendar's zone.
    Time(DateTime<Utc>),
    Plain(String),
}

/// The short fields that an event changed, with names and labels; deleted things are left out.
pub fn rendered_changes(
    body: &Body,
    reader: &Reader<'_>,
    conn: &mut PgConnection,
) -> QueryResult<Vec<Fact>> {
    let language = reader.user.language.0;
    let shown_fields = CHANGES.iter().filter(|it| !reader.is_customer() || **it != FOR_STAFF);
    let changed = shown_fields.filter_map(|field| {
        let change = body.changes.0.iter().find(|it| it.field() == *field)?;
        Some((*field, shown(change)?))
    });
    let changed: Vec<(&str, Values<Shown>)> = changed.collect();
    let names = Names::of(&changed, reader, conn)?;
    let text = |it: &Option<Shown>| it.as_ref().map(|it| it.text(&names, reader));
    let fact = |(field, values): &(&str, Values<Shown>)| {
        Some(Fact {
            label: domain::ticket::label(field)?.text_in(language).to_owned(),
            from: text(&values.from).unwrap_or_default(),
            to: text(&values.to).filter(|it| !it.is_empty())?,
        })
    };
    Ok(changed.iter().filter_map(fact).collect())
}

/// The names for ids.
#[derive(Debug)]
struct Names {
    people: HashMap<i64, String>,
    products: HashMap<i64, String>,
    /// The subjects of tickets that the reader may see.
    tickets: HashMap<i64, String>,
}

impl Names {
    fn of(
        changed: &[(&str, Values<Shown>)],
        reader: &Reader<'_>,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        let values = || changed.iter().flat_map(|(_, it)| [&it.from, &it.to]).flatten();
        let ids = |id: fn(&Shown) -> Option<i64>| values().filter_map(id).collect();
        Ok(Self {
            people: names_of_people(
                ids(|it| if let Shown::Person(id) = it { Some(*id) } else { None }),
                conn,
            )?,
            products: names_of_products(
                ids(|it| if let Shown::Product(id) = it { Some(*id) } else { None }),
                conn,
            )?,
            tickets: subjects(
                ids(|it| if let Shown::Ticket(id) = it { Some(*id) } else { None }),
                reader,
                conn,
            )?,
        })
    }
}

impl Shown {
    fn text(&self, names: &Names, reader: &Reader<'_>) -> String {
        match self {
            Self::Label(it) => it.text_in(reader.user.language.0).to_owned(),
            Self::Person(id) => names.people.get(id).cloned().unwrap_or_default(),
            Self::Product(id) => names.products.get(id).cloned().unwrap_or_default(),
            Self::Ticket(id) => match names.tickets.get(id) {
                Some(subject) => format!("№{id} {subject}"),
                None => format!("№{id}"),
            },
            Self::Day(on) => local_time::date(*on),
            Self::Rating(it) => {
                fill(&reader.texts.notification.rating, &[("rating", &it.to_string())])
            }
            Self::Time(at) => local_time::render(*at, reader.rules.calendar.zone()),
            Self::Plain(it) => it.clone(),
        }
    }
}

/// A change as shown; none if it is not shown or is a long text.
fn shown(change: &Change<TextRefs>) -> Option<Values<Shown>> {
    fn each<T: Clone>(values: &Values<T>, show: impl Fn(T) -> Shown) -> Option<Values<Shown>> {
        let Values { from, to } = values.clone();
        Some(Values { from: from.map(&show), to: to.map(&show) })
    }
    fn plain<T: Clone + ToString>(values: &Values<T>) -> Option<Values<Shown>> {
        each(values, |it| Shown::Plain(it.to_string()))
    }
    match change {
        Change::Status(it) => each(it, |it| Shown::Label(it.label())),
        Change::Assignee(it) | Change::Contact(it) => each(it, Shown::Person),
        Change::Priority(it) => each(it, |it| Shown::Label(it.label())),
        Change::Complexity(it) => each(it, |it| Shown::Label(it.label())),
        Change::Tracker(it) => each(it, |it| Shown::Label(it.label())),
        Change::Product(it) => each(it, Shown::Product),
        Change::SerialNumber(it) | Change::ExternalRef(it) => plain(it),
        Change::Parent(it)
        | Change::DuplicateOf(it)
        | Change::MergedInto(it)
        | Change::Merged(it) => each(it, Shown::Ticket),
        Change::CloseReason(it) => each(it, |it| Shown::Label(it.label())),
        Change::RefusalReason(it) => each(it, |it| Shown::Label(it.label())),
        Change::WaitingOn(it) => each(it, |it| Shown::Label(it.label())),
        Change::ReviewOn(it) => each(it, Shown::Day),
        Change::Rating(it) => each(it, Shown::Rating),
        Change::Clock(it) => each(it, |it| Shown::Label(it.label())),
        Change::DueAt(it) | Change::ClosesAt(it) => each(it, |it| Shown::Time(it.0)),
        Change::Project(_)
        | Change::Impact(_)
        | Change::Urgency(_)
        | Change::ProductName(_)
        | Change::Author(_)
        | Change::Release(_)
        | Change::ReleasePlannedOn(_)
        | Change::Topic(_)
        | Change::RootCause(_)
        | Change::Confirmed(_)
        | Change::WatcherIds(_)
        | Change::NotDuplicateOf(_)
        | Change::Watcher(_)
        | Change::Related(_)
        | Change::ReviewDue(_)
        | Change::Version(_)
        | Change::ImportedFields(_)
        | Change::Text(..)
        | Change::Redacted(_) => None,
    }
}

/// The long texts that an event changed.
pub fn edited(body: &Body, language: Language) -> Vec<&'static str> {
    let is_text = |it: &&Change<TextRefs>| matches!(it, Change::Text(..) | Change::Redacted(_));
    let edited: Vec<&str> = body.changes.0.iter().filter(is_text).map(Change::field).collect();
    let fields = FIELDS.iter().filter(|it| edited.contains(&it.name));
    fields.map(|it| it.label.text_in(language)).collect()
}

fn names_of_people(ids: Vec<i64>, conn: &mut PgConnection) -> QueryResult<HashMap<i64, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, String, String)> = users::table
        .filter(users::id.eq_any(ids))
        .select((users::id, users::first_name, users::last_name))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, first, last)| (id, format!("{first} {last}"))).collect())
}

fn names_of_products(ids: Vec<i64>, conn: &mut PgConnection) -> QueryResult<HashMap<i64, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, String)> = products::table
        .filter(products::id.eq_any(ids))
        .select((products::id, products::name))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

fn subjects(
    ids: Vec<i64>,
    reader: &Reader<'_>,
    conn: &mut PgConnection,
) -> QueryResult<HashMap<i64, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, String)> = tickets::table
        .filter(tickets::id.eq_any(ids))
        .filter(visibility::tickets(&reader.viewer))
        .select((tickets::id, tickets::subject))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_label() {
        for field in CHANGES {
            assert!(domain::ticket::label(field).is_some(), "{field}");
        }
    }
}
