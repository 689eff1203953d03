//! The filters of issue lists in Redmine's syntax.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text};

use crate::db::schema::{ticket_watchers, tickets};
use crate::http::caller::Caller;
use crate::redmine::error::RedmineError;
use crate::redmine::fields::Field;
use crate::redmine::numbers::{Numbers, Word, local_id, ticket_ids};
use crate::redmine::project_filter::of_projects;
use crate::redmine::query::{FilterValue, Operator};
use crate::redmine::times;
use crate::search::find::candidates::Ids;
use crate::visibility;

/// Counts a query, which has to be built a second time.
pub trait CountOf {
    fn count_of(self, conn: &mut PgConnection) -> QueryResult<i64>;
}

impl CountOf for Ids {
    fn count_of(self, conn: &mut PgConnection) -> QueryResult<i64> {
        tickets::table.filter(tickets::id.eq_any(self)).count().get_result(conn)
    }
}

/// The issues that the caller may read and that match every filter; only open ones unless a status is given.
pub fn filtered(
    filters: &[(String, String)],
    numbers: &Numbers,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Ids, RedmineError> {
    let mut ids = all().filter(visibility::tickets(&caller.viewer));
    if !filters.iter().any(|it| it.0 == "status_id") {
        ids = ids.filter(tickets::is_open);
    }
    let context = Filters { all: filters, numbers, caller };
    for (name, value) in filters {
        if let Some(column) = times::column(name) {
            ids =
                times::in_time(ids, column, value, caller.now).ok_or_else(|| wrong(name, value))?;
            continue;
        }
        let filter = FilterValue::of(value);
        ids = match name.as_str() {
            // It narrows down the filter by project.
            "subproject_id" => ids,
            _ if filter.is_not => {
                let others = context.matching(all(), name, &filter, conn)?;
                let others = others.ok_or_else(|| wrong(name, value))?;
                ids.filter(tickets::id.ne_all(others))
            }
            _ => {
                let found = context.matching(ids, name, &filter, conn)?;
                found.ok_or_else(|| wrong(name, value))?
            }
        };
    }
    Ok(ids)
}

fn all() -> Ids {
    tickets::table.select(tickets::id).into_boxed()
}

fn wrong(name: &str, value: &str) -> RedmineError {
    RedmineError::Wrong(format!("{name}: «{value}» is not a value of this filter"))
}

/// What the filters of one request have in common.
struct Filters<'a> {
    all: &'a [(String, String)],
    numbers: &'a Numbers,
    caller: &'a Caller,
}

