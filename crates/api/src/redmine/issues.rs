//! Issues: lists with filters, single issues, and search.

use std::collections::HashMap;

use actix_web::HttpRequest;
use actix_web::web::Path;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use serde_json::{Value, json};

use crate::db::schema::{comments, ticket_watchers, tickets, users};
use crate::http::caller::Caller;
use crate::redmine::caller::Reader;
use crate::redmine::children::children;
use crate::redmine::error::{RedmineError, RedmineResult, json as respond};
use crate::redmine::files::attachments;
use crate::redmine::filters::{CountOf as _, PRODUCT, contains, filtered};
use crate::redmine::issue::{Shown, rows};
use crate::redmine::journals::journals;
use crate::redmine::numbers::{Numbers, redmine_ids, ticket_id};
use crate::redmine::queries::Saved;
use crate::redmine::query::Query;
use crate::redmine::relations::links;
use crate::redmine::sorting::sorted;
use crate::search::find::candidates::Ids;
use crate::visibility;

/// How many words are searched for, as in Redmine.
const MAX_WORDS: usize = 5;

pub async fn list(req: HttpRequest, reader: Reader) -> RedmineResult {
    listed(Query::of(&req), None, reader).await
}

pub async fn list_of_project(
    req: HttpRequest,
    reader: Reader,
    project: Path<String>,
) -> RedmineResult {
    listed(Query::of(&req), Some(project.into_inner()), reader).await
}

async fn listed(query: Query, project: Option<String>, reader: Reader) -> RedmineResult {
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| Ok(load(&query, project.as_deref(), &caller, conn)));
    respond(&found.await??)
}

