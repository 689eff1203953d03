//! Projects and memberships.

use actix_web::HttpRequest;
use actix_web::web::Path;
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::db::schema::{
    companies, direction_engineers, directions, imported, project_members, projects, users,
};
use crate::http::caller::Caller;
use crate::redmine::caller::Reader;
use crate::redmine::error::{RedmineError, RedmineResult, json as respond};
use crate::redmine::issue::time;
use crate::redmine::numbers::{Numbers, OWN, redmine_ids};
use crate::redmine::query::Query;
use crate::redmine::users::role;
use crate::visibility;

type ProjectRow = (i64, bool, chrono::DateTime<chrono::Utc>, String, String);

/// The projects that the caller may see, with their ids here: several Redmine projects may have become one.
pub fn load_projects(
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<(i64, Value)>, RedmineError> {
    let rows: Vec<ProjectRow> = projects::table
        .inner_join(companies::table)
        .inner_join(directions::table)
        .filter(visibility::projects(&caller.viewer))
        .order(projects::id)
        .limit(10_000)
        .select((
            projects::id,
            projects::is_active,
            projects::created_at,
            companies::name,
            directions::name,
        ))
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().map(|it| it.0).collect();
    let sources: Vec<(Option<i64>, i64)> = imported::table
        .filter(imported::kind.eq("project"))
        .filter(imported::id.eq_any(&ids))
        .order(imported::source_id)
        .select((imported::id, imported::source_id))
        .load(conn)?;
    let lists = Numbers::load(conn)?.lists;
    let known = lists["projects"].as_array().cloned().unwrap_or_default();
    let shown = |row: &ProjectRow, number: i64| {
        let (id, is_active, created_at, company, direction) = row;
        let was = known.iter().find(|it| it["id"] == number);
        let name = was
            .and_then(|it| it["name"].as_str())
            .map_or_else(|| format!("{company} - {direction}"), str::to_owned);
        let identifier = was
            .and_then(|it| it["identifier"].as_str())
            .map_or_else(|| format!("p{id}"), str::to_owned);
        let description = was.and_then(|it| it["description"].as_str()).unwrap_or_default();
        json!({
            "id": number, "name": name, "identifier": identifier, "description": description,
            "homepage": "",
            "status": if *is_active { 1 } else { 5 }, "is_public": false, "inherit_members": false,
            "custom_fields": [], "created_on": time(*created_at), "updated_on": time(*created_at),
        })
    };
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let numbers = sources.iter().filter(|it| it.0 == Some(row.0)).map(|it| it.1);
        let mut numbers: Vec<i64> = numbers.collect();
        if numbers.is_empty() {
            numbers.push(row.0 + OWN);
        }
        all.extend(numbers.into_iter().map(|number| (row.0, shown(row, number))));
    }
    add_parents(&mut all, &known);
    Ok(all)
}

/// Adds the project above each one, if the caller may see that, too.
fn add_parents(projects: &mut [(i64, Value)], known: &[Value]) {
    let names: Vec<(Value, Value)> =
        projects.iter().map(|it| (it.1["id"].clone(), it.1["name"].clone())).collect();
    for (_, project) in projects {
        let was = known.iter().find(|it| it["id"] == project["id"]);
        let above = was.map_or(&Value::Null, |it| &it["parent"]);
        if let Some((id, name)) = names.iter().find(|it| it.0 == *above) {
            project["parent"] = json!({ "id": id, "name": name });
        }
    }
}

/// The project of a number or an identifier, if the caller may see it: its id here, and how it is shown.
pub fn find_project(
    name: &str,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<(i64, Value), RedmineError> {
    let number = name.parse::<i64>().ok();
    let is_meant = |(_, it): &(i64, Value)| {
        it["identifier"] == name || number.is_some_and(|id| it["id"] == id)
    };
    load_projects(caller, conn)?.into_iter().find(is_meant).ok_or(RedmineError::Missing)
}

pub async fn projects(req: HttpRequest, reader: Reader) -> RedmineResult {
    let query = Query::of(&req);
    let (limit, offset) = query.page();
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| Ok((load_projects(&caller, conn), Numbers::load(conn)?)));
    let (all, numbers) = found.await?;
    let all = all?;
    let total = all.len();
    let (at, most) = (usize::try_from(offset).unwrap_or(0), usize::try_from(limit).unwrap_or(25));
    let mut page: Vec<Value> = all.into_iter().skip(at).take(most).map(|it| it.1).collect();
    page.iter_mut().for_each(|it| include(it, &query, &numbers));
    respond(&json!({ "projects": page, "total_count": total, "offset": offset, "limit": limit }))
}

