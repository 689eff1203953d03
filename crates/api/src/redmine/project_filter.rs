//! The filter by project: as in a Redmine with what is below it, and with its private issues wherever they
//! are here.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool};

use crate::http::caller::Caller;
use crate::redmine::error::RedmineError;
use crate::redmine::issue::SOURCE_PROJECT;
use crate::redmine::numbers::{Numbers, OWN};
use crate::redmine::people::find_project;
use crate::redmine::query::{FilterValue, Operator};
use crate::redmine::tree::Tree;
use crate::search::find::candidates::Ids;

/// Errors: an unknown project.
pub fn of_projects(
    ids: Ids,
    filter: &FilterValue,
    filters: &[(String, String)],
    numbers: &Numbers,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Ids, RedmineError> {
    let below = filters.iter().find(|it| it.0 == "subproject_id").map(|it| FilterValue::of(&it.1));
    let tree = Tree::of(numbers);
    let mut wanted = Vec::new();
    for name in filter.words() {
        let (_, shown) = find_project(name, caller, conn)?;
        let number = shown["id"].as_i64().unwrap_or(0);
        wanted.push(number);
        wanted
            .extend(tree.below(number).into_iter().filter(|it| is_asked_for(*it, below.as_ref())));
    }
    // The projects here first: along an index.
    let condition = sql::<Bool>(
        "tickets.project_id in (
            select unnest(array[id, (about ->> 'private')::bigint]) from imported
            where kind = 'project' and source_id = any(",
    );
    let condition = condition
        .bind::<Array<BigInt>, _>(wanted.clone())
        .sql(&format!(") union all select number - {OWN} from unnest("))
        .bind::<Array<BigInt>, _>(wanted.clone())
        .sql(&format!(
            ") as number) and coalesce((select source_id from ({SOURCE_PROJECT}) as source), \
             tickets.project_id + {OWN}) = any("
        ))
        .bind::<Array<BigInt>, _>(wanted);
    Ok(ids.filter(condition.sql(")")))
}

/// Whether a project below another one counts, too: all do unless `subproject_id` says otherwise.
fn is_asked_for(number: i64, below: Option<&FilterValue>) -> bool {
    let Some(filter) = below else { return true };
    let is_named = filter.words().any(|it| it.parse() == Ok(number));
    (filter.operator == Operator::Any || is_named) != filter.is_not
}
