//! 2.3: arithmetic in working time. All of it is between instants; a wall clock is only
//! asked where a working day begins and ends.
//!
//! Working time is counted in whole minutes: an instant belongs to the minute it lies in, so
//! that what is counted piece by piece adds up, by hand, too.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};

use crate::calendar::Calendar;
use crate::zone::Zone;

/// Later than any deadline: stands for «never» in orders by time, and for anything beyond the calendar.
pub const NEVER: DateTime<Utc> = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day.and_time(chrono::NaiveTime::MIN).and_utc(),
    None => DateTime::<Utc>::MAX_UTC,
};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// How many weeks are looked at together in a zone whose clock may change: less than lies
/// between two changes that cancel each other out (a Ramadan, 30 days, in Egypt in 2010).
const WEEKS_AT_ONCE: i64 = 2;

/// The years in which the clocks of places change, as far as anyone has laid down.
const CHANGEABLE: RangeInclusive<i32> = 1800..=2199;

/// Instants are milliseconds since 1970 in here, and clamped to the years that have four digits.
type Millis = i64;

impl Calendar {
    /// The instant at which this many working minutes have passed since `start`. It is the earliest such
    /// instant: work that fills a day is due when that day ends, not when the next begins.
    pub fn add(&self, start: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
        if minutes < 0 {
            return self.sub(start, minutes.saturating_neg());
        }
        if minutes == 0 {
            return start;
        }
        let start = clamped(start);
        let today = day_at(self.zone(), start);
        let mut left = minutes.saturating_mul(MINUTE);
        let mut day = yesterday(today);
        while day.year() <= 9999 {
            if day > tomorrow(today) {
                let weeks = self.regular_weeks_from(day, (left - 1) / self.week());
                left -= weeks * self.week();
                day = moved(day, 7 * weeks);
            }
            for (from, to) in self.spans(day) {
                let from = from.max(start);
                match (to - from).max(0) {
                    span if left <= span => return instant(from + left),
                    span => left -= span,
                }
            }
            day = tomorrow(day);
        }
        NEVER
    }

    /// The instant from which this many working minutes pass until `end`: the latest such instant.
    pub fn sub(&self, end: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
        if minutes < 0 {
            return self.add(end, minutes.saturating_neg());
        }
        if minutes == 0 {
            return end;
        }
        let end = clamped(end);
        let today = day_at(self.zone(), end);
        let mut left = minutes.saturating_mul(MINUTE);
        let mut day = tomorrow(today);
        while day.year() >= 1 {
            if day < yesterday(today) {
                let weeks = self.regular_weeks_to(day, (left - 1) / self.week());
                left -= weeks * self.week();
                day = moved(day, -7 * weeks);
            }
            for (from, to) in self.spans(day).into_iter().rev() {
                let to = to.min(end);
                match (to - from).max(0) {
                    span if left <= span => return instant(to - left),
                    span => left -= span,
                }
            }
            day = yesterday(day);
        }
        instant(FIRST)
    }

