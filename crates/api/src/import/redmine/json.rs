//! The JSON of a Redmine, as far as it is read.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A reference. It serializes as its number, so that a renaming is not a change.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Named {
    pub id: i64,
    #[serde(default)]
    pub name: String,
}

impl Serialize for Named {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.id)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Issue {
    pub id: i64,
    pub project: Named,
    pub tracker: Named,
    pub status: Named,
    pub priority: Named,
    pub author: Named,
    pub assigned_to: Option<Named>,
    pub category: Option<Named>,
    pub fixed_version: Option<Named>,
    pub parent: Option<Named>,
    #[serde(default)]
    pub subject: String,
    pub description: Option<String>,
    pub start_date: Option<String>,
    pub due_date: Option<String>,
    pub done_ratio: Option<i64>,
    #[serde(default)]
    pub is_private: bool,
    pub estimated_hours: Option<f64>,
    #[serde(default)]
    pub custom_fields: Vec<CustomValue>,
    pub created_on: DateTime<Utc>,
    pub updated_on: DateTime<Utc>,
    pub closed_on: Option<DateTime<Utc>>,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    #[serde(default)]
    pub relations: Vec<Relation>,
    #[serde(default)]
    pub journals: Vec<Journal>,
    #[serde(default)]
    pub watchers: Vec<Named>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CustomValue {
    pub id: i64,
    #[serde(default)]
    pub value: Value,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attachment {
    pub id: i64,
    pub filename: String,
    pub filesize: i64,
    pub description: Option<String>,
    pub author: Option<Named>,
    pub created_on: DateTime<Utc>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Relation {
    pub id: i64,
    pub issue_id: i64,
    pub issue_to_id: i64,
    pub relation_type: String,
    pub delay: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Journal {
    pub id: i64,
    pub user: Option<Named>,
    pub notes: Option<String>,
    pub created_on: DateTime<Utc>,
    #[serde(default)]
    pub private_notes: bool,
    #[serde(default)]
    pub details: Vec<Detail>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Detail {
    pub property: String,
    pub name: String,
    pub old_value: Option<String>,
    pub new_value: Option<String>,
}

impl Issue {
    /// A fingerprint of the issue in a list, by which changes are detected.
    pub fn list_hash(&self) -> String {
        let mut listed = Self { journals: Vec::new(), watchers: Vec::new(), ..self.clone() };
        listed.attachments.sort_by_key(|it| it.id);
        listed.relations.sort_by_key(|it| it.id);
        let written = serde_json::to_string(&listed).unwrap_or_default();
        Sha256::digest(written).iter().take(16).map(|it| format!("{it:02x}")).collect()
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct User {
    pub id: i64,
    #[serde(default)]
    pub login: String,
    #[serde(default)]
    pub admin: bool,
    #[serde(default)]
    pub firstname: String,
    #[serde(default)]
    pub lastname: String,
    pub mail: Option<String>,
    pub created_on: DateTime<Utc>,
    pub api_key: Option<String>,
    /// 1: active, 2: registered, 3: locked.
    #[serde(default)]
    pub status: i64,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Project {
    pub id: i64,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub identifier: String,
    /// 1: active, 5: closed, 9: archived.
    #[serde(default)]
    pub status: i64,
    pub parent: Option<Named>,
    #[serde(default)]
    pub is_public: bool,
    pub description: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Membership {
    pub user: Option<Named>,
    pub group: Option<Named>,
    #[serde(default)]
    pub roles: Vec<MemberRole>,
}

/// What a role lets its people do, as far as that matters here.
#[derive(Debug, Clone)]
pub struct Role {
    pub id: i64,
    pub name: String,
    /// Whether its people read every issue of a project, and not none or their own alone.
    pub reads_projects: bool,
}

impl Role {
    /// An old Redmine returns nothing but names.
    pub fn read(id: i64, name: String, about: &Value) -> Self {
        let is_narrow = about["issues_visibility"] == "own";
        let may = about["permissions"].as_array();
        let may_read = may.is_none_or(|it| it.iter().any(|it| it == "view_issues"));
        Self { id, name, reads_projects: may_read && !is_narrow }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct MemberRole {
    pub id: i64,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Version {
    pub id: i64,
    pub project: Named,
    pub name: String,
    pub description: Option<String>,
    pub status: String,
    /// With which projects it is shared.
    #[serde(default)]
    pub sharing: String,
    pub due_date: Option<NaiveDate>,
    pub created_on: DateTime<Utc>,
    pub updated_on: DateTime<Utc>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct CustomField {
    pub id: i64,
    pub name: String,
    pub customized_type: String,
    pub field_format: String,
    #[serde(default)]
    pub visible: bool,
    #[serde(default)]
    pub multiple: bool,
    #[serde(default)]
    pub is_required: bool,
    #[serde(default)]
    pub possible_values: Vec<PossibleValue>,
    /// Other members, for old scripts.
    #[serde(flatten)]
    pub rest: serde_json::Map<String, Value>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct PossibleValue {
    #[serde(default)]
    pub value: String,
    #[serde(default)]
    pub label: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Group {
    pub id: i64,
    pub name: String,
    #[serde(default)]
    pub users: Vec<Named>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct TimeEntry {
    pub id: i64,
    pub issue: Option<Named>,
    #[serde(default)]
    pub user: Named,
    #[serde(default)]
    pub activity: Named,
    pub hours: f64,
    #[serde(default)]
    pub comments: Option<String>,
    pub spent_on: NaiveDate,
}