impl Filters<'_> {
    /// Those that match a filter, disregarding whether it is the opposite; none if it is not a value of this filter.
    /// Errors: an unknown filter, an unknown project.
    fn matching(
        &self,
        ids: Ids,
        name: &str,
        filter: &FilterValue,
        conn: &mut PgConnection,
    ) -> Result<Option<Ids>, RedmineError> {
        let numbers = self.numbers;
        Ok(match name {
            "status_id" => self.by_status(ids, filter),
            "tracker_id" => of_words(filter, &numbers.trackers)
                .map(|it| ids.filter(tickets::tracker.eq_any(it))),
            "priority_id" => of_words(filter, &numbers.priorities)
                .map(|it| ids.filter(tickets::priority.eq_any(it))),
            "project_id" if filter.operator != Operator::Is || filter.is_blank() => None,
            "project_id" => Some(of_projects(ids, filter, self.all, numbers, self.caller, conn)?),
            "is_private" => by_privacy(ids, filter),
            "assigned_to_id" if is_any(filter) => {
                Some(ids.filter(tickets::assignee_id.is_not_null()))
            }
            "assigned_to_id" => {
                self.people(filter, conn)?.map(|it| ids.filter(tickets::assignee_id.eq_any(it)))
            }
            "author_id" => {
                self.people(filter, conn)?.map(|it| ids.filter(tickets::author_id.eq_any(it)))
            }
            "watcher_id" => self.people(filter, conn)?.map(|people| {
                let watched = ticket_watchers::table
                    .filter(ticket_watchers::user_id.eq_any(people))
                    .select(ticket_watchers::ticket_id);
                ids.filter(tickets::id.eq_any(watched))
            }),
            "parent_id" => by_parent(ids, filter),
            "issue_id" => by_number(ids, filter, conn)?,
            "subject" => by_text(ids, "tickets.subject", filter),
            "description" => by_text(ids, DESCRIPTION, filter),
            "fixed_version_id" => self.by_imported(ids, "fixed_version", filter),
            "category_id" => self.by_imported(ids, "category", filter),
            other => match other.strip_prefix("cf_").and_then(|it| it.parse::<i64>().ok()) {
                Some(field) => self.by_field(ids, field, filter),
                None => return Err(RedmineError::Wrong(format!("{other} is not a filter here"))),
            },
        })
    }

    fn by_status(&self, ids: Ids, filter: &FilterValue) -> Option<Ids> {
        match filter.values.as_slice() {
            _ if is_any(filter) => Some(ids),
            [word] if matches!(word.as_str(), "open" | "o") => Some(ids.filter(tickets::is_open)),
            [word] if matches!(word.as_str(), "closed" | "c") => {
                Some(ids.filter(tickets::is_open.eq(false)))
            }
            _ => of_words(filter, &self.numbers.statuses)
                .map(|it| ids.filter(tickets::status.eq_any(it))),
        }
    }

    /// The people of a filter; none if it names something else.
    fn people(
        &self,
        filter: &FilterValue,
        conn: &mut PgConnection,
    ) -> Result<Option<Vec<i64>>, RedmineError> {
        let mut found = Vec::new();
        for word in filter.words() {
            match word.parse() {
                Ok(id) => found.push(local_id("person", id, conn)?),
                Err(_) if word == "me" => found.push(self.caller.user_id),
                Err(_) => return Ok(None),
            }
        }
        Ok(Some(found).filter(|it| filter.operator == Operator::Is && !it.is_empty()))
    }

    /// The current value of a field that has a column here; any other as imported.
    fn by_field(&self, ids: Ids, field: i64, filter: &FilterValue) -> Option<Ids> {
        match self.numbers.field(field)? {
            Field::Product => by_text(ids, PRODUCT, filter),
            Field::SerialNumber => by_text(ids, "tickets.serial_number", filter),
            Field::SoftwareVersion => by_text(ids, SOFTWARE_VERSION, filter),
            Field::Other(_) => self.by_imported(ids, &format!("cf_{field}"), filter),
        }
    }

    /// By a field as imported; any of its values may match.
    fn by_imported(&self, ids: Ids, key: &str, filter: &FilterValue) -> Option<Ids> {
        let (compare, patterns) = patterns(filter)?;
        let seen = and_seen(self.caller.viewer.reads_internal());
        let words = format!(
            "exists (select from imported cross join jsonb_array_elements(about -> 'fields') as field
                cross join lateral (
                    select raw from jsonb_array_elements_text(
                        case jsonb_typeof(field -> 'raw') when 'array' then field -> 'raw' else jsonb_build_array(field -> 'raw') end
                    ) as raw
                ) as one
                where imported.kind = 'ticket' and imported.id = tickets.id{seen} and raw {compare} any("
        );
        let condition = sql::<Bool>(&words).bind::<Array<Text>, _>(patterns);
        let condition = condition.sql(") and field ->> 'key' = ").bind::<Text, _>(key.to_owned());
        Some(ids.filter(condition.sql(")")))
    }
}

/// That somebody may read a `field` as imported, after another condition.
pub const fn and_seen(reads_internal: bool) -> &'static str {
    if reads_internal { "" } else { " and field ->> 'is_internal' <> 'true'" }
}

const DESCRIPTION: &str =
    "(select description from ticket_texts where ticket_texts.ticket_id = tickets.id)";
pub const SOFTWARE_VERSION: &str =
    "(select software_version from ticket_texts where ticket_texts.ticket_id = tickets.id)";
pub const PRODUCT: &str = "coalesce((select name from products where products.id = tickets.product_id), tickets.product_name)";

