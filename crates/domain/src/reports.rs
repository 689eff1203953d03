//! The period of a report, and how it is divided.

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, TimeDelta, Utc};

use crate::calendar::Calendar;
use crate::string_enum;
use crate::violation::{FieldCode, Format, RuleViolation, SpanLimit};

string_enum! {
    /// How the time of a report is divided.
    Bucket {
        Day = "day",
        /// From Monday to Sunday.
        Week = "week",
        Month = "month",
    }
}

/// The earliest day that a report may begin with.
const BEGINNING: NaiveDate = DateTime::UNIX_EPOCH.naive_utc().date();

/// The maximum span of a report, in years.
const MAX_YEARS: u32 = 5;

/// The maximum number of buckets of a report.
const MAX_BUCKETS: usize = 400;

/// The default span of a report, in days.
const DEFAULT_DAYS: u64 = 30;

/// Days in the calendar's zone: from one (inclusive) to another (exclusive).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Span {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// The same as instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Period {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

impl Span {
    /// The requested days; by default the last thirty full ones.
    /// Errors: a span that is empty, longer than five years, or that begins before 1970.
    pub fn resolve(
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Result<Self, RuleViolation> {
        let next_day = |it: NaiveDate| it.checked_add_days(Days::new(1)).unwrap_or(it);
        let to = to.unwrap_or_else(|| match from {
            Some(from) if from >= today => next_day(from),
            Some(_) | None => today,
        });
        let before = to.checked_sub_days(Days::new(DEFAULT_DAYS)).unwrap_or(to);
        let from = from.unwrap_or_else(|| before.min(today).max(BEGINNING));
        let is_too_long = from.checked_add_months(Months::new(12 * MAX_YEARS)) < Some(to);
        if from < BEGINNING {
            Err(RuleViolation::field("from", FieldCode::TooEarly(BEGINNING.into())))
        } else if from >= to {
            Err(RuleViolation::field("to", FieldCode::WrongFormat(Format::LaterThanStart)))
        } else if is_too_long {
            let limit = SpanLimit::Years(u64::from(MAX_YEARS));
            Err(RuleViolation::field("to", FieldCode::SpanTooLong(limit)))
        } else {
            Ok(Self { from, to })
        }
    }

    /// The same for a report, which has nothing to say about a span that has not begun.
    /// Errors: also a span that lies entirely in the future.
    pub fn of_report(
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Result<Self, RuleViolation> {
        match from {
            Some(from) if from > today => {
                Err(RuleViolation::field("from", FieldCode::TooLate(today.into())))
            }
            Some(_) | None => Self::resolve(from, to, today),
        }
    }

    /// The whole month before the one of a day.
    pub fn month_before(today: NaiveDate) -> Self {
        let to = today.with_day(1).unwrap_or(today);
        Self { from: to.checked_sub_months(Months::new(1)).unwrap_or(to), to }
    }

    /// The same number of days just before.
    pub fn previous(self) -> Self {
        let from = self.from.checked_sub_signed(self.to - self.from).unwrap_or(self.from);
        Self { from, to: self.from }
    }

    /// When it begins and ends.
    pub fn period(self, calendar: &Calendar) -> Period {
        Period { from: calendar.day_begins_at(self.from), to: calendar.day_begins_at(self.to) }
    }

    /// Its parts, the earliest first; the first and the last may be cut off.
    /// Errors: more than four hundred.
    pub fn buckets(self, bucket: Bucket) -> Result<Vec<Self>, RuleViolation> {
        let too_many = FieldCode::TooManyParts(MAX_BUCKETS as u64);
        self.parts(bucket).ok_or_else(|| RuleViolation::field("bucket", too_many))
    }

    /// The days of the span, in order.
    /// Errors: more days than a report has rows.
    pub fn days(self) -> Result<Vec<Self>, RuleViolation> {
        let too_long = FieldCode::SpanTooLong(SpanLimit::Days(MAX_BUCKETS as u64));
        self.parts(Bucket::Day).ok_or_else(|| RuleViolation::field("to", too_long))
    }

    /// None if there are too many.
    fn parts(self, bucket: Bucket) -> Option<Vec<Self>> {
        let mut parts = Vec::new();
        let mut from = self.from;
        while from < self.to {
            if parts.len() == MAX_BUCKETS {
                return None;
            }
            let to = next(from, bucket).min(self.to);
            parts.push(Self { from, to });
            from = to;
        }
        Some(parts)
    }
}

/// The first day of the bucket after that of a day.
fn next(day: NaiveDate, bucket: Bucket) -> NaiveDate {
    let moved = match bucket {
        Bucket::Day => day.checked_add_days(Days::new(1)),
        Bucket::Week => {
            let to_monday = 7 - day.weekday().num_days_from_monday();
            day.checked_add_days(Days::new(u64::from(to_monday)))
        }
        Bucket::Month => day.with_day(1).and_then(|it| it.checked_add_months(Months::new(1))),
    };
    moved.unwrap_or(NaiveDate::MAX)
}

/// The upper bounds of the age groups of open tickets, in working days.
pub const AGES: [i64; 3] = [1, 5, 20];

/// The earliest filing time at which a ticket is, at an instant, no older than a number of working days,
/// measured in working minutes.
pub fn no_older_than(days: i64, at: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
    let more = days * calendar.minutes_of_day() + 1;
    calendar.sub(at, more) + TimeDelta::minutes(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::tests::official;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    type Resolved = Result<(String, String), Vec<String>>;

    fn shown(resolved: Result<Span, RuleViolation>) -> Resolved {
        match resolved {
            Ok(Span { from, to }) => Ok((from.to_string(), to.to_string())),
            Err(RuleViolation::Invalid(errors)) => Err(errors
                .iter()
                .map(|it| format!("{} {}", it.pointer, it.code.as_str()))
                .collect()),
            Err(other) => panic!("{other:?}"),
        }
    }

    fn span(from: &str, to: &str) -> Resolved {
        Ok((from.to_owned(), to.to_owned()))
    }

    /// Reports: the last thirty full days, or the requested ones; an invalid span is an error.
    #[test]
    fn a_span_is_what_was_asked_for_or_the_last_thirty_days() {
        let wrong = |it: &str| Err(vec![it.to_owned()]);
        let today = day("2026-11-29");
        let resolve = |from: Option<&str>, to: Option<&str>| {
            shown(Span::of_report(from.map(day), to.map(day), today))
        };

        assert_eq!(resolve(None, None), span("2026-10-30", "2026-11-29"));
        assert_eq!(resolve(Some("2026-11-01"), None), span("2026-11-01", "2026-11-29"));
        assert_eq!(resolve(Some("2026-11-29"), None), span("2026-11-29", "2026-11-30"));
        assert_eq!(resolve(None, Some("2026-03-01")), span("2026-01-30", "2026-03-01"));
        assert_eq!(
            resolve(Some("2021-11-29"), Some("2026-11-29")),
            span("2021-11-29", "2026-11-29")
        );
        assert_eq!(resolve(Some("2021-11-28"), Some("2026-11-29")), wrong("to span_too_long"));
        assert_eq!(resolve(Some("2026-11-01"), Some("2026-11-01")), wrong("to wrong_format"));
        assert_eq!(resolve(Some("2026-11-02"), Some("2026-11-01")), wrong("to wrong_format"));
        assert_eq!(resolve(Some("2026-11-30"), None), wrong("from too_late"));
        assert_eq!(resolve(Some("2026-11-01"), Some("9999-12-31")), wrong("to span_too_long"));
        assert_eq!(resolve(None, Some("9999-12-31")), wrong("to span_too_long"));
        assert_eq!(resolve(None, Some("2027-02-01")), span("2026-11-29", "2027-02-01"));
        assert_eq!(resolve(Some("0001-01-01"), Some("0001-02-01")), wrong("from too_early"));
        assert_eq!(resolve(Some("1969-12-31"), None), wrong("from too_early"));
        assert_eq!(resolve(None, Some("1970-01-15")), span("1970-01-01", "1970-01-15"));
        assert_eq!(resolve(None, Some("1970-01-01")), wrong("to wrong_format"));
    }

    /// Reports: the tickets of a figure can be requested for a part of the span that has not begun yet.
    #[test]
    fn the_span_of_a_figure_may_lie_in_the_future() {
        let resolve = |from, to| shown(Span::resolve(Some(day(from)), to, day("2026-11-29")));

        assert_eq!(
            resolve("2026-11-30", Some(day("2026-12-07"))),
            span("2026-11-30", "2026-12-07")
        );
        assert_eq!(resolve("2026-12-01", None), span("2026-12-01", "2026-12-02"));
        assert_eq!(resolve("0001-01-01", None), Err(vec!["from too_early".to_owned()]));
    }

    /// Reports: weeks begin on Monday, months on the first; the ends may be cut off.
    #[test]
    fn buckets_are_those_of_the_calendar() {
        let of = |from: &str, to: &str, bucket| -> Vec<String> {
            let span = Span { from: day(from), to: day(to) };
            let parts = span.buckets(bucket).expect("few enough").into_iter();
            parts.map(|it| format!("{}..{}", it.from, it.to)).collect()
        };

        let weeks = of("2026-11-25", "2026-12-09", Bucket::Week);
        let months = of("2026-10-15", "2026-12-01", Bucket::Month);

        assert_eq!(
            weeks,
            ["2026-11-25..2026-11-30", "2026-11-30..2026-12-07", "2026-12-07..2026-12-09"]
        );
        assert_eq!(months, ["2026-10-15..2026-11-01", "2026-11-01..2026-12-01"]);
        assert_eq!(of("2026-02-27", "2026-03-02", Bucket::Day).len(), 3);
        let years = Span { from: day("2021-11-29"), to: day("2026-11-29") };
        let too_many = FieldCode::TooManyParts(400);
        assert_eq!(years.buckets(Bucket::Day), Err(RuleViolation::field("bucket", too_many)));
        let too_long = FieldCode::SpanTooLong(SpanLimit::Days(400));
        assert_eq!(years.days(), Err(RuleViolation::field("to", too_long)));
        assert_eq!(years.buckets(Bucket::Week).map(|it| it.len()), Ok(261));
    }

    #[test]
    fn the_span_before_is_as_long() {
        let february = Span { from: day("2026-02-01"), to: day("2026-03-01") };

        assert_eq!(february.previous(), Span { from: day("2026-01-04"), to: day("2026-02-01") });
        let before = Span { from: day("2025-12-01"), to: day("2026-01-01") };
        assert_eq!(Span::month_before(day("2026-01-31")), before);
    }

    proptest! {
        /// Reports: an age in working days is one in working minutes, whatever lies between.
        #[test]
        fn ages_are_counted_in_working_minutes(
            before in 0i64..90 * 24 * 60,
            end in 0i64..30,
            days in proptest::sample::select(AGES.to_vec()),
        ) {
            let calendar = official("+06:00");
            let at = calendar.day_begins_at(day("2026-11-01")) + TimeDelta::days(end);
            let filed = at - TimeDelta::minutes(before);
            let is_within = calendar.between(filed, at) <= days * 540;

            prop_assert_eq!(filed >= no_older_than(days, at, &calendar), is_within);
        }
    }
}
