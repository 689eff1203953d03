//! What the groups of a report are called.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Text};
use domain::{Language, Priority, Status, Tracker};
use serde::Serialize;
use utoipa::ToSchema;

use crate::projects::view::project_name;
use crate::reports::query::GroupBy;

/// What the tickets of a row have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReportGroup)]
pub struct Group {
    /// The number of the company, project, direction, product, topic or person; null for words, and
    /// for tickets that have none.
    pub id: Option<i64>,
    /// The code of a tracker, priority or status.
    pub code: Option<String>,
    /// The name to show, in the caller's language; empty for tickets that have none.
    pub name: String,
}

impl Group {
    /// The value that narrows a list down to the group, if there is one.
    pub fn parameter(&self, group_by: GroupBy) -> Option<String> {
        let value = self.id.map(|it| it.to_string()).or_else(|| self.code.clone());
        match group_by {
            GroupBy::Assignee | GroupBy::Engineer | GroupBy::Product => {
                value.or_else(|| Some("none".to_owned()))
            }
            GroupBy::Company
            | GroupBy::Project
            | GroupBy::Direction
            | GroupBy::Tracker
            | GroupBy::Priority
            | GroupBy::Status => value,
        }
    }
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    rest: String,
}

/// The groups of these values, in the order of their names; of words in that of the regulation.
pub fn groups(
    group_by: GroupBy,
    values: &[Option<String>],
    language: Language,
    conn: &mut PgConnection,
) -> QueryResult<Vec<(Option<String>, Group)>> {
    let named = match group_by {
        GroupBy::Tracker => {
            Some(words(Tracker::ALL.iter().map(|it| (it.as_str(), it.label())), language))
        }
        GroupBy::Priority => {
            Some(words(Priority::ALL.iter().map(|it| (it.as_str(), it.label())), language))
        }
        GroupBy::Status => {
            Some(words(Status::ALL.iter().map(|it| (it.as_str(), it.label())), language))
        }
        GroupBy::Company
        | GroupBy::Project
        | GroupBy::Direction
        | GroupBy::Product
        | GroupBy::Assignee
        | GroupBy::Engineer => None,
    };
    if let Some(words) = named {
        let used = words.into_iter().filter(|it| values.contains(&it.code));
        return Ok(used.map(|it| (it.code.clone(), it)).collect());
    }
    let ids: Vec<i64> = values.iter().flatten().filter_map(|it| it.parse().ok()).collect();
    let names = names(group_by, &ids, conn)?;
    let mut groups: Vec<(Option<String>, Group)> = values
        .iter()
        .map(|value| {
            let id: Option<i64> = value.as_ref().and_then(|it| it.parse().ok());
            let name = id.and_then(|it| names.get(&it).cloned()).unwrap_or_default();
            (value.clone(), Group { id, code: None, name })
        })
        .collect();
    groups.sort_by(|(_, one), (_, other)| {
        let key = |it: &Group| (it.id.is_none(), it.name.to_lowercase(), it.id);
        key(one).cmp(&key(other))
    });
    Ok(groups)
}

fn words(
    all: impl Iterator<Item = (&'static str, domain::Text)>,
    language: Language,
) -> Vec<Group> {
    let group = |(code, label): (&'static str, domain::Text)| Group {
        id: None,
        code: Some(code.to_owned()),
        name: label.text_in(language).to_owned(),
    };
    all.map(group).collect()
}

/// What things are called.
pub fn names(
    group_by: GroupBy,
    ids: &[i64],
    conn: &mut PgConnection,
) -> QueryResult<HashMap<i64, String>> {
    let statement = match group_by {
        GroupBy::Company => "select id, name, '' as rest from companies where id = any($1)",
        GroupBy::Direction => "select id, name, '' as rest from directions where id = any($1)",
        GroupBy::Product => "select id, name, '' as rest from products where id = any($1)",
        GroupBy::Project => {
            "select projects.id, companies.name, directions.name as rest from projects
             join companies on companies.id = projects.company_id
             join directions on directions.id = projects.direction_id
             where projects.id = any($1)"
        }
        GroupBy::Assignee | GroupBy::Engineer => {
            "select id, first_name as name, last_name as rest from users where id = any($1)"
        }
        GroupBy::Tracker | GroupBy::Priority | GroupBy::Status => return Ok(HashMap::new()),
    };
    let rows: Vec<Named> =
        sql_query(statement).bind::<Array<BigInt>, _>(ids.to_vec()).load(conn)?;
    let shown = |it: &Named| match group_by {
        GroupBy::Project => project_name(&it.name, &it.rest),
        GroupBy::Assignee | GroupBy::Engineer => format!("{} {}", it.name, it.rest),
        GroupBy::Company
        | GroupBy::Direction
        | GroupBy::Product
        | GroupBy::Tracker
        | GroupBy::Priority
        | GroupBy::Status => it.name.clone(),
    };
    Ok(rows.iter().map(|it| (it.id, shown(it))).collect())
}