/// By the value of an SQL expression on a ticket.
fn by_text(ids: Ids, expression: &str, filter: &FilterValue) -> Option<Ids> {
    let (compare, patterns) = patterns(filter)?;
    let condition = sql::<Bool>(&format!("coalesce({expression} {compare} any("));
    Some(ids.filter(condition.bind::<Array<Text>, _>(patterns).sql("), false)")))
}

/// How a text is compared with any of some patterns.
fn patterns(filter: &FilterValue) -> Option<(&'static str, Vec<String>)> {
    let like = |form: fn(&str) -> String| {
        Some(("ilike", filter.values.iter().map(|it| form(&escaped(it))).collect()))
    };
    match filter.operator {
        Operator::Is | Operator::Contains | Operator::Begins | Operator::Ends
            if filter.is_blank() =>
        {
            None
        }
        Operator::Is => Some(("=", filter.values.clone())),
        Operator::Any => is_any(filter).then(|| ("<>", vec![String::new()])),
        Operator::Contains => like(|it| format!("%{it}%")),
        Operator::Begins => like(|it| format!("{it}%")),
        Operator::Ends => like(|it| format!("%{it}")),
        Operator::AtLeast | Operator::AtMost | Operator::Between => None,
    }
}

fn escaped(part: &str) -> String {
    part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

pub fn contains(part: &str) -> String {
    format!("%{}%", escaped(part))
}

/// Whether any value will do; nothing follows that operator.
fn is_any(filter: &FilterValue) -> bool {
    filter.operator == Operator::Any && filter.values.iter().all(String::is_empty)
}

fn of_words<T: Copy + ToString>(filter: &FilterValue, words: &[Word<T>]) -> Option<Vec<String>> {
    let ids = filter.numbers().filter(|_| filter.operator == Operator::Is)?;
    let words = words.iter().filter(|it| ids.contains(&it.id)).map(|it| it.is.to_string());
    Some(words.collect())
}

fn by_privacy(ids: Ids, filter: &FilterValue) -> Option<Ids> {
    let of_imported = |word: &'static str| {
        sql::<Bool>(word).sql(
            " (select from imported where kind = 'ticket' and imported.id = tickets.id
                and about ->> 'is_private' = 'true')",
        )
    };
    match (filter.operator, filter.values.as_slice()) {
        (Operator::Is, [it]) if matches!(it.as_str(), "1" | "true") => {
            Some(ids.filter(of_imported("exists")))
        }
        (Operator::Is, [it]) if matches!(it.as_str(), "0" | "false") => {
            Some(ids.filter(of_imported("not exists")))
        }
        _ => None,
    }
}

fn by_parent(ids: Ids, filter: &FilterValue) -> Option<Ids> {
    if is_any(filter) {
        return Some(ids.filter(tickets::parent_id.is_not_null()));
    }
    let parents = filter.numbers()?;
    match filter.operator {
        Operator::Is => Some(ids.filter(tickets::parent_id.eq_any(parents))),
        Operator::Contains => {
            let below = sql::<Bool>(
                "tickets.id in (with recursive below (id) as (
                    select child.id from tickets as child where child.parent_id = any(",
            );
            let below = below.bind::<Array<BigInt>, _>(parents).sql(
                ") union select child.id from tickets as child join below on child.parent_id = below.id
                ) select id from below)",
            );
            Some(ids.filter(below))
        }
        Operator::Any
        | Operator::Begins
        | Operator::Ends
        | Operator::AtLeast
        | Operator::AtMost
        | Operator::Between => None,
    }
}

fn by_number(ids: Ids, filter: &FilterValue, conn: &mut PgConnection) -> QueryResult<Option<Ids>> {
    if is_any(filter) {
        return Ok(Some(ids));
    }
    let numbers = filter.numbers().unwrap_or_default();
    Ok(match (filter.operator, numbers.as_slice()) {
        (Operator::Between, [from, until]) => Some(ids.filter(tickets::id.between(*from, *until))),
        (Operator::AtLeast, [from]) => Some(ids.filter(tickets::id.ge(*from))),
        (Operator::AtMost, [until]) => Some(ids.filter(tickets::id.le(*until))),
        (Operator::Is, [_, ..]) => {
            Some(ids.filter(tickets::id.eq_any(ticket_ids(&numbers, conn)?)))
        }
        _ => None,
    })
}
