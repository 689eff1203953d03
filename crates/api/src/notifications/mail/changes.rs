//! The changes of an event as a mail tells them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::PgConnection;
use diesel::prelude::*;
use domain::registration::FIELDS;
use domain::ticket::{Change, TextRefs, Values};
use domain::zone::Zone;
use domain::{Language, Text};

use crate::db::schema::{products, users};
use crate::events::payload::Body;
use crate::notifications::mail::local_time;
use crate::notifications::mail::templates::FilledChange;
use crate::notifications::mail::words::{CHANGES, NOTHING, label};

/// A value as it is shown.
#[derive(Debug, Clone)]
enum Shown {
    Label(Text),
    /// By the name of the person.
    Person(i64),
    /// By the name of the product.
    Product(i64),
    /// In the calendar's zone.
    Time(DateTime<Utc>),
    Plain(String),
}

/// The short fields that an event changed, with names and labels.
pub fn rendered_changes(
    body: &Body,
    language: Language,
    zone: Zone,
    conn: &mut PgConnection,
) -> QueryResult<Vec<FilledChange>> {
    let changed = CHANGES.iter().filter_map(|field| {
        let change = body.changes.0.iter().find(|it| it.field() == *field)?;
        Some((*field, shown(change)?))
    });
    let changed: Vec<(&str, Values<Shown>)> = changed.collect();
    let values = || changed.iter().flat_map(|(_, it)| [&it.from, &it.to]).flatten();
    let people =
        values().filter_map(|it| if let Shown::Person(id) = it { Some(*id) } else { None });
    let people = names_of_people(people.collect(), conn)?;
    let products =
        values().filter_map(|it| if let Shown::Product(id) = it { Some(*id) } else { None });
    let products = names_of_products(products.collect(), conn)?;
    let text = |value: &Option<Shown>| match value {
        None => String::new(),
        Some(Shown::Label(it)) => it.text_in(language).to_owned(),
        Some(Shown::Person(id)) => people.get(id).cloned().unwrap_or_default(),
        Some(Shown::Product(id)) => products.get(id).cloned().unwrap_or_default(),
        Some(Shown::Time(at)) => local_time::render(*at, zone),
        Some(Shown::Plain(it)) => it.clone(),
    };
    let or_nothing = |it: String| if it.is_empty() { NOTHING.to_owned() } else { it };
    let rendered = changed.iter().map(|(field, values)| FilledChange {
        label: label(field, language),
        from: text(&values.from),
        to: or_nothing(text(&values.to)),
    });
    Ok(rendered.collect())
}

/// A change as it is shown; none of what is not, and of a long text.
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
        Change::Parent(it) | Change::DuplicateOf(it) => plain(it),
        Change::CloseReason(it) => each(it, |it| Shown::Label(it.label())),
        Change::RefusalReason(it) => each(it, |it| Shown::Label(it.label())),
        Change::WaitingOn(it) => each(it, |it| Shown::Label(it.label())),
        Change::ReviewOn(it) => plain(it),
        Change::Rating(it) => plain(it),
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
