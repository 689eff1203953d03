//! 2.5: a ticket that stays in feedback for two months is closed; the customer is reminded before.

use chrono::{DateTime, Days, Months, NaiveDateTime, Utc};

use crate::calendar::Calendar;
use crate::worktime::NEVER;

/// How long a ticket waits for its customer (2.5: «превышает срок 2 месяца»).
pub const MONTHS: u32 = 2;

/// When a ticket that entered feedback is closed by the system: two calendar months later by
/// the calendar's clock, on the last day of the month where it has no such day.
pub fn closes_at(entered_at: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
    let zone = calendar.zone();
    let closes = zone.local(entered_at).checked_add_months(Months::new(MONTHS));
    closes.map_or(NEVER, |it| zone.instant(it))
}

/// When the customer is reminded of a closing, earliest first: these numbers of days before it, by the
/// calendar's clock, on a working day: a day off gives the same time on the last working day before.
pub fn reminders(
    closes_at: DateTime<Utc>,
    days: &[i16],
    calendar: &Calendar,
) -> Vec<DateTime<Utc>> {
    let zone = calendar.zone();
    let closes = zone.local(closes_at);
    let days = days.iter().filter_map(|it| u64::try_from(*it).ok());
    let times = days.filter_map(|it| closes.checked_sub_days(Days::new(it)));
    let working = |it: NaiveDateTime| calendar.working_day_by(it.date()).and_time(it.time());
    let mut times: Vec<_> = times.map(|it| zone.instant(working(it))).collect();
    times.sort_unstable();
    times.dedup();
    times
}

/// The first reminder of a closing that comes after an instant.
pub fn next_reminder(
    closes_at: DateTime<Utc>,
    after: DateTime<Utc>,
    days: &[i16],
    calendar: &Calendar,
) -> Option<DateTime<Utc>> {
    reminders(closes_at, days, calendar).into_iter().find(|it| *it > after)
}

#[cfg(test)]
mod tests;
