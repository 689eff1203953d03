//! Versions of the imported Redmine: a project has its own, and those that others share with it.

use std::collections::BTreeSet;

use actix_web::web::Path;
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::db::schema::imported;
use crate::redmine::caller::Reader;
use crate::redmine::error::{RedmineError, RedmineResult, json as respond};
use crate::redmine::numbers::Numbers;
use crate::redmine::people::project_of;

pub async fn list(reader: Reader, name: Path<String>) -> RedmineResult {
    let Reader { caller, db } = reader;
    let found = db.run(move |conn| {
        Ok(project_of(&name, &caller, conn).and_then(|id| Ok(of_project(id, conn)?)))
    });
    let found: Result<Vec<Value>, RedmineError> = found.await?;
    let found = found?;
    respond(&json!({ "total_count": found.len(), "versions": found }))
}

fn of_project(id: i64, conn: &mut PgConnection) -> QueryResult<Vec<Value>> {
    let lists = Numbers::load(conn)?.lists;
    let own: Vec<i64> = imported::table
        .filter(imported::kind.eq("project"))
        .filter(imported::id.eq(id))
        .select(imported::source_id)
        .load(conn)?;
    let tree = Tree { projects: lists["projects"].as_array().cloned().unwrap_or_default() };
    let is_seen = |it: &&Value| {
        let of = it["project"].as_i64().unwrap_or(0);
        own.iter().any(|own| tree.shares(of, it["sharing"].as_str().unwrap_or_default(), *own))
    };
    let all = lists["versions"].as_array().into_iter().flatten();
    Ok(all.filter(is_seen).cloned().collect())
}

/// Which project is below which.
struct Tree {
    projects: Vec<Value>,
}

impl Tree {
    /// A project and those above it, up to its root.
    fn line(&self, project: i64) -> BTreeSet<i64> {
        let mut line = BTreeSet::new();
        let mut next = Some(project);
        while let Some(id) = next.filter(|it| line.insert(*it)) {
            let found = self.projects.iter().find(|it| it["id"] == id);
            next = found.and_then(|it| it["parent"].as_i64());
        }
        line
    }

    /// Whether a version of one project is one of another, by how it is shared.
    fn shares(&self, of: i64, sharing: &str, with: i64) -> bool {
        let (above, below) = (self.line(with).contains(&of), self.line(of).contains(&with));
        match sharing {
            "system" => true,
            "tree" => !self.line(of).is_disjoint(&self.line(with)),
            "hierarchy" => above || below,
            "descendants" => above,
            _ => of == with,
        }
    }
}
