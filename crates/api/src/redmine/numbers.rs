//! Maps Redmine numbers: those of the imported Redmine, else fixed ones.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::{Priority, Status, Tracker};
use serde_json::{Value, json};

use crate::db::schema::{imported, imports, tickets};
use crate::redmine::error::RedmineError;
use crate::redmine::fields::Field;

/// The offset for ids of people and projects that were not imported.
pub const OWN: i64 = 1_000_000_000;

/// The name of the product field if the Redmine has none.
const PRODUCT: &str = "Наименование продукта";

/// A word of a list.
#[derive(Debug, Clone)]
pub struct Word<T> {
    pub id: i64,
    pub name: String,
    pub is: T,
}

#[derive(Debug, Clone)]
pub struct Numbers {
    pub statuses: Vec<Word<Status>>,
    pub trackers: Vec<Word<Tracker>>,
    pub priorities: Vec<Word<Priority>>,
    pub product_field: (i64, String),
    pub lists: Value,
    /// The offset added to issue numbers at the import.
    pub shift: i64,
}

impl Numbers {
    pub fn load(conn: &mut PgConnection) -> QueryResult<Self> {
        let known: Option<(Value, i64)> =
            imports::table.select((imports::lists, imports::shift)).first(conn).optional()?;
        let (lists, shift) = known.unwrap_or_else(|| (json!({}), 0));
        let product = lists["map"]["product_field"].as_i64().unwrap_or(1);
        let fields = lists["custom_fields"].as_array().into_iter().flatten();
        let name = fields.clone().find(|it| it["id"] == product).and_then(|it| it["name"].as_str());
        Ok(Self {
            statuses: words(&lists, "issue_statuses", "statuses", Status::ALL, |it| {
                it.label().ru.to_owned()
            }),
            trackers: words(&lists, "trackers", "trackers", Tracker::ALL, |it| {
                it.label().ru.to_owned()
            }),
            priorities: words(&lists, "issue_priorities", "priorities", Priority::ALL, |it| {
                it.label().ru.to_owned()
            }),
            product_field: (product, name.unwrap_or(PRODUCT).to_owned()),
            lists,
            shift,
        })
    }

    /// The counterpart of a custom field; none if it does not exist.
    pub fn field(&self, id: i64) -> Option<Field> {
        let map = &self.lists["map"];
        match () {
            () if id == self.product_field.0 => Some(Field::Product),
            () if map["serial_number_field"] == id => Some(Field::SerialNumber),
            () if map["software_version_field"] == id => Some(Field::SoftwareVersion),
            () => self.field_name(id).map(|it| Field::Other(it.to_owned())),
        }
    }

    /// The number of a field with a counterpart here.
    pub fn number_of(&self, field: &Field) -> Option<i64> {
        let map = &self.lists["map"];
        match field {
            Field::Product => Some(self.product_field.0),
            Field::SerialNumber => map["serial_number_field"].as_i64(),
            Field::SoftwareVersion => map["software_version_field"].as_i64(),
            Field::Other(name) => self.field_named(name),
        }
    }

    /// The numbers of the fields that have a column of their own here, besides the product.
    pub fn columns(&self) -> impl Iterator<Item = i64> {
        [Field::SerialNumber, Field::SoftwareVersion]
            .into_iter()
            .filter_map(|it| self.number_of(&it))
    }

    pub fn field_name(&self, id: i64) -> Option<&str> {
        let fields = self.lists["custom_fields"].as_array().into_iter().flatten();
        fields.clone().find(|it| it["id"] == id).and_then(|it| it["name"].as_str())
    }

    /// The number of a field by its name.
    pub fn field_named(&self, name: &str) -> Option<i64> {
        let fields = self.lists["custom_fields"].as_array().into_iter().flatten();
        let of_issues = |it: &&Value| it["name"] == name && it["customized_type"] == "issue";
        fields.clone().find(of_issues).and_then(|it| it["id"].as_i64())
    }

    /// The status with a number.
    pub fn status_of(&self, id: i64) -> Option<Status> {
        self.statuses.iter().find(|it| it.id == id).map(|it| it.is)
    }

    pub fn status(&self, status: Status) -> Value {
        let mut shown = named(&self.statuses, status, status.as_str());
        shown["is_closed"] = json!(status.is_final());
        shown
    }

    pub fn tracker(&self, tracker: Tracker) -> Value {
        named(&self.trackers, tracker, tracker.as_str())
    }

