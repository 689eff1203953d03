//! Renders history as journals: one for each step of a person.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::{Value, json};

use crate::db::schema::{attachments, comments, products, ticket_links};
use crate::events::view::history;
use crate::http::caller::Caller;
use crate::http::chronology::Chronology;
use crate::problem::Problem;
use crate::redmine::details::{Names, details, mentioned};
use crate::redmine::error::RedmineError;
use crate::redmine::issue::time;
use crate::redmine::numbers::{Numbers, redmine_ids};
use crate::visibility;

/// The maximum number of one issue.
const MAX_JOURNALS: i64 = 2000;

/// The text of a comment, and whether it is internal.
type CommentTexts = HashMap<i64, (String, bool)>;

/// The journals, oldest first.
pub fn journals(
    id: i64,
    numbers: &Numbers,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Value, RedmineError> {
    let events = history(id, &caller.into(), Chronology::default(), (None, MAX_JOURNALS), conn)?;
    let comment_texts: Vec<(i64, String, bool)> = comments::table
        .filter(comments::ticket_id.eq(id))
        .filter(visibility::comments(&caller.viewer))
        .select((comments::id, comments::body, comments::is_internal))
        .load(conn)?;
    let comment_texts: CommentTexts =
        comment_texts.into_iter().map(|it| (it.0, (it.1, it.2))).collect();
    let events = events.iter().map(serde_json::to_value).collect::<Result<Vec<Value>, _>>();
    let events = events.map_err(Problem::unexpected)?;
    let names = names(id, &events, numbers, caller, conn)?;
    let mut journals: Vec<(&Value, Value)> = Vec::new();
    for event in &events {
        let Some(journal) = journal(event, &names, &comment_texts) else { continue };
        let at = &event["at"];
        match journals.last_mut().filter(|it| it.0 == at && belongs_to(&journal, &it.1)) {
            Some((_, before)) => merge(before, journal),
            None => journals.push((at, journal)),
        }
    }
    Ok(journals.into_iter().map(|it| it.1).collect())
}

fn names<'a>(
    ticket_id: i64,
    events: &[Value],
    numbers: &'a Numbers,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Names<'a>> {
    let actors = events.iter().filter_map(|it| it["actor"]["id"].as_i64());
    let people: Vec<i64> = actors.chain(mentioned(events, "assignee_id")).collect();
    let projects: Vec<i64> = mentioned(events, "project_id").collect();
    let known: Vec<i64> = mentioned(events, "product_id").collect();
    let known: Vec<(i64, String)> = products::table
        .filter(products::id.eq_any(known))
        .select((products::id, products::name))
        .load(conn)?;
    let files: Vec<(i64, String)> = attachments::table
        .filter(attachments::ticket_id.eq(ticket_id))
        .filter(visibility::files_of_tickets(&caller.viewer))
        .select((attachments::id, attachments::filename))
        .load(conn)?;
    let ids: Vec<i64> = files.iter().map(|it| it.0).collect();
    let relations: Vec<(i64, Option<String>)> = ticket_links::table
        .filter(ticket_links::ticket_id.eq(ticket_id))
        .filter(ticket_links::kind.is_not_null())
        .select((ticket_links::other_id, ticket_links::kind))
        .load(conn)?;
    Ok(Names {
        numbers,
        people: redmine_ids("person", &people, conn)?,
        products: known.into_iter().collect(),
        projects: redmine_ids("project", &projects, conn)?,
        file_numbers: redmine_ids("file", &ids, conn)?,
        files: files.into_iter().collect(),
        relations: relations.into_iter().filter_map(|it| Some((it.0, it.1?))).collect(),
    })
}

fn journal(event: &Value, names: &Names<'_>, comment_texts: &CommentTexts) -> Option<Value> {
    let kind = event["type"].as_str()?;
    let is_silent = matches!(
        kind,
        "ticket.created" | "ticket.imported" | "ticket.comment_edited" | "ticket.redacted"
    );
    if is_silent || kind.starts_with("ticket.deadline") || kind.starts_with("ticket.closing") {
        return None;
    }
    let comment = event["comment_id"].as_i64().and_then(|it| comment_texts.get(&it));
    let details = details(event, names);
    if comment.is_none() && details.is_empty() {
        return None;
    }
    let at = event["at"].as_str()?.parse::<chrono::DateTime<chrono::Utc>>().ok()?;
    let user = event["actor"]["id"].as_i64().map_or_else(
        || json!({ "id": 4, "name": "Система" }),
        |id| json!({ "id": names.people.get(&id), "name": event["actor"]["name"] }),
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

/// Whether a journal belongs to the previous one: same person, same moment. Internal notes
/// stay separate, as in Redmine.
fn belongs_to(journal: &Value, before: &Value) -> bool {
    let is_private = |it: &Value| it["private_notes"] == true;
    let has_notes = |it: &Value| it["notes"] != "";
    let is_one_person = journal["user"]["id"] == before["user"]["id"];
    let stands_alone = is_private(journal) || is_private(before);
    let both_have_notes = has_notes(journal) && has_notes(before);
    is_one_person && !stands_alone && !both_have_notes
}

fn merge(before: &mut Value, mut journal: Value) {
    if journal["notes"] != "" {
        before["notes"] = journal["notes"].take();
    }
    if let (Some(all), Value::Array(more)) =
        (before["details"].as_array_mut(), journal["details"].take())
    {
        all.extend(more);
    }
}