    /// The working minutes from one instant to another; negative where that lies before.
    pub fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        if to < from {
            return -self.between(to, from);
        }
        let minute = |at| clamped(at).div_euclid(MINUTE) * MINUTE;
        let (from, to) = (minute(from), minute(to));
        let first = day_at(self.zone(), from);
        // The local day of an instant may come once more after the next one has begun.
        let last = tomorrow(day_at(self.zone(), to));
        let mut total = 0;
        let mut day = yesterday(first);
        while day <= last {
            if day > tomorrow(first) {
                let inside = (last - day).num_days() - 2;
                let weeks = self.regular_weeks_from(day, inside.max(0) / 7);
                total += weeks * self.week();
                day = moved(day, 7 * weeks);
            }
            let overlap = |(a, b): (Millis, Millis)| (b.min(to) - a.max(from)).max(0);
            total += self.spans(day).into_iter().map(overlap).sum::<i64>();
            day = tomorrow(day);
        }
        total / MINUTE
    }

    /// The working minutes from one instant to another, day by day; none on a day on which support does not work.
    pub fn by_day(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<(NaiveDate, i64)> {
        let days = std::iter::successors(Some(self.day(from)), |it| Some(tomorrow(*it)));
        let of_day = |day| {
            let (begins, ends) = (self.day_begins_at(day), self.day_begins_at(tomorrow(day)));
            (day, self.between(from.max(begins), to.min(ends)))
        };
        days.take_while(|it| *it <= self.day(to)).map(of_day).collect()
    }

    /// Whether support works at an instant, and when that changes next.
    pub fn is_open(&self, now: DateTime<Utc>) -> (bool, DateTime<Utc>) {
        let at = clamped(now);
        let mut day = yesterday(day_at(self.zone(), at));
        while day.year() <= 9999 {
            for (from, to) in self.spans(day) {
                if at < from {
                    return (false, instant(from));
                }
                if at < to {
                    return (true, instant(to));
                }
            }
            day = tomorrow(day);
        }
        (false, NEVER)
    }

    /// The working time of a week without exceptions; never nothing.
    fn week(&self) -> i64 {
        let day = i64::from(self.closes().minutes()) - i64::from(self.opens().minutes());
        let days = self.weekdays().map(|_| 1).sum::<i64>();
        (day * days).max(1) * MINUTE
    }

    /// The instants between which support works on a day: one span, or two where the clock is
    /// changed in working time.
    fn spans(&self, day: NaiveDate) -> Vec<(Millis, Millis)> {
        if !self.is_working_day(day) {
            return Vec::new();
        }
        let midnight = midnight(day);
        let opens = midnight + i64::from(self.opens().minutes()) * MINUTE;
        let closes = midnight + i64::from(self.closes().minutes()) * MINUTE;
        let (before, after) = (midnight - DAY, midnight + 2 * DAY);
        let (early, late) = (offset(self.zone(), before), offset(self.zone(), after));
        if early == late {
            return vec![(opens - early, closes - early)];
        }
        let change = self.change(before, after, late);
        let spans = [
            (opens - early, (closes - early).min(change)),
            ((opens - late).max(change), closes - late),
        ];
        spans.into_iter().filter(|(from, to)| from < to).collect()
    }

    /// The instant between two others from which on the zone has the later offset.
    fn change(&self, before: Millis, after: Millis, late: Millis) -> Millis {
        let (mut before, mut after) = (before, after);
        while after - before > 1 {
            let middle = i64::midpoint(before, after);
            match offset(self.zone(), middle) == late {
                true => after = middle,
                false => before = middle,
            }
        }
        after
    }

    /// How many of the weeks that begin with a day have neither an exception nor another clock.
    fn regular_weeks_from(&self, day: NaiveDate, at_most: i64) -> i64 {
        let exception = self.days().range(day..).next().map(|(it, _)| (*it - day).num_days());
        let weeks = exception.map_or(at_most, |it| at_most.min(it / 7));
        self.regular(weeks, |weeks| (day, moved(day, 7 * weeks)))
    }

    /// How many of the weeks that end with a day have neither an exception nor another clock.
    fn regular_weeks_to(&self, day: NaiveDate, at_most: i64) -> i64 {
        let exception = self.days().range(..=day).next_back().map(|(it, _)| (day - *it).num_days());
        let weeks = exception.map_or(at_most, |it| at_most.min(it / 7));
        self.regular(weeks, |weeks| (moved(day, -7 * weeks), day))
    }

    fn regular(&self, weeks: i64, ends: impl Fn(i64) -> (NaiveDate, NaiveDate)) -> i64 {
        let weeks = weeks.min(WEEKS_OF_ALL_TIME);
        if weeks <= 0 {
            return 0;
        }
        match self.zone() {
            Zone::Fixed(_) => weeks,
            Zone::Named(_) => {
                let (from, to) = ends(weeks);
                if to.year() < *CHANGEABLE.start() || from.year() > *CHANGEABLE.end() {
                    return weeks;
                }
                let weeks = weeks.min(WEEKS_AT_ONCE);
                let (from, to) = ends(weeks);
                let early = offset(self.zone(), midnight(from) - DAY);
                let late = offset(self.zone(), midnight(to) + 2 * DAY);
                if early == late { weeks } else { 0 }
            }
        }
    }
}

const FIRST: Millis = -62_135_337_600_000; // 0001-01-03
const LAST: Millis = 253_401_955_200_000; // 9999-12-29
const WEEKS_OF_ALL_TIME: i64 = 53 * 10_000;

fn clamped(at: DateTime<Utc>) -> Millis {
    at.timestamp_millis().clamp(FIRST, LAST)
}

fn instant(at: Millis) -> DateTime<Utc> {
    let at = at.clamp(FIRST, NEVER.timestamp_millis());
    DateTime::from_timestamp_millis(at).unwrap_or(NEVER)
}

fn offset(zone: Zone, at: Millis) -> Millis {
    i64::from(zone.offset(instant(at)).local_minus_utc()) * 1000
}

fn day_at(zone: Zone, at: Millis) -> NaiveDate {
    instant(at + offset(zone, at)).date_naive()
}

/// The instant at which a day begins in UTC.
fn midnight(day: NaiveDate) -> Millis {
    day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis()
}

fn tomorrow(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}

fn yesterday(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(NaiveDate::MIN)
}

/// The day this many days from another; the end of the calendar if there is none.
fn moved(day: NaiveDate, days: i64) -> NaiveDate {
    let beyond = if days < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
    TimeDelta::try_days(days).and_then(|it| day.checked_add_signed(it)).unwrap_or(beyond)
}

#[cfg(test)]
mod tests;
