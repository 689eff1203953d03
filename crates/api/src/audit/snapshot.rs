//! What a thing was before an operation and is after it.

use chrono::{Datelike as _, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::{Map, Value, json};

/// The things whose old and new values the audit log tells: what the path calls them, and the
/// row behind an id without what is secret or says nothing. The row is locked, so that nothing
/// of another operation is told.
const THINGS: &[(&str, &str)] = &[
    (
        "companies",
        "select (to_jsonb(it) - '{version}'::text[])::text as row
         from companies it where id = $1 for no key update",
    ),
    (
        "users",
        "select (to_jsonb(it) - '{version,email_folded,password_hash,password_expires_at}'::text[])
         ::text as row from users it where id = $1 for no key update",
    ),
    (
        "directions",
        "select (to_jsonb(it) - '{version}'::text[] || jsonb_build_object('engineer_ids', (
             select coalesce(jsonb_agg(user_id order by user_id), '[]')
             from direction_engineers where direction_id = it.id)))::text as row
         from directions it where id = $1 for no key update",
    ),
    (
        "projects",
        "select (to_jsonb(it) - '{version}'::text[])::text as row
         from projects it where id = $1 for no key update",
    ),
    (
        "products",
        "select (to_jsonb(it) - '{version}'::text[])::text as row
         from products it where id = $1 for no key update",
    ),
    (
        "settings/calendar",
        "select (to_jsonb(it) - '{is_only,version,sla}'::text[])::text as row
         from settings it where is_only and $1 = 0 for no key update",
    ),
    (
        "settings/calendar/days",
        "select to_jsonb(it)::text as row from calendar_days it
         where day = date '0001-01-01' + ($1 - 1)::integer for no key update",
    ),
    (
        "settings/sla",
        "select sla::text as row from settings where is_only and $1 = 0 for no key update",
    ),
    (
        // The directions that spread their tickets by themselves.
        "settings/assignment",
        "with locked as (
             select id, is_balanced from directions order by id for no key update)
         select jsonb_build_object('automatic',
             coalesce(jsonb_agg(id order by id) filter (where is_balanced), '[]'))::text as row
         from locked having $1 = 0",
    ),
    (
        "releases",
        "select (to_jsonb(it) - '{revision,is_settled}'::text[])::text as row
         from releases it where id = $1 for no key update",
    ),
    (
        "webhooks",
        "select ((to_jsonb(it) || jsonb_build_object('events', array_to_string(events, ', ')))
             - '{version,secret,previous_secret,since_event_id,attempted_at,busy_until}'::text[])
         ::text as row from webhooks it where id = $1 for no key update",
    ),
];

/// A thing of which the audit log tells old and new values.
#[derive(Debug, Clone, Copy)]
pub struct Thing {
    statement: &'static str,
    id: i64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    row: String,
}

impl Thing {
    /// The thing that a path below the base names, if it is one of those.
    pub fn of(path: &str) -> Option<Self> {
        let path = path.trim_start_matches('/');
        let (first, rest) = path.split_once('/')?;
        // The settings are one thing each, and have no id; a day is known by its number.
        let (kind, id) = match (first, path.rsplit_once('/')) {
            ("settings", Some((days @ "settings/calendar/days", on))) => (days, day_number(on)?),
            ("settings", _) => (path, 0),
            _ => (first, rest.split('/').next()?.parse().ok()?),
        };
        Self::one(kind, id)
    }

    /// The thing that was made by a POST to a path below the base.
    pub fn made(path: &str, id: i64) -> Option<Self> {
        Self::one(path.rsplit('/').next()?, id)
    }

    fn one(kind: &str, id: i64) -> Option<Self> {
        let (_, statement) = THINGS.iter().find(|(known, _)| *known == kind)?;
        Some(Self { statement, id })
    }

    pub fn person(id: i64) -> Option<Self> {
        Self::of(&format!("users/{id}"))
    }

    /// What it is now; nothing where there is no such thing.
    pub fn now(self, conn: &mut PgConnection) -> QueryResult<Map<String, Value>> {
        let query = diesel::sql_query(self.statement).bind::<BigInt, _>(self.id);
        let row: Option<Row> = query.get_result(conn).optional()?;
        let members = row.and_then(|it| serde_json::from_str(&it.row).ok());
        Ok(members.unwrap_or_default())
    }
}

/// The members that differ between two snapshots, as JSON; none where none does.
pub fn told(
    before: Option<&Map<String, Value>>,
    after: Option<&Map<String, Value>>,
) -> Option<String> {
    let changes = changes(before?, after?);
    (!changes.is_empty()).then(|| Value::Object(changes).to_string())
}

/// The members that differ, each with its old and its new value; null where there is no thing.
fn changes(before: &Map<String, Value>, after: &Map<String, Value>) -> Map<String, Value> {
    let names = after.keys().chain(before.keys().filter(|it| !after.contains_key(*it)));
    let value = |of: &Map<String, Value>, it: &String| of.get(it).cloned().unwrap_or_default();
    let differing = names.filter(|it| value(before, it) != value(after, it));
    let change = |it: &String| json!({ "from": value(before, it), "to": value(after, it) });
    differing.map(|it| (it.clone(), change(it))).collect()
}

/// The number of a day, counted from the first of all.
fn day_number(on: &str) -> Option<i64> {
    let day: NaiveDate = on.parse().ok()?;
    (0..=9999).contains(&day.year()).then(|| day.num_days_from_ce().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_the_thing_it_is_about() {
        assert!(Thing::of("/companies/5").is_some_and(|it| it.id == 5));
        assert!(Thing::of("/users/7/deactivate").is_some_and(|it| it.id == 7));
        assert!(Thing::of("/settings/sla").is_some_and(|it| it.id == 0));
        assert!(Thing::of("/settings/calendar/days/0001-01-02").is_some_and(|it| it.id == 2));
        assert!(Thing::of("/settings/assignment").is_some());
        assert!(Thing::made("/products/5/releases", 7).is_some_and(|it| it.id == 7));
        assert!(Thing::made("/tickets", 7).is_none());
        for path in ["/companies", "/companies/x", "/settings/calendar/days/x", ""] {
            assert!(Thing::of(path).is_none(), "{path}");
        }
    }

    #[test]
    fn only_what_differs_is_told() {
        let map = |value: Value| value.as_object().cloned().unwrap_or_default();
        let before = map(json!({ "name": "Да", "is_active": true, "company_id": null }));
        let after = map(json!({ "name": "Нет", "is_active": true, "company_id": null }));

        let told = changes(&before, &after);

        assert_eq!(Value::Object(told), json!({ "name": { "from": "Да", "to": "Нет" } }));
        assert!(changes(&after, &after).is_empty());
        let gone = changes(&after, &Map::new());
        assert_eq!(gone["name"], json!({ "from": "Нет", "to": null }));
        let made = json!({
            "name": { "from": null, "to": "Да" }, "is_active": { "from": null, "to": true },
        });
        assert_eq!(Value::Object(changes(&Map::new(), &before)), made);
        assert_eq!(changes(&before, &Map::new())["name"], json!({ "from": "Да", "to": null }));
    }
}