    pub fn priority(&self, priority: Priority) -> Value {
        named(&self.priorities, priority, priority.as_str())
    }

    /// The number of one of our words, for details of journals.
    pub fn of_word(&self, field: &str, word: &str) -> Option<i64> {
        fn find<T: Copy + ToString>(words: &[Word<T>], word: &str) -> Option<i64> {
            words.iter().find(|it| it.is.to_string() == word).map(|it| it.id)
        }
        match field {
            "status" => find(&self.statuses, word),
            "tracker" => find(&self.trackers, word),
            "priority" => find(&self.priorities, word),
            _ => None,
        }
    }
}

fn words<T: Copy + ToString + std::str::FromStr>(
    lists: &Value,
    list: &str,
    map: &str,
    all: &[T],
    label: impl Fn(T) -> String,
) -> Vec<Word<T>> {
    let known = lists[list].as_array().into_iter().flatten().filter_map(|it| {
        let id = it["id"].as_i64()?;
        let is = lists["map"][map][id.to_string()].as_str()?.parse().ok()?;
        Some(Word { id, name: it["name"].as_str()?.to_owned(), is })
    });
    let mut words: Vec<Word<T>> = known.collect();
    let mut next = words.iter().map(|it| it.id).max().unwrap_or(0);
    for word in all {
        if !words.iter().any(|it| it.is.to_string() == word.to_string()) {
            next += 1;
            words.push(Word { id: next, name: label(*word), is: *word });
        }
    }
    words
}

fn named<T: PartialEq>(words: &[Word<T>], is: T, otherwise: &str) -> Value {
    let found = words.iter().find(|it| it.is == is);
    json!({ "id": found.map(|it| it.id), "name": found.map_or(otherwise, |it| it.name.as_str()) })
}

/// The Redmine numbers of our ids; things that were not imported get their id plus an offset.
pub fn redmine_ids(
    kind: &str,
    ids: &[i64],
    conn: &mut PgConnection,
) -> QueryResult<HashMap<i64, i64>> {
    let known: Vec<(Option<i64>, i64)> = imported::table
        .filter(imported::kind.eq(kind))
        .filter(imported::id.eq_any(ids))
        .order(imported::source_id.desc())
        .select((imported::id, imported::source_id))
        .load(conn)?;
    let mut found: HashMap<i64, i64> = ids.iter().map(|id| (*id, id + OWN)).collect();
    found.extend(known.into_iter().filter_map(|(here, there)| Some((here?, there))));
    Ok(found)
}

/// The id with a Redmine number.
pub fn local_id(kind: &str, id: i64, conn: &mut PgConnection) -> QueryResult<i64> {
    if id >= OWN {
        return Ok(id - OWN);
    }
    let found: Option<Option<i64>> =
        imported::table.find((kind, id)).select(imported::id).first(conn).optional()?;
    Ok(found.flatten().unwrap_or(0))
}

/// The ticket that a script means by a number.
/// Errors: it is not a number.
pub fn ticket_id(number: &str, conn: &mut PgConnection) -> Result<i64, RedmineError> {
    let number: i64 = number.parse().map_err(|_| RedmineError::Missing)?;
    Ok(ticket_ids(&[number], conn)?.pop().unwrap_or(number))
}

/// The tickets that a script means by numbers: ours, else those that had them in the Redmine.
pub fn ticket_ids(numbers: &[i64], conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    let ours: Vec<i64> =
        tickets::table.filter(tickets::id.eq_any(numbers)).select(tickets::id).load(conn)?;
    let others: Vec<i64> = numbers.iter().copied().filter(|it| !ours.contains(it)).collect();
    let old = old_ticket_ids(&others, conn)?;
    Ok(ours.into_iter().chain(old).collect())
}

/// The tickets that had numbers in the Redmine; else those that have them here.
pub fn old_ticket_ids(numbers: &[i64], conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    let known: Vec<(i64, Option<i64>)> = imported::table
        .filter(imported::kind.eq("ticket"))
        .filter(imported::source_id.eq_any(numbers))
        .select((imported::source_id, imported::id))
        .load(conn)?;
    let known: HashMap<i64, i64> =
        known.into_iter().filter_map(|(there, here)| Some((there, here?))).collect();
    Ok(numbers.iter().map(|it| known.get(it).copied().unwrap_or(*it)).collect())
}
