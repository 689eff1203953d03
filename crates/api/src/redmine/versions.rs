//! Versions of the imported Redmine: a project has its own, and those that others share with it.

use actix_web::web::Path;
use serde_json::{Value, json};

use crate::redmine::caller::Reader;
use crate::redmine::error::{RedmineResult, json as respond};
use crate::redmine::numbers::Numbers;
use crate::redmine::people::find_project;
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

fn of_project(number: &Value, numbers: &Numbers) -> Vec<Value> {
    let (tree, number) = (Tree::of(numbers), number.as_i64().unwrap_or(0));
    let is_seen = |it: &&Value| {
        let of = it["project"].as_i64().unwrap_or(0);
        tree.shares(of, it["sharing"].as_str().unwrap_or_default(), number)
    };
    let all = numbers.lists["versions"].as_array().into_iter().flatten();
    all.filter(is_seen).cloned().collect()
}
