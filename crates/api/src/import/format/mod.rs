//! The format between a reader and the writer: the data of another system in our terms. One record per line
//! in a folder (`docs/moving-from-redmine.md`), or handed over as it is read.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{Priority, Role, Status, Tracker};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where the records come from.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The kind of the system: `redmine`.
    pub system: String,
    pub address: String,
    /// Its lists (statuses, trackers, priorities, custom fields, projects) as it numbers them.
    #[serde(default)]
    pub lists: BTreeMap<String, Value>,
    /// The product names that become products of the catalogue; other names stay as text in their tickets.
    #[serde(default)]
    pub products: Vec<String>,
}

/// A person. Whoever has no address of their own cannot sign in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub id: i64,
    pub login: String,
    pub role: Role,
    /// A customer's.
    #[serde(default)]
    pub company: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    pub first_name: String,
    pub last_name: String,
    pub is_active: bool,
    /// Only inactive because a place or an address is missing: an account that exists here stays open.
    #[serde(skip)]
    pub is_unplaced: bool,
    pub created_at: DateTime<Utc>,
    /// The projects that a customer sees, by their numbers there.
    #[serde(default)]
    pub projects: Vec<i64>,
    /// The key of old scripts; never written to a file.
    #[serde(skip)]
    pub key: Option<String>,
}

/// A project: one company in one direction.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    pub id: i64,
    pub name: String,
    pub company: String,
    pub direction: String,
    /// Where its private tickets go: a company that has no people.
    #[serde(default)]
    pub private_company: Option<String>,
    pub is_active: bool,
    #[serde(default)]
    pub engineers: Vec<i64>,
}

/// A version of products.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    pub id: i64,
    pub name: String,
    #[serde(default)]
    pub notes: Option<String>,
    #[serde(default)]
    pub planned_on: Option<NaiveDate>,
    #[serde(default)]
    pub published_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// A page that people wrote down for others: a draft of an article here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    pub id: i64,
    pub title: String,
    /// What it is about.
    pub problem: String,
    pub solution: String,
    pub author: i64,
    pub created_at: DateTime<Utc>,
    /// When this text was written.
    pub updated_at: DateTime<Utc>,
    #[serde(default)]
    pub files: Vec<File>,
    /// A fingerprint of what lists show, by which changes are detected.
    #[serde(default)]
    pub list_hash: String,
}

/// A ticket with its complete history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    pub id: i64,
    pub project: i64,
    /// Visible to support only.
    #[serde(default)]
    pub is_private: bool,
    pub tracker: Tracker,
    pub status: Status,
    pub priority: Priority,
    pub author: i64,
    #[serde(default)]
    pub assignee: Option<i64>,
    #[serde(default)]
    pub parent: Option<i64>,
    pub subject: String,
    pub description: String,
    /// The description in its original markup, if that differs from the plain text.
    #[serde(default)]
    pub original: Option<String>,
    #[serde(default)]
    pub product: Option<String>,
    #[serde(default)]
    pub serial_number: Option<String>,
    #[serde(default)]
    pub software_version: Option<String>,
    #[serde(default)]
    pub release: Option<i64>,
    /// Fields without a counterpart here.
    #[serde(default)]
    pub fields: Vec<Field>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    #[serde(default)]
    pub closed_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub watchers: Vec<i64>,
    #[serde(default)]
    pub relations: Vec<Relation>,
    /// The entries of the history, the oldest first.
    #[serde(default)]
    pub entries: Vec<Entry>,
    #[serde(default)]
    pub files: Vec<File>,
    #[serde(default)]
    pub spent: Vec<Spent>,
    /// A fingerprint of what lists show, by which changes are detected.
    #[serde(default)]
    pub list_hash: String,
}

/// A field of the other system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// `cf_7`, `due_date`.
    pub key: String,
    pub name: String,
    /// The value, as people read it.
    pub value: String,
    /// The value as the other system stores it.
    #[serde(default)]
    pub raw: Value,
    #[serde(default)]
    pub is_internal: bool,
}

/// A relation between two tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    pub id: i64,
    /// Seen from this ticket.
    pub kind: String,
    /// The kind, as people read it.
    #[serde(default)]
    pub label: Option<String>,
    pub other: i64,
    #[serde(default)]
    pub delay: Option<i64>,
}

/// What somebody did in one step: a note, changes of fields, files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub id: i64,
    pub author: i64,
    pub at: DateTime<Utc>,
    #[serde(default)]
    pub note: Option<Note>,
    #[serde(default)]
    pub changes: Vec<FieldChange>,
    /// The numbers of files.
    #[serde(default)]
    pub files: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub text: String,
    #[serde(default)]
    pub original: Option<String>,
    #[serde(default)]
    pub is_internal: bool,
}

/// A change of a field: of one of ours (`status`, `tracker`, `priority`, `assignee`, `parent`,
/// `project`, `subject`, `description`, `product`, `serial_number`), or of another by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldChange {
    pub field: String,
    #[serde(default)]
    pub from: Option<String>,
    #[serde(default)]
    pub to: Option<String>,
    #[serde(default)]
    pub is_internal: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub id: i64,
    pub author: i64,
    pub name: String,
    pub size: i64,
    #[serde(default)]
    pub description: Option<String>,
    pub created_at: DateTime<Utc>,
    #[serde(default)]
    pub is_internal: bool,
    /// The entry that the file was attached to.
    #[serde(default)]
    pub entry: Option<i64>,
}

/// Time that support spent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spent {
    pub id: i64,
    pub person: String,
    pub on: NaiveDate,
    pub minutes: i64,
    pub activity: String,
    #[serde(default)]
    pub comment: String,
}

/// The maximum length of names that are unique or sorted by, and of serial numbers: the database has to index them.
pub const MAX_NAME: usize = 200;
pub const MAX_SERIAL_NUMBER: usize = 100;

/// The highest number of a ticket: it stays readable, and leaves others behind it.
pub const MAX_NUMBER: i64 = 1_000_000_000;

/// A record or a response. U+0000, which the database cannot store, is left out of its texts.
pub fn from_json<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    if !text.contains("\\u0000") {
        return serde_json::from_str(text);
    }
    let mut whole = serde_json::from_str(text)?;
    drop_nul(&mut whole);
    serde_json::from_value(whole)
}

fn drop_nul(value: &mut Value) {
    match value {
        Value::String(it) => it.retain(|it| it != '\0'),
        Value::Array(all) => all.iter_mut().for_each(drop_nul),
        Value::Object(members) => members.values_mut().for_each(drop_nul),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The name of a person who has been deleted.
pub const DELETED: (&str, &str) = ("Удаленный", "пользователь");
