//! The filters and the sort order of issue lists in Redmine's syntax.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::db::schema::{ticket_watchers, tickets};
use crate::http::caller::Caller;
use crate::redmine::error::RedmineError;
use crate::redmine::numbers::{Numbers, Word, local_id};
use crate::redmine::people::project_of;
use crate::redmine::query::{FilterValue, parse_filter_value};
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
    let mut ids: Ids =
        tickets::table.select(tickets::id).filter(visibility::tickets(&caller.viewer)).into_boxed();
    if !filters.iter().any(|it| it.0 == "status_id") {
        ids = ids.filter(tickets::is_open);
    }
    for (name, value) in filters {
        ids = filter(ids, name, value, numbers, caller, conn)?;
    }
    Ok(ids)
}

fn filter(
    ids: Ids,
    name: &str,
    value: &str,
    numbers: &Numbers,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Ids, RedmineError> {
    let wrong = || RedmineError::Wrong(format!("{name}: «{value}» is not a value of this filter"));
    Ok(match name {
        "status_id" => match value {
            "*" => ids,
            "open" | "o" => ids.filter(tickets::is_open),
            "closed" | "c" => ids.filter(tickets::is_open.eq(false)),
            _ => {
                let (is_not, words) = of_words(value, &numbers.statuses).ok_or_else(wrong)?;
                if is_not { ids.filter(tickets::status.ne_all(words)) } else { ids.filter(tickets::status.eq_any(words)) }
            }
        },
        "tracker_id" => {
            let (is_not, words) = of_words(value, &numbers.trackers).ok_or_else(wrong)?;
            if is_not { ids.filter(tickets::tracker.ne_all(words)) } else { ids.filter(tickets::tracker.eq_any(words)) }
        }
        "priority_id" => {
            let (is_not, words) = of_words(value, &numbers.priorities).ok_or_else(wrong)?;
            if is_not { ids.filter(tickets::priority.ne_all(words)) } else { ids.filter(tickets::priority.eq_any(words)) }
        }
        "project_id" => ids.filter(tickets::project_id.eq(project_of(value, caller, conn)?)),
        "subproject_id" | "is_private" if value.starts_with('!') || value == "0" => ids,
        "is_private" => ids.filter(sql::<Bool>(
            "exists (select from imported where kind = 'ticket' and imported.id = tickets.id and about ->> 'is_private' = 'true')",
        )),
        "assigned_to_id" if value == "!*" => ids.filter(tickets::assignee_id.is_null()),
        "assigned_to_id" if value == "*" => ids.filter(tickets::assignee_id.is_not_null()),
        "assigned_to_id" => ids.filter(tickets::assignee_id.eq_any(people(value, caller, conn)?.ok_or_else(wrong)?)),
        "author_id" => ids.filter(tickets::author_id.eq_any(people(value, caller, conn)?.ok_or_else(wrong)?)),
        "watcher_id" => {
            let people = people(value, caller, conn)?.ok_or_else(wrong)?;
            let watched = ticket_watchers::table
                .filter(ticket_watchers::user_id.eq_any(people))
                .select(ticket_watchers::ticket_id);
            ids.filter(tickets::id.eq_any(watched))
        }
        "parent_id" => ids.filter(tickets::parent_id.eq_any(numbers_of(value).ok_or_else(wrong)?)),
        "issue_id" => by_number(ids, value).ok_or_else(wrong)?,
        "subject" => match value.strip_prefix('~') {
            Some(part) => ids.filter(tickets::subject.ilike(contains(part))),
            None => ids.filter(tickets::subject.eq(value.trim_start_matches('=').to_owned())),
        },
        "description" => {
            let part = contains(value.trim_start_matches('~'));
            ids.filter(
                sql::<Bool>("exists (select from ticket_texts where ticket_id = tickets.id and description ilike ")
                    .bind::<Text, _>(part).sql(")"),
            )
        }
        "created_on" => {
            let (from, until) = span(value, caller.now).ok_or_else(wrong)?;
            ids.filter(tickets::created_at.ge(from)).filter(tickets::created_at.lt(until))
        }
        "updated_on" => {
            let (from, until) = span(value, caller.now).ok_or_else(wrong)?;
            ids.filter(tickets::updated_at.ge(from)).filter(tickets::updated_at.lt(until))
        }
        other => match other.strip_prefix("cf_").and_then(|it| it.parse::<i64>().ok()) {
            Some(field) => by_field(ids, field, value, numbers, caller),
            None => return Err(RedmineError::Wrong(format!("{other} is not a filter here"))),
        },
    })
}

/// The current product; any other field as imported.
fn by_field(ids: Ids, field: i64, value: &str, numbers: &Numbers, caller: &Caller) -> Ids {
    let (part, is_part) = match value.strip_prefix('~') {
        Some(part) => (contains(part), true),
        None => (value.trim_start_matches('=').to_owned(), false),
    };
    let compare = if is_part { "ilike" } else { "=" };
    if field == numbers.product_field.0 {
        let name = "coalesce((select name from products where products.id = tickets.product_id), tickets.product_name)";
        return ids.filter(sql::<Bool>(&format!("{name} {compare} ")).bind::<Text, _>(part));
    }
    let seen =
        if caller.viewer.reads_internal() { "" } else { "and field ->> 'is_internal' <> 'true'" };
    let words = format!(
        "exists (select from imported cross join jsonb_array_elements(about -> 'fields') as field
            cross join lateral (
                select raw from jsonb_array_elements_text(
                    case jsonb_typeof(field -> 'raw') when 'array' then field -> 'raw' else jsonb_build_array(field -> 'raw') end
                ) as raw
            ) as one
            where imported.kind = 'ticket' and imported.id = tickets.id and field ->> 'key' = 'cf_{field}' {seen}
              and raw {compare} "
    );
    ids.filter(sql::<Bool>(&words).bind::<Text, _>(part).sql(")"))
}

pub fn contains(part: &str) -> String {
    let escaped = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

fn numbers_of(value: &str) -> Option<Vec<i64>> {
    parse_filter_value(value).values.iter().map(|it| it.parse().ok()).collect()
}

fn of_words<T: Copy + ToString>(value: &str, words: &[Word<T>]) -> Option<(bool, Vec<String>)> {
    let FilterValue { is_not, values } = parse_filter_value(value);
    let ids: Option<Vec<i64>> = values.iter().map(|it| it.parse().ok()).collect();
    let ids = ids.filter(|it| !it.is_empty())?;
    let words = words.iter().filter(|it| ids.contains(&it.id)).map(|it| it.is.to_string());
    Some((is_not, words.collect()))
}

fn people(
    value: &str,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Option<Vec<i64>>, RedmineError> {
    let mut found = Vec::new();
    for word in parse_filter_value(value).values {
        match (word.as_str(), word.parse()) {
            ("me", _) => found.push(caller.user_id),
            (_, Ok(id)) => found.push(local_id("person", id, conn)?),
            (_, Err(_)) => return Ok(None),
        }
    }
    Ok(Some(found))
}

fn by_number(ids: Ids, value: &str) -> Option<Ids> {
    if let Some((from, until)) = value.strip_prefix("><").and_then(|it| it.split_once('|')) {
        return Some(
            ids.filter(tickets::id.between(from.parse::<i64>().ok()?, until.parse::<i64>().ok()?)),
        );
    }
    if let Some(from) = value.strip_prefix(">=") {
        return Some(ids.filter(tickets::id.ge(from.parse::<i64>().ok()?)));
    }
    if let Some(until) = value.strip_prefix("<=") {
        return Some(ids.filter(tickets::id.le(until.parse::<i64>().ok()?)));
    }
    Some(ids.filter(tickets::id.eq_any(numbers_of(value)?)))
}

/// A time span: from an instant (inclusive) to another (exclusive).
fn span(value: &str, now: DateTime<Utc>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let (first, last) = (DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC);
    let today = now.date_naive();
    let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    if value == "t" {
        return Some((start(today), start(today) + TimeDelta::days(1)));
    }
    if let Some(days) = value.strip_prefix(">t-") {
        return Some((start(today.checked_sub_days(Days::new(days.parse().ok()?))?), last));
    }
    if let Some(days) = value.strip_prefix("<t-") {
        return Some((first, start(today.checked_sub_days(Days::new(days.parse().ok()?))?)));
    }
    if let Some((from, until)) = value.strip_prefix("><").and_then(|it| it.split_once('|')) {
        return Some((instant(from)?.0, instant(until)?.1));
    }
    match (value.strip_prefix(">="), value.strip_prefix("<=")) {
        (Some(from), _) => Some((instant(from)?.0, last)),
        (None, Some(until)) => Some((first, instant(until)?.1)),
        (None, None) => instant(value.strip_prefix('=').unwrap_or(value)),
    }
}

/// The start of a day or second, and of the next one.
fn instant(text: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        let from = day.and_time(NaiveTime::MIN).and_utc();
        return Some((from, from + TimeDelta::days(1)));
    }
    let at = text.ends_with('Z').then(|| text.parse::<DateTime<Utc>>().ok()).flatten()?;
    Some((at, at + TimeDelta::seconds(1)))
}
