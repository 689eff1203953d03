//! The order of lists of issues, as scripts write it.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text};

use crate::db::schema::tickets;
use crate::redmine::numbers::{Numbers, Word};
use crate::search::find::candidates::Ids;

/// Sorts by the known keys, as a Redmine does; unknown ones are ignored, and ties are broken by number.
pub fn sorted(mut ids: Ids, sort: &str, numbers: &Numbers) -> Ids {
    let mut is_first = true;
    for key in sort.split(',').filter(|it| !it.is_empty()) {
        let (key, is_down) = match key.split_once(':') {
            Some((key, direction)) => (key, direction == "desc"),
            None => (key, false),
        };
        macro_rules! by {
            ($column:expr) => {
                match (is_first, is_down) {
                    (true, true) => ids.order($column.desc()),
                    (true, false) => ids.order($column.asc()),
                    (false, true) => ids.then_order_by($column.desc()),
                    (false, false) => ids.then_order_by($column.asc()),
                }
            };
        }
        ids = match key {
            "id" => by!(tickets::id),
            "created_on" => by!(tickets::created_at),
            "updated_on" => by!(tickets::updated_at),
            "closed_on" => by!(tickets::closed_at),
            "subject" => by!(tickets::subject),
            "parent" => by!(tickets::parent_id),
            "status" => by!(place("status", &numbers.statuses)),
            "tracker" => by!(place("tracker", &numbers.trackers)),
            "priority" => by!(place("priority", &numbers.priorities)),
            "author" => by!(name("author_id")),
            "assigned_to" => by!(name("assignee_id")),
            _ => continue,
        };
        is_first = false;
    }
    if is_first { ids.order(tickets::id.desc()) } else { ids.then_order_by(tickets::id.desc()) }
}

/// Words are sorted by their places in their list.
fn place<T: ToString>(column: &str, words: &[Word<T>]) -> SqlLiteral<Nullable<Integer>> {
    let words: Vec<String> = words.iter().map(|it| format!("'{}'", it.is.to_string())).collect();
    sql(&format!("array_position(array[{}], tickets.{column})", words.join(", ")))
}

/// People are sorted by their names.
fn name(column: &str) -> SqlLiteral<Nullable<Text>> {
    sql(&format!(
        "(select first_name || ' ' || last_name from users where users.id = tickets.{column})"
    ))
}
