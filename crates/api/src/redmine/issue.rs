//! Renders a ticket as an issue.

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz};
use domain::{Priority, Status, Tracker};
use serde_json::{Value, json};

use crate::problem::Problem;
use crate::redmine::body::is_nothing;
use crate::redmine::fields::Field;
use crate::redmine::numbers::{Numbers, OWN, redmine_ids};

/// A ticket with the names of what it refers to.
#[derive(Debug, QueryableByName)]
pub struct IssueRow {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = BigInt)]
    project_id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    source_project_id: Option<i64>,
    #[diesel(sql_type = Text)]
    project: String,
    #[diesel(sql_type = Text)]
    tracker: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    priority: String,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    description: String,
    #[diesel(sql_type = BigInt)]
    author_id: i64,
    #[diesel(sql_type = Text)]
    author: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    assignee_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    assignee: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    parent_id: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    product: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    serial_number: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    software_version: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    updated_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    closed_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    about: Option<Value>,
}

impl IssueRow {
    /// The number of its project.
    pub fn project_number(&self) -> i64 {
        self.source_project_id.unwrap_or(self.project_id + OWN)
    }
}

/// The Redmine project of a ticket: the one that it came from, of those that became its project here or have their
/// private issues in it.
pub const SOURCE_PROJECT: &str = "select source.source_id, source.about ->> 'name' as name
    from imported as source
        left join imported as own on own.kind = 'ticket' and own.id = tickets.id
    where source.kind = 'project' and tickets.project_id in (source.id, (source.about ->> 'private')::bigint)
    order by source.source_id is distinct from (own.about -> 'project' ->> 'id')::bigint, source.source_id
    limit 1";

fn select() -> String {
    format!(
        "select tickets.id, tickets.project_id, source.source_id as source_project_id,
            coalesce(source.name, companies.name || ' - ' || directions.name) as project,
            tickets.tracker, tickets.status, tickets.priority, tickets.subject, ticket_texts.description,
            tickets.author_id, author.first_name || ' ' || author.last_name as author,
            tickets.assignee_id, assignee.first_name || ' ' || assignee.last_name as assignee,
            tickets.parent_id, coalesce(products.name, tickets.product_name) as product,
            tickets.serial_number, ticket_texts.software_version,
            tickets.created_at, tickets.updated_at, tickets.closed_at, imported.about
        from unnest($1) with ordinality as listed (id, place_in_list)
        join tickets on tickets.id = listed.id
        join ticket_texts on ticket_texts.ticket_id = tickets.id
        join companies on companies.id = tickets.company_id
        join directions on directions.id = tickets.direction_id
        join users as author on author.id = tickets.author_id
        left join users as assignee on assignee.id = tickets.assignee_id
        left join products on products.id = tickets.product_id
        left join imported on imported.kind = 'ticket' and imported.id = tickets.id
        left join lateral ({SOURCE_PROJECT}) as source on true
        order by place_in_list"
    )
}

/// The given tickets, in the given order.
pub fn rows(ids: &[i64], conn: &mut PgConnection) -> QueryResult<Vec<IssueRow>> {
    diesel::sql_query(select()).bind::<Array<BigInt>, _>(ids).load(conn)
}

pub fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A description with CRLF line ends, as in Redmine.
fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// Renders issues for one caller.
pub struct Shown<'a> {
    pub numbers: &'a Numbers,
    pub reads_internal: bool,
    pub people: HashMap<i64, i64>,
}

impl<'a> Shown<'a> {
    pub fn of(
        rows: &[IssueRow],
        numbers: &'a Numbers,
        reads_internal: bool,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        let people: Vec<i64> =
            rows.iter().flat_map(|it| [Some(it.author_id), it.assignee_id]).flatten().collect();
        let people = redmine_ids("person", &people, conn)?;
        Ok(Self { numbers, reads_internal, people })
    }

