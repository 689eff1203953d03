//! The order of lists of issues, as scripts write it.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Jsonb, Nullable, Text};

use crate::db::schema::tickets;
use crate::redmine::fields::Field;
use crate::redmine::filters::{PRODUCT, SOFTWARE_VERSION, and_seen};
use crate::redmine::issue::SOURCE_PROJECT;
use crate::redmine::numbers::{Numbers, Word};
use crate::search::find::candidates::Ids;

/// How many keys an order has at most.
const MAX_KEYS: usize = 3;

/// Sorts by the known keys, as a Redmine does; unknown ones are ignored, and ties are broken by number.
pub fn sorted(mut ids: Ids, sort: &str, numbers: &Numbers, reads_internal: bool) -> Ids {
    let mut is_first = true;
    for (key, is_down) in keys(sort) {
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
            "parent" => by!(sql::<BigInt>("coalesce(tickets.parent_id, tickets.id)")),
            "project" => by!(sql::<Text>("coalesce((select name from (")
                .sql(SOURCE_PROJECT)
                .sql(") as source), ")
                .sql(PLACE)
                .sql(")")),
            "status" => by!(place("status", &numbers.statuses)),
            "tracker" => by!(place("tracker", &numbers.trackers)),
            "priority" => by!(place("priority", &numbers.priorities)),
            "author" => by!(name("author_id")),
            "assigned_to" => by!(name("assignee_id")),
            _ => match column(key, numbers) {
                Some(Sorted::Here(expression)) => by!(sql::<Nullable<Text>>(expression)),
                Some(Sorted::Imported) => {
                    by!(sql::<Nullable<Jsonb>>("coalesce(")
                        .sql(IMPORTED)
                        .bind::<Text, _>(key.to_owned())
                        .sql(and_seen(reads_internal))
                        .sql(if key == "done_ratio" { " limit 1), '0')" } else { " limit 1))" }))
                }
                None => continue,
            },
        };
        is_first = false;
    }
    if is_first { ids.order(tickets::id.desc()) } else { ids.then_order_by(tickets::id.desc()) }
}

/// The keys and whether each goes down: as in Redmine the first three different ones.
fn keys(sort: &str) -> Vec<(&str, bool)> {
    let mut keys: Vec<(&str, bool)> = Vec::new();
    for key in sort.split(',').filter(|it| !it.is_empty()) {
        let (key, direction) = key.split_once(':').unwrap_or((key, ""));
        if keys.iter().all(|(known, _)| *known != key) {
            keys.push((key, direction == "desc"));
        }
        if keys.len() == MAX_KEYS {
            break;
        }
    }
    keys
}

/// The place here of a ticket that came from no project there.
const PLACE: &str = "(select companies.name || ' - ' || directions.name from companies, directions
    where companies.id = tickets.company_id and directions.id = tickets.direction_id)";

/// What else issues are sorted by.
enum Sorted {
    /// An expression of a ticket.
    Here(&'static str),
    /// The field of this key, as imported.
    Imported,
}

fn column(key: &str, numbers: &Numbers) -> Option<Sorted> {
    const FIELDS: &[&str] =
        &["start_date", "due_date", "done_ratio", "estimated_hours", "category", "fixed_version"];
    if FIELDS.contains(&key) {
        return Some(Sorted::Imported);
    }
    let number: i64 = key.strip_prefix("cf_")?.parse().ok()?;
    Some(match numbers.field(number)? {
        Field::Product => Sorted::Here(PRODUCT),
        Field::SerialNumber => Sorted::Here("tickets.serial_number"),
        Field::SoftwareVersion => Sorted::Here(SOFTWARE_VERSION),
        Field::Other(_) => Sorted::Imported,
    })
}

/// The value of a field as imported, by its key: what has a number by its name.
const IMPORTED: &str = "(select nullif(
        case when field ->> 'key' in ('category', 'fixed_version') then field -> 'value' else field -> 'raw' end,
        'null')
    from imported cross join jsonb_array_elements(about -> 'fields') as field
    where imported.kind = 'ticket' and imported.id = tickets.id and field ->> 'key' = ";

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