fn load(
    query: &Query,
    project: Option<&str>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Value, RedmineError> {
    let numbers = Numbers::load(conn)?;
    let (limit, offset) = query.page();
    let mut filters = query.filters()?;
    filters.extend(project.map(|it| ("project_id".to_owned(), it.to_owned())));
    let saved = query.value("query_id");
    let saved = saved.map(|it| Saved::find(it, &numbers, caller, conn)).transpose()?;
    let found = |conn: &mut PgConnection| match &saved {
        // As in Redmine, a saved query overrides all other filters.
        Some(saved) => saved.ids(&numbers, caller, conn),
        None => filtered(&filters, &numbers, caller, conn),
    };
    let total: i64 = found(conn)?.count_of(conn)?;
    let reads_internal = caller.viewer.reads_internal();
    let sort = query.value("sort").unwrap_or_default();
    let ids = sorted(found(conn)?, sort, &numbers, reads_internal);
    let ids: Vec<i64> = ids.limit(limit).offset(offset).load(conn)?;
    let found = rows(&ids, conn)?;
    let shown = Shown::of(&found, &numbers, reads_internal, conn)?;
    let mut files = match query.includes("attachments") {
        true => attachments(&ids, &query.base, caller, conn)?,
        false => HashMap::new(),
    };
    let mut relations = match query.includes("relations") {
        true => links(&ids, &numbers, caller, conn)?,
        false => HashMap::new(),
    };
    let mut issues = Vec::with_capacity(found.len());
    for row in &found {
        let mut issue = shown.issue(row)?;
        if query.includes("attachments") {
            issue["attachments"] = json!(files.remove(&row.id).unwrap_or_default());
        }
        if query.includes("relations") {
            issue["relations"] = json!(relations.remove(&row.id).unwrap_or_default());
        }
        issues.push(issue);
    }
    Ok(json!({ "issues": issues, "total_count": total, "offset": offset, "limit": limit }))
}

pub async fn show(req: HttpRequest, reader: Reader, id: Path<String>) -> RedmineResult {
    let query = Query::of(&req);
    let Reader { caller, db } = reader;
    let found =
        db.run(move |conn| Ok(ticket_id(&id, conn).and_then(|id| one(id, &query, &caller, conn))));
    respond(&found.await??)
}

fn one(
    id: i64,
    query: &Query,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Value, RedmineError> {
    let seen =
        tickets::table.filter(tickets::id.eq(id)).filter(visibility::tickets(&caller.viewer));
    let seen: i64 = seen.select(tickets::id).first(conn)?;
    let numbers = Numbers::load(conn)?;
    let reads_internal = caller.viewer.reads_internal();
    let mut issue = shown_alone(seen, &numbers, reads_internal, conn)?;
    if query.includes("children") {
        let children = children(id, &numbers, caller, conn)?;
        if !children.is_empty() {
            issue["children"] = Value::Array(children);
        }
    }
    if query.includes("attachments") {
        let files = attachments(&[id], &query.base, caller, conn)?.remove(&id);
        issue["attachments"] = json!(files.unwrap_or_default());
    }
    if query.includes("relations")
        && let Some(links) = links(&[id], &numbers, caller, conn)?.remove(&id)
    {
        issue["relations"] = json!(links);
    }
    if query.includes("changesets") {
        issue["changesets"] = json!([]);
    }
    if query.includes("journals") {
        issue["journals"] = journals(id, &numbers, caller, conn)?;
    }
    if query.includes("watchers") && reads_internal {
        issue["watchers"] = watchers(id, conn)?;
    }
    if query.includes("allowed_statuses") {
        issue["allowed_statuses"] = allowed(id, &numbers, caller, conn)?;
    }
    Ok(json!({ "issue": issue }))
}

/// An issue without its associations.
pub fn shown_alone(
    id: i64,
    numbers: &Numbers,
    reads_internal: bool,
    conn: &mut PgConnection,
) -> Result<Value, RedmineError> {
    let found = rows(&[id], conn)?;
    let shown = Shown::of(&found, numbers, reads_internal, conn)?;
    Ok(shown.issue(found.first().ok_or(RedmineError::Missing)?)?)
}

/// The current status, and those to which the caller may move the issue.
fn allowed(
    id: i64,
    numbers: &Numbers,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Value, RedmineError> {
    use crate::db::string_enum::DbEnum;

    let status: DbEnum<domain::Status> =
        tickets::table.find(id).select(tickets::status).first(conn)?;
    let moves = domain::workflow::WORKFLOW
        .iter()
        .filter(|it| it.from == Some(status.0) && it.by.iter().any(|by| caller.role.acts_as(*by)));
    let mut words: Vec<domain::Status> = moves.map(|it| it.to).chain([status.0]).collect();
    words.sort_unstable();
    words.dedup();
    Ok(words.into_iter().map(|it| numbers.status(it)).collect())
}

fn watchers(id: i64, conn: &mut PgConnection) -> Result<Value, RedmineError> {
    let people: Vec<(i64, String, String)> = ticket_watchers::table
        .inner_join(users::table)
        .filter(ticket_watchers::ticket_id.eq(id))
        .order(users::id)
        .select((users::id, users::first_name, users::last_name))
        .load(conn)?;
    let ids: Vec<i64> = people.iter().map(|it| it.0).collect();
    let numbers = redmine_ids("person", &ids, conn)?;
    Ok(people.into_iter().map(|(id, first, last)| {
        json!({ "id": numbers.get(&id), "name": format!("{first} {last}") })
    }).collect())
}

/// Issues whose texts and notes contain all the words, or whose number is one of them.
pub async fn search(req: HttpRequest, reader: Reader) -> RedmineResult {
    let query = Query::of(&req);
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| Ok(searched(&query, &caller, conn)));
    respond(&found.await??)
}

/// Whether issues are searched: unless a script names other things alone.
fn asks_for_issues(query: &Query) -> bool {
    const OTHERS: &[&str] =
        &["news", "documents", "changesets", "wiki_pages", "messages", "projects"];
    let is_asked = |name: &str| query.value(name) == Some("1");
    is_asked("issues") || !OTHERS.iter().any(|it| is_asked(it))
}

fn searched(
    query: &Query,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Value, RedmineError> {
    let (limit, offset) = query.page();
    let text = query.value("q").unwrap_or_default().trim().to_owned();
    let numbers = Numbers::load(conn)?;
    let ids = || -> Ids {
        let mut ids: Ids = tickets::table
            .select(tickets::id)
            .filter(visibility::tickets(&caller.viewer))
            .into_boxed();
        if query.value("open_issues") == Some("1") {
            ids = ids.filter(tickets::is_open);
        }
        for word in text.split_whitespace().take(MAX_WORDS) {
            let part = contains(word);
            let number = word.trim_start_matches(['#', '№']).parse::<i64>().unwrap_or(0);
            let noted = comments::table
                .filter(visibility::comments(&caller.viewer))
                .filter(comments::body.ilike(part.clone()))
                .select(comments::ticket_id);
            ids = ids.filter(
                tickets::subject.ilike(part.clone())
                    .or(tickets::id.eq_any([number, number + numbers.shift]))
                    .or(tickets::id.eq_any(noted))
                    .or(sql::<Bool>("exists (select from ticket_texts where ticket_id = tickets.id and description ilike ")
                        .bind::<Text, _>(part.clone()).sql(")"))
                    .or(sql::<Bool>(PRODUCT).sql(" ilike ").bind::<Text, _>(part)),
            );
        }
        ids
    };
    if text.is_empty() || !asks_for_issues(query) {
        return Ok(json!({ "results": [], "total_count": 0, "offset": offset, "limit": limit }));
    }
    let total = ids().count_of(conn)?;
    let found: Vec<i64> = ids().order(tickets::id.desc()).limit(limit).offset(offset).load(conn)?;
    let found = rows(&found, conn)?;
    let shown = Shown::of(&found, &numbers, caller.viewer.reads_internal(), conn)?;
    let mut results = Vec::new();
    for row in &found {
        let issue = shown.issue(row)?;
        let named = |it: &Value| it["name"].as_str().unwrap_or_default().to_owned();
        results.push(json!({
            "id": row.id,
            "title": format!("{} #{} ({}): {}", named(&issue["tracker"]), row.id, named(&issue["status"]),
                             issue["subject"].as_str().unwrap_or_default()),
            "type": if issue["status"]["is_closed"] == true { "issue-closed" } else { "issue" },
            "url": format!("{}/redmine/issues/{}", query.base, row.id),
            "description": issue["description"],
            "datetime": issue["created_on"],
        }));
    }
    Ok(json!({ "results": results, "total_count": total, "offset": offset, "limit": limit }))
}
