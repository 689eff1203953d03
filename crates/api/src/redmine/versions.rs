//! Versions of the imported Redmine: a project has its own, and those that others share with it.

use actix_web::web::Path;
use serde_json::{Value, json};

use crate::redmine::caller::Reader;
use crate::redmine::error::{RedmineError, RedmineResult, json as respond};
use crate::redmine::numbers::Numbers;
use crate::redmine::people::{find_project, load_projects};
use crate::redmine::tree::Tree;

pub async fn list(reader: Reader, name: Path<String>) -> RedmineResult {
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| {
        let numbers = Numbers::load(conn)?;
        Ok(find_project(&name, &caller, conn).map(|(_, shown)| of_project(&shown["id"], &numbers)))
    });
    let found = found.await??;
    respond(&json!({ "total_count": found.len(), "versions": found }))
}

/// A version, if it is one of a project that the caller may see.
pub async fn show(reader: Reader, id: Path<String>) -> RedmineResult {
    let id: i64 = id.parse().map_err(|_| RedmineError::Missing)?;
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| {
        let numbers = Numbers::load(conn)?;
        Ok(load_projects(&caller, conn).map(|projects| {
            let all = projects.iter().flat_map(|it| of_project(&it.1["id"], &numbers));
            all.into_iter().find(|it| it["id"] == id)
        }))
    });
    respond(&json!({ "version": found.await??.ok_or(RedmineError::Missing)? }))
}

fn of_project(number: &Value, numbers: &Numbers) -> Vec<Value> {
    let (tree, number) = (Tree::of(numbers), number.as_i64().unwrap_or(0));
    let is_seen = |it: &&Value| {
        let of = it["project"].as_i64().unwrap_or(0);
        tree.shares(of, it["sharing"].as_str().unwrap_or_default(), number)
    };
    let all = numbers.lists["versions"].as_array().into_iter().flatten();
    all.filter(is_seen).map(|it| with_project(it, numbers)).collect()
}

/// A version with the name of the project that it belongs to.
fn with_project(version: &Value, numbers: &Numbers) -> Value {
    let projects = numbers.lists["projects"].as_array().into_iter().flatten();
    let project = projects.clone().find(|it| it["id"] == version["project"]);
    let name = project.map_or(Value::Null, |it| it["name"].clone());
    let mut shown = version.clone();
    shown["project"] = json!({ "id": version["project"], "name": name });
    shown
}