    /// An issue as in lists.
    pub fn issue(&self, row: &IssueRow) -> Result<Value, Problem> {
        let status: Status = row.status.parse().map_err(Problem::unexpected)?;
        let tracker: Tracker = row.tracker.parse().map_err(Problem::unexpected)?;
        let priority: Priority = row.priority.parse().map_err(Problem::unexpected)?;
        let raw = |key: &str| self.field(row, key).map_or(Value::Null, |it| it["raw"].clone());
        let mut issue = json!({
            "id": row.id,
            "project": { "id": row.project_number(), "name": row.project },
            "tracker": self.numbers.tracker(tracker),
            "status": self.numbers.status(status),
            "priority": self.numbers.priority(priority),
            "author": { "id": self.people.get(&row.author_id), "name": row.author },
        });
        if let (Some(id), Some(name)) = (row.assignee_id, &row.assignee) {
            issue["assigned_to"] = json!({ "id": self.people.get(&id), "name": name });
        }
        for key in ["category", "fixed_version"] {
            if let Some(field) = self.field(row, key) {
                issue[key] = json!({ "id": field["raw"], "name": field["value"] });
            }
        }
        if let Some(parent) = row.parent_id {
            issue["parent"] = json!({ "id": parent });
        }
        let or = |key: &str, otherwise: Value| {
            Some(raw(key)).filter(|it| !it.is_null()).unwrap_or(otherwise)
        };
        // An issue begins on the day of its creation, unless that day was taken out there.
        let first_day = row.about.is_none().then(|| row.created_at.date_naive());
        let start = or("start_date", json!(first_day));
        issue["subject"] = json!(row.subject);
        issue["description"] = json!(with_crlf(&row.description));
        issue["start_date"] = start;
        issue["due_date"] = raw("due_date");
        issue["done_ratio"] = or("done_ratio", json!(0));
        issue["is_private"] = json!(row.about.as_ref().is_some_and(|it| it["is_private"] == true));
        issue["estimated_hours"] = raw("estimated_hours");
        issue["total_estimated_hours"] = raw("estimated_hours");
        issue["custom_fields"] = self.custom_fields(row);
        issue["created_on"] = json!(time(row.created_at));
        issue["updated_on"] = json!(time(row.updated_at));
        issue["closed_on"] = json!(row.closed_at.map(time));
        Ok(issue)
    }

    fn field<'b>(&self, row: &'b IssueRow, key: &str) -> Option<&'b Value> {
        self.fields(row).find(|it| it["key"] == key)
    }

    /// The fields as imported that the caller may read.
    fn fields<'b>(&self, row: &'b IssueRow) -> impl Iterator<Item = &'b Value> + use<'b> {
        let reads_internal = self.reads_internal;
        let fields = row.about.as_ref().and_then(|it| it["fields"].as_array());
        fields.into_iter().flatten().filter(move |it| reads_internal || it["is_internal"] != true)
    }

    /// The current value of each field that has a counterpart here, and the other fields as imported.
    fn custom_fields(&self, row: &IssueRow) -> Value {
        let (product, name) = &self.numbers.product_field;
        let mut shown = vec![json!({ "id": product, "name": name, "value": row.product })];
        for field in self.fields(row) {
            let number = field["key"].as_str().and_then(|it| it.strip_prefix("cf_"));
            let Some(number) = number.and_then(|it| it.parse::<i64>().ok()) else { continue };
            if number == *product {
                continue;
            }
            let raw = &field["raw"];
            let value = match self.current(number, row) {
                Some(Some(now)) => json!(now),
                Some(None) if !is_nothing(raw) => json!(""),
                Some(None) | None => raw.clone(),
            };
            let mut one = json!({ "id": number, "name": field["name"], "value": value });
            if value.is_array() {
                one["multiple"] = json!(true);
            }
            shown.push(one);
        }
        for number in self.numbers.columns() {
            let value = self.current(number, row).flatten();
            if value.is_some() && !shown.iter().any(|it| it["id"] == number) {
                let name = self.numbers.field_name(number);
                shown.push(json!({ "id": number, "name": name, "value": value }));
            }
        }
        Value::Array(shown)
    }

    /// The current value of a field that has a column here.
    fn current<'b>(&self, number: i64, row: &'b IssueRow) -> Option<Option<&'b str>> {
        match self.numbers.field(number)? {
            Field::Product => Some(row.product.as_deref()),
            Field::SerialNumber => Some(row.serial_number.as_deref()),
            Field::SoftwareVersion => Some(row.software_version.as_deref()),
            Field::Other(_) => None,
        }
    }
}