/// Adds what a request asks for besides the project itself.
fn include(project: &mut Value, query: &Query, numbers: &Numbers) {
    let named = |id: i64, name: &str| json!({ "id": id, "name": name });
    if query.includes("trackers") {
        project["trackers"] = numbers.trackers.iter().map(|it| named(it.id, &it.name)).collect();
    }
    if query.includes("issue_categories") {
        let own = categories(project, numbers);
        project["issue_categories"] = json!(own);
    }
    for name in ["time_entry_activities", "enabled_modules"] {
        if query.includes(name) {
            project[name] = json!([]);
        }
    }
    if query.includes("issue_custom_fields") {
        let (id, name) = &numbers.product_field;
        project["issue_custom_fields"] = json!([named(*id, name)]);
    }
}

/// The categories of a project, as imported.
pub fn categories(project: &Value, numbers: &Numbers) -> Vec<Value> {
    let all = numbers.lists["categories"].as_array().into_iter().flatten();
    let own = all.filter(|it| it["project"] == project["id"]);
    let shown = own.map(|it| {
        json!({
            "id": it["id"], "name": it["name"],
            "project": { "id": project["id"], "name": project["name"] },
        })
    });
    shown.collect()
}

pub async fn project(req: HttpRequest, reader: Reader, name: Path<String>) -> RedmineResult {
    let query = Query::of(&req);
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| {
        Ok(find_project(&name, &caller, conn).and_then(|(_, mut it)| {
            include(&mut it, &query, &Numbers::load(conn)?);
            Ok(it)
        }))
    });
    respond(&json!({ "project": found.await?? }))
}

pub async fn memberships(reader: Reader, name: Path<String>) -> RedmineResult {
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| Ok(members(&name, &caller, conn))).await??;
    let total = found.len();
    respond(&json!({ "memberships": found, "total_count": total, "offset": 0, "limit": 100 }))
}

fn members(
    name: &str,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<Value>, RedmineError> {
    type Row = (i64, String, String);
    let (project_id, shown) = find_project(name, caller, conn)?;
    let engineers: Vec<Row> = direction_engineers::table
        .inner_join(users::table)
        .inner_join(
            projects::table.on(projects::direction_id.eq(direction_engineers::direction_id)),
        )
        .filter(projects::id.eq(project_id))
        .filter(users::is_active)
        .order(users::id)
        .limit(100)
        .select((users::id, users::first_name, users::last_name))
        .load(conn)?;
    let customers: Vec<Row> = project_members::table
        .inner_join(users::table.on(users::id.eq(project_members::user_id)))
        .filter(project_members::project_id.eq(project_id))
        .filter(users::is_active)
        .order(users::id)
        .limit(100)
        .select((users::id, users::first_name, users::last_name))
        .load(conn)?;
    let ids: Vec<i64> = engineers.iter().chain(&customers).map(|it| it.0).collect();
    let numbers = redmine_ids("person", &ids, conn)?;
    let roles = [role(true, conn)?, role(false, conn)?];
    let [of_support, of_customers] = &roles;
    let all = engineers
        .into_iter()
        .map(|it| (it, true))
        .chain(customers.into_iter().map(|it| (it, false)));
    Ok(all
        .map(|((id, first, last), is_support)| {
            json!({
                "id": id, "project": { "id": shown["id"], "name": shown["name"] },
                "user": { "id": numbers.get(&id), "name": format!("{first} {last}") },
                "roles": [if is_support { of_support } else { of_customers }],
            })
        })
        .collect())
}
