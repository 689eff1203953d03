//! History as journals.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::{Value, json};

use crate::db::schema::comments;
use crate::events::view::history;
use crate::http::caller::Caller;
use crate::problem::Problem;
use crate::redmine::answer::Answer;
use crate::redmine::issue::time;
use crate::redmine::numbers::{Numbers, theirs};
use crate::visibility;

/// The most of one issue.
const MOST: i64 = 2000;

/// What people did, the earliest first.
pub fn journals(
    id: i64,
    numbers: &Numbers,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Value, Answer> {
    let events = history(id, &caller.viewer, None, MOST, conn)?;
    let said: Vec<(i64, String, bool)> = comments::table
        .filter(comments::ticket_id.eq(id))
        .filter(visibility::comments(&caller.viewer))
        .select((comments::id, comments::body, comments::is_internal))
        .load(conn)?;
    let said: HashMap<i64, (String, bool)> =
        said.into_iter().map(|it| (it.0, (it.1, it.2))).collect();
    let events = events.iter().map(serde_json::to_value).collect::<Result<Vec<Value>, _>>();
    let events = events.map_err(Problem::unexpected)?;
    let people: Vec<i64> = events.iter().filter_map(|it| it["actor"]["id"].as_i64()).collect();
    let assignees = events.iter().flat_map(|it| {
        let change = &it["changes"]["assignee_id"];
        [change["from"].as_i64(), change["to"].as_i64()]
    });
    let people: Vec<i64> = people.into_iter().chain(assignees.flatten()).collect();
    let people = theirs("person", &people, conn)?;
    let journals = events.iter().filter_map(|it| journal(it, numbers, &people, &said));
    Ok(journals.collect())
}

fn journal(
    event: &Value,
    numbers: &Numbers,
    people: &HashMap<i64, i64>,
    said: &HashMap<i64, (String, bool)>,
) -> Option<Value> {
    let kind = event["type"].as_str()?;
    if matches!(
        kind,
        "ticket.created" | "ticket.imported" | "ticket.comment_edited" | "ticket.redacted"
    ) || kind.starts_with("ticket.deadline")
        || kind.starts_with("ticket.closing")
    {
        return None;
    }
    let comment = event["comment_id"].as_i64().and_then(|it| said.get(&it));
    let details = details(event, numbers, people);
    if comment.is_none() && details.is_empty() {
        return None;
    }
    let at = event["at"].as_str()?.parse::<chrono::DateTime<chrono::Utc>>().ok()?;
    let actor = event["actor"]["id"].as_i64();
    let user = actor.map_or_else(
        || json!({ "id": 4, "name": "Система" }),
        |id| json!({ "id": people.get(&id), "name": event["actor"]["name"] }),
    );
    Some(json!({
        "id": event["id"],
        "user": user,
        "notes": comment.map_or("", |it| it.0.as_str()),
        "created_on": time(at),
        "private_notes": comment.is_some_and(|it| it.1),
        "details": details,
    }))
}

/// How a value is told.
type Shown<'a> = Box<dyn Fn(&Value) -> Option<String> + 'a>;

fn details(event: &Value, numbers: &Numbers, people: &HashMap<i64, i64>) -> Vec<Value> {
    let mut details = Vec::new();
    for (field, change) in event["changes"].as_object().into_iter().flatten() {
        let (name, value): (&str, Shown<'_>) = match field.as_str() {
            "status" | "tracker" | "priority" => {
                let name = match field.as_str() {
                    "status" => "status_id",
                    "tracker" => "tracker_id",
                    _ => "priority_id",
                };
                (name, Box::new(|it| numbers.of_word(field, it.as_str()?).map(|it| it.to_string())))
            }
            "assignee_id" => (
                "assigned_to_id",
                Box::new(|it| people.get(&it.as_i64()?).map(ToString::to_string)),
            ),
            "parent_id" => ("parent_id", Box::new(|it| it.as_i64().map(|it| it.to_string()))),
            "subject" | "description" => {
                (field.as_str(), Box::new(|it| it.as_str().map(str::to_owned)))
            }
            _ => continue,
        };
        details.push(json!({
            "property": "attr", "name": name, "old_value": value(&change["from"]), "new_value": value(&change["to"]),
        }));
    }
    for file in event["attachment_ids"].as_array().into_iter().flatten() {
        details.push(json!({
            "property": "attachment", "name": file.to_string(), "old_value": null, "new_value": file.to_string(),
        }));
    }
    details
}
