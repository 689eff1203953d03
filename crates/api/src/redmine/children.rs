//! The subtasks of an issue, and theirs.

use std::collections::BTreeMap;

use diesel::prelude::*;
use domain::Tracker;
use serde_json::{Value, json};

use crate::db::schema::tickets;
use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::redmine::numbers::Numbers;
use crate::visibility;

/// The maximum number of subtasks shown for one issue.
const MAX_CHILDREN: usize = 1000;

/// How deep they are shown.
const DEPTH: usize = 10;

/// A subtask: its number, that of its parent, what it is.
type Child = (i64, Option<i64>, String, DbEnum<Tracker>);

/// The tree below an issue, as far as the caller may see it; a leaf has no children of its own.
pub fn children(
    id: i64,
    numbers: &Numbers,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Vec<Value>> {
    let mut below: BTreeMap<i64, Vec<Child>> = BTreeMap::new();
    let (mut parents, mut left) = (vec![id], MAX_CHILDREN);
    for _ in 0..DEPTH {
        let found: Vec<Child> = tickets::table
            .filter(tickets::parent_id.eq_any(&parents))
            .filter(visibility::tickets(&caller.viewer))
            .order(tickets::id)
            .limit(i64::try_from(left).unwrap_or(0))
            .select((tickets::id, tickets::parent_id, tickets::subject, tickets::tracker))
            .load(conn)?;
        left -= found.len();
        parents = found.iter().map(|it| it.0).collect();
        for child in found {
            below.entry(child.1.unwrap_or(id)).or_default().push(child);
        }
        if parents.is_empty() || left == 0 {
            break;
        }
    }
    Ok(tree(id, &below, numbers))
}

fn tree(id: i64, below: &BTreeMap<i64, Vec<Child>>, numbers: &Numbers) -> Vec<Value> {
    let own = below.get(&id).into_iter().flatten();
    let shown = own.map(|(id, _, subject, tracker)| {
        let mut child =
            json!({ "id": id, "tracker": numbers.tracker(tracker.0), "subject": subject });
        let children = tree(*id, below, numbers);
        if !children.is_empty() {
            child["children"] = Value::Array(children);
        }
        child
    });
    shown.collect()
}
