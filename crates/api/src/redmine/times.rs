//! Filters by time: from one instant to another, on a day, or so many days, weeks or months ago.

use chrono::{
    DateTime, Datelike as _, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc,
};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Timestamptz};

use crate::search::find::candidates::Ids;

/// A time span: from an instant (inclusive) to another (exclusive).
type Span = (DateTime<Utc>, DateTime<Utc>);

/// The column behind a filter by time.
pub fn column(filter: &str) -> Option<&'static str> {
    Some(match filter {
        "created_on" => "tickets.created_at",
        "updated_on" => "tickets.updated_at",
        "closed_on" => "tickets.closed_at",
        _ => return None,
    })
}

/// Those whose time is as asked for; none if it is no value of such a filter.
pub fn in_time(ids: Ids, column: &'static str, value: &str, now: DateTime<Utc>) -> Option<Ids> {
    Some(match value {
        "*" => ids.filter(sql::<Bool>(column).sql(" is not null")),
        "!*" => ids.filter(sql::<Bool>(column).sql(" is null")),
        _ => {
            let (from, until) = span(value, now.date_naive())?;
            let condition = sql::<Bool>("(").sql(column).sql(" >= ").bind::<Timestamptz, _>(from);
            let condition = condition.sql(" and ").sql(column).sql(" < ");
            ids.filter(condition.bind::<Timestamptz, _>(until).sql(")"))
        }
    })
}

fn span(value: &str, today: NaiveDate) -> Option<Span> {
    let ago = |days: &str| today.checked_sub_days(Days::new(days.parse().ok()?));
    if let Some(found) = period(value, today) {
        return found;
    }
    let (first, last) = (DateTime::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC);
    let parts = ["><t-", ">t-", "<t-", "t-", "><", ">=", "<=", "="];
    let found = parts.iter().find_map(|it| Some((*it, value.strip_prefix(it)?)));
    match found.unwrap_or(("=", value)) {
        ("><t-", days) => of_days(ago(days)?, today),
        (">t-", days) => Some((of_day(ago(days)?)?.0, last)),
        ("<t-", days) => Some((first, of_day(ago(days)?)?.1)),
        ("t-", days) => of_day(ago(days)?),
        ("><", both) => {
            let (from, until) = both.split_once('|')?;
            Some((instant(from)?.0, instant(until)?.1))
        }
        (">=", from) => Some((instant(from)?.0, last)),
        ("<=", until) => Some((first, instant(until)?.1)),
        (_, at) => instant(at),
    }
}

/// A period of the calendar by its name, if there is one; weeks begin on Monday.
fn period(name: &str, today: NaiveDate) -> Option<Option<Span>> {
    let monday =
        today.checked_sub_days(Days::new(today.weekday().num_days_from_monday().into()))?;
    let month = today.with_day(1)?;
    let days = |from: Option<NaiveDate>, until: Option<NaiveDate>| of_days(from?, until?);
    let before = |day: NaiveDate, count: u64| day.checked_sub_days(Days::new(count));
    let months = |count: u32| month.checked_add_months(Months::new(count));
    Some(match name {
        "t" => of_day(today),
        "ld" => of_day(before(today, 1)?),
        "w" => days(Some(monday), monday.checked_add_days(Days::new(6))),
        "lw" => days(before(monday, 7), before(monday, 1)),
        "l2w" => days(before(monday, 14), before(monday, 1)),
        "m" => days(Some(month), before(months(1)?, 1)),
        "lm" => days(month.checked_sub_months(Months::new(1)), before(month, 1)),
        "y" => days(today.with_ordinal(1), NaiveDate::from_ymd_opt(today.year(), 12, 31)),
        _ => return None,
    })
}

/// The start of a day or second, and of the next one.
fn instant(text: &str) -> Option<Span> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return of_day(day);
    }
    const FORMS: &[&str] = &["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"];
    let plain = text.strip_suffix('Z').unwrap_or(text);
    let at = FORMS.iter().find_map(|it| NaiveDateTime::parse_from_str(plain, it).ok())?.and_utc();
    of_day(at.date_naive())?;
    Some((at, at + TimeDelta::seconds(1)))
}

fn of_days(first: NaiveDate, last: NaiveDate) -> Option<Span> {
    Some((of_day(first)?.0, of_day(last)?.1))
}

/// A day from its start to that of the next one, if its year has four digits: others a Redmine does not
/// read, and not all of them the database.
fn of_day(day: NaiveDate) -> Option<Span> {
    let from = day.and_time(NaiveTime::MIN).and_utc();
    (1..=9999).contains(&day.year()).then(|| (from, from + TimeDelta::days(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C1: on a Monday, the first of a month, too.
    #[test]
    fn c1_periods_are_those_of_a_redmine() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let found = |value: &str, today: &str| {
            let (from, until) = span(value, day(today)).unwrap();
            (from.date_naive(), (until - TimeDelta::days(1)).date_naive())
        };
        for (value, today, from, until) in [
            ("t", "2026-06-01", "2026-06-01", "2026-06-01"),
            ("ld", "2026-06-01", "2026-05-31", "2026-05-31"),
            ("w", "2026-06-01", "2026-06-01", "2026-06-07"),
            ("w", "2026-06-07", "2026-06-01", "2026-06-07"),
            ("lw", "2026-06-07", "2026-05-25", "2026-05-31"),
            ("l2w", "2026-06-07", "2026-05-18", "2026-05-31"),
            ("m", "2026-02-10", "2026-02-01", "2026-02-28"),
            ("lm", "2026-03-31", "2026-02-01", "2026-02-28"),
            ("lm", "2026-01-31", "2025-12-01", "2025-12-31"),
            ("y", "2026-02-10", "2026-01-01", "2026-12-31"),
            ("t-3", "2026-06-01", "2026-05-29", "2026-05-29"),
            ("><t-3", "2026-06-01", "2026-05-29", "2026-06-01"),
            ("<t-3", "2026-06-01", "1970-01-01", "2026-05-29"),
            ("=2026-05-29", "2026-06-01", "2026-05-29", "2026-05-29"),
        ] {
            assert_eq!(found(value, today), (day(from), day(until)), "{value} {today}");
        }
        for value in ["", "x", "t-", "t-x", "><2026-01-01", ">t-99999999", "w1"] {
            assert_eq!(span(value, day("2026-06-01")), None, "{value}");
        }
    }
}
