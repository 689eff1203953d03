//! 2.3: when support works. Hours, weekdays, and the days that are exceptions.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, Utc};

use crate::language::Text;
use crate::string_enum;
use crate::violation::{FieldCode, FieldError, RuleViolation};
use crate::zone::{ALMATY, TimeOfDay, Zone};

string_enum! {
    /// A day of the week.
    Weekday {
        Monday = "monday",
        Tuesday = "tuesday",
        Wednesday = "wednesday",
        Thursday = "thursday",
        Friday = "friday",
        Saturday = "saturday",
        Sunday = "sunday",
    }
}

string_enum! {
    /// What makes a date an exception to its weekday.
    DayKind {
        /// Support does not work: an official holiday, or a day off moved to here.
        DayOff = "day_off",
        /// Support works although the weekday is a free one.
        WorkingDay = "working_day",
    }
}

string_enum! {
    /// What needs attention in the calendar.
    CalendarWarning {
        /// Today lies beyond the last date that the calendar knows.
        CalendarOutdated = "calendar_outdated",
        /// The local time in Almaty differs from the calendar's zone.
        ZoneDiffersFromAlmaty = "zone_differs_from_almaty",
    }
}

impl CalendarWarning {
    /// What to do about it.
    #[rustfmt::skip]
    pub const fn text(self) -> Text {
        match self {
            Self::CalendarOutdated => Text::new(
                "Календарь не заполнен на сегодня: внесите выходные дни и продлите срок, до которого он заполнен.",
                "Күнтізбе бүгінге толтырылмаған: демалыс күндерін енгізіп, толтырылған мерзімін ұзартыңыз.",
                "The calendar is not filled in for today: add the days off and advance filled_until."),
            Self::ZoneDiffersFromAlmaty => Text::new(
                "Часы календаря не совпадают с часами в Алматы: 09:00 по календарю там другое время. Если работа идет по местным часам, задайте Asia/Almaty.",
                "Күнтізбе сағаты Алматы сағатымен сәйкес емес: күнтізбедегі 09:00 онда басқа уақыт. Жұмыс жергілікті сағатпен жүрсе, Asia/Almaty орнатыңыз.",
                "The calendar's time zone differs from Almaty: its 09:00 is a different time there. If work follows local time, set Asia/Almaty."),
        }
    }
}

/// Within this many days there is a working day, unless somebody has marked all of them as free.
const LONGEST_BREAK: usize = 400;

/// A working calendar. It always has some working time, so that every deadline is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    zone: Zone,
    opens: TimeOfDay,
    closes: TimeOfDay,
    weekdays: BTreeSet<Weekday>,
    days: BTreeMap<NaiveDate, DayKind>,
    filled_until: NaiveDate,
}

impl Calendar {
    /// A calendar without exceptions that knows its days up to `filled_until`.
    /// Errors: [`RuleViolation::Invalid`] where no time would be left to work in.
    pub fn new(
        zone: Zone,
        opens: TimeOfDay,
        closes: TimeOfDay,
        weekdays: &[Weekday],
        filled_until: NaiveDate,
    ) -> Result<Self, RuleViolation> {
        let hours = (opens >= closes)
            .then(|| FieldError::new("/closes", FieldCode::Conflicts("opens")).by_clause("2.3"));
        let week = weekdays
            .is_empty()
            .then(|| FieldError::new("/weekdays", FieldCode::TooShort(1)).by_clause("2.3"));
        let errors: Vec<FieldError> = hours.into_iter().chain(week).collect();
        if !errors.is_empty() {
            return Err(RuleViolation::Invalid(errors));
        }
        let weekdays = weekdays.iter().copied().collect();
        Ok(Self { zone, opens, closes, weekdays, days: BTreeMap::new(), filled_until })
    }

    /// The same calendar with these exceptions.
    pub fn with_days(mut self, days: impl IntoIterator<Item = (NaiveDate, DayKind)>) -> Self {
        self.days.extend(days);
        self
    }

    /// The zone of its hours and days.
    pub const fn zone(&self) -> Zone {
        self.zone
    }

    /// When the working day begins.
    pub const fn opens(&self) -> TimeOfDay {
        self.opens
    }

    pub const fn closes(&self) -> TimeOfDay {
        self.closes
    }

    /// The working minutes of a full day.
    pub fn minutes_of_day(&self) -> i64 {
        i64::from(self.closes.minutes()) - i64::from(self.opens.minutes())
    }

    /// The weekdays on which support works.
    pub fn weekdays(&self) -> impl Iterator<Item = Weekday> {
        self.weekdays.iter().copied()
    }

    /// Its exceptions, the earliest first.
    pub(crate) const fn days(&self) -> &BTreeMap<NaiveDate, DayKind> {
        &self.days
    }

    /// The last date for which the exceptions are known.
    pub const fn filled_until(&self) -> NaiveDate {
        self.filled_until
    }

    /// Whether today lies beyond the last date that the calendar knows.
    pub fn is_outdated(&self, now: DateTime<Utc>) -> bool {
        self.day(now) > self.filled_until
    }

    /// Whether the local time in Almaty differs now: 09:00 in this calendar is not 09:00 there.
    pub fn differs_from_almaty(&self, now: DateTime<Utc>) -> bool {
        self.zone.offset(now) != ALMATY.offset(now)
    }

    /// What needs attention about it now.
    pub fn warnings(&self, now: DateTime<Utc>) -> Vec<CalendarWarning> {
        let is_given = |it: &CalendarWarning| match it {
            CalendarWarning::CalendarOutdated => self.is_outdated(now),
            CalendarWarning::ZoneDiffersFromAlmaty => self.differs_from_almaty(now),
        };
        CalendarWarning::ALL.iter().copied().filter(is_given).collect()
    }

    /// The calendar date of an instant in support's time zone.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        self.zone.local(at).date()
    }

    /// When a day begins for support.
    pub fn day_begins_at(&self, day: NaiveDate) -> DateTime<Utc> {
        self.zone.instant(day.and_time(NaiveTime::MIN))
    }

    /// When the day after the present one begins.
    pub fn next_day_begins_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.working_day_ends_at(now, 0)
    }

    /// The end of the day that lies that many working days after the current one.
    pub fn working_day_ends_at(&self, now: DateTime<Utc>, count: u16) -> DateTime<Utc> {
        let day = self.working_days_after(self.day(now), count);
        self.day_begins_at(day.checked_add_days(Days::new(1)).unwrap_or(day))
    }

    /// Whether support works on a day.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        match self.days.get(&day) {
            Some(DayKind::DayOff) => false,
            Some(DayKind::WorkingDay) => true,
            None => self.weekdays.contains(&weekday(day)),
        }
    }

    /// What makes a day an exception, if it is one.
    pub fn exception(&self, day: NaiveDate) -> Option<DayKind> {
        self.days.get(&day).copied()
    }

    /// When support opens and closes on a day; none where it does not work.
    pub fn hours_of(&self, day: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let midnight = day.and_time(NaiveTime::MIN);
        let at = |time: TimeOfDay| {
            let local = midnight + chrono::TimeDelta::minutes(i64::from(time.minutes()));
            self.zone.instant(local)
        };
        self.is_working_day(day).then(|| (at(self.opens), at(self.closes)))
    }

    /// When support opened last, by an instant.
    pub fn last_opening(&self, by: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let days = std::iter::successors(Some(self.day(by)), NaiveDate::pred_opt);
        let mut openings = days.take(LONGEST_BREAK).filter_map(|it| self.hours_of(it));
        openings.find(|(opens, _)| *opens <= by).map(|(opens, _)| opens)
    }

    /// When support opens next, after an instant.
    pub fn next_opening(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let days = self.day(after).iter_days();
        let mut openings = days.take(LONGEST_BREAK).filter_map(|it| self.hours_of(it));
        openings.find(|(opens, _)| *opens > after).map(|(opens, _)| opens)
    }

    /// An instant itself on a working day, else when support opens next.
    pub fn working_instant(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let is_free = !self.is_working_day(self.day(at));
        self.next_opening(at).filter(|_| is_free).unwrap_or(at)
    }

    /// The last working day up to a day.
    pub fn working_day_by(&self, day: NaiveDate) -> NaiveDate {
        let mut days = std::iter::successors(Some(day), NaiveDate::pred_opt).take(LONGEST_BREAK);
        days.find(|it| self.is_working_day(*it)).unwrap_or(day)
    }

    /// The first working day from a day on.
    pub fn working_day_from(&self, day: NaiveDate) -> NaiveDate {
        let mut days = day.iter_days().take(LONGEST_BREAK);
        days.find(|it| self.is_working_day(*it)).unwrap_or(day)
    }

    /// The day that many working days after another.
    pub fn working_days_after(&self, day: NaiveDate, count: u16) -> NaiveDate {
        let (mut day, mut left) = (day, count);
        while left > 0 {
            let Some(next) = day.checked_add_days(Days::new(1)) else { return day };
            day = next;
            left -= u16::from(self.is_working_day(day));
        }
        day
    }
}

fn weekday(day: NaiveDate) -> Weekday {
    match day.weekday() {
        chrono::Weekday::Mon => Weekday::Monday,
        chrono::Weekday::Tue => Weekday::Tuesday,
        chrono::Weekday::Wed => Weekday::Wednesday,
        chrono::Weekday::Thu => Weekday::Thursday,
        chrono::Weekday::Fri => Weekday::Friday,
        chrono::Weekday::Sat => Weekday::Saturday,
        chrono::Weekday::Sun => Weekday::Sunday,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Every exception of 2023-2027, the weekend days that decrees made working included.
    #[rustfmt::skip]
    pub(crate) const OFFICIAL: &[(i32, &[&str], &[&str])] = &[
        (2023, &["01-02", "01-03", "03-08", "03-21", "03-22", "03-23", "05-01", "05-08", "05-09",
                 "06-28", "07-06", "07-07", "08-30", "10-25", "12-18"], &["07-01"]),
        (2024, &["01-01", "01-02", "03-08", "03-21", "03-22", "03-25", "05-01", "05-07", "05-08",
                 "05-09", "07-08", "08-30", "10-25", "12-16"], &["05-04"]),
        (2025, &["01-01", "01-02", "01-03", "01-07", "03-10", "03-21", "03-24", "03-25", "05-01",
                 "05-07", "05-09", "06-06", "07-07", "09-01", "10-27", "12-16"], &["01-05"]),
        (2026, &["01-01", "01-02", "01-07", "03-09", "03-23", "03-24", "03-25", "05-01", "05-07",
                 "05-11", "05-27", "07-06", "10-26", "12-16"], &[]),
        (2027, &["01-01", "01-04", "01-07", "03-08", "03-15", "03-22", "03-23", "03-24", "05-03",
                 "05-07", "05-10", "07-06", "10-25", "12-16"], &[]),
    ];

    /// The regulation's hours with the official days off, in a zone.
    pub(crate) fn official(zone: &str) -> Calendar {
        let off = |(year, off, _): &(i32, &[&str], &[&str])| {
            off.iter().map(|it| (date(*year, it), DayKind::DayOff)).collect::<Vec<_>>()
        };
        open_hours(zone, "09:00", "18:00").with_days(OFFICIAL.iter().flat_map(off))
    }

    /// The same with the weekend days that decrees made working.
    fn by_decree() -> Calendar {
        let on = |(year, _, on): &(i32, &[&str], &[&str])| {
            on.iter().map(|it| (date(*year, it), DayKind::WorkingDay)).collect::<Vec<_>>()
        };
        official("+06:00").with_days(OFFICIAL.iter().flat_map(on))
    }

    /// Monday to Friday with these hours, without exceptions.
    pub(crate) fn open_hours(zone: &str, opens: &str, closes: &str) -> Calendar {
        Calendar::new(
            zone.parse().expect("a zone"),
            opens.parse().expect("a time"),
            closes.parse().expect("a time"),
            &Weekday::ALL[..5],
            date(2027, "12-31"),
        )
        .expect("a calendar with working time")
    }

    fn date(year: i32, day: &str) -> NaiveDate {
        format!("{year}-{day}").parse().expect("a date")
    }

    fn working_days(calendar: &Calendar, year: i32) -> usize {
        let days = date(year, "01-01").iter_days().take_while(|it| it.year() == year);
        days.filter(|it| calendar.is_working_day(*it)).count()
    }

    /// AU05: from a Friday the second working day is a Tuesday, and over a day off a day later.
    #[test]
    fn sec_au05_a_working_day_ends_with_its_midnight() {
        let calendar = official("+06:00");
        let end = |from: &str| {
            let from = from.parse().expect("an instant");
            calendar.zone.local(calendar.working_day_ends_at(from, 2)).to_string()
        };
        assert_eq!(end("2026-11-27T12:00:00Z"), "2026-12-02 00:00:00");
        assert_eq!(end("2026-12-15T12:00:00Z"), "2026-12-19 00:00:00");
        assert_eq!(end("2026-11-29T20:00:00Z"), "2026-12-03 00:00:00");
    }

    /// Section 7: what is not urgent leaves on working days.
    #[test]
    fn s7_openings_and_working_days_are_found_over_days_off() {
        let calendar = official("+06:00");
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        let saturday = at("2026-11-28T12:00:00+06:00");
        let early = at("2026-11-30T08:00:00+06:00");

        assert_eq!(calendar.last_opening(saturday), Some(at("2026-11-27T09:00:00+06:00")));
        assert_eq!(calendar.last_opening(early), Some(at("2026-11-27T09:00:00+06:00")));
        assert_eq!(calendar.next_opening(saturday), Some(at("2026-11-30T09:00:00+06:00")));
        assert_eq!(calendar.next_opening(early), Some(at("2026-11-30T09:00:00+06:00")));
        assert_eq!(calendar.working_instant(saturday), at("2026-11-30T09:00:00+06:00"));
        assert_eq!(calendar.working_instant(early), early);
        let [day, friday, monday] =
            ["2026-11-29", "2026-11-27", "2026-11-30"].map(|it| it.parse().expect("a day"));
        assert_eq!(
            (calendar.working_day_by(day), calendar.working_day_from(day)),
            (friday, monday)
        );
        assert_eq!(calendar.working_day_by(monday), monday);
    }

    /// 2.3: the working days of each year, in both readings of the decrees.
    #[test]
    fn c2_3_working_days_of_2023_to_2027_are_the_official_ones() {
        let (strict, by_decree) = (official("+06:00"), by_decree());
        let count = |calendar| [2023, 2024, 2025, 2026, 2027].map(|it| working_days(calendar, it));

        assert_eq!(count(&strict), [245, 248, 245, 247, 247]);
        assert_eq!(count(&by_decree), [246, 249, 246, 247, 247]);
    }

    /// 2.3: a calendar in which no deadline would ever come is refused.
    #[test]
    fn c2_3_a_calendar_has_working_time() {
        let time = |it: &str| it.parse::<TimeOfDay>().expect("a time");
        let refused = |opens, closes, weekdays: &[Weekday]| {
            let until = date(2027, "12-31");
            match Calendar::new(ALMATY, time(opens), time(closes), weekdays, until) {
                Err(RuleViolation::Invalid(errors)) => {
                    errors.into_iter().map(|it| it.pointer).collect()
                }
                Err(other) => panic!("{other:?}"),
                Ok(_) => Vec::new(),
            }
        };

        assert_eq!(refused("18:00", "18:00", &[]), ["/closes", "/weekdays"]);
        assert!(refused("00:00", "24:00", &[Weekday::Sunday]).is_empty());
    }

    /// The clock in Almaty was put back on 2024-03-01; the offset of the regulation stayed.
    #[test]
    fn a_calendar_knows_whether_it_follows_local_time() {
        let differs = |zone: &str, at: &str| {
            official(zone).differs_from_almaty(at.parse().expect("an instant"))
        };

        assert!(!differs("+06:00", "2024-02-29T17:59:59Z"));
        assert!(differs("+06:00", "2024-02-29T18:00:00Z"));
        assert!(!differs("+05:00", "2024-02-29T18:00:00Z"));
        assert!(!differs("Asia/Almaty", "2024-02-29T18:00:00Z"));
    }

    #[test]
    fn a_calendar_knows_when_it_ends() {
        let calendar = official("+06:00");
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");

        assert!(!calendar.is_outdated(at("2027-12-31T17:59:59Z")));
        assert!(calendar.is_outdated(at("2027-12-31T18:00:00Z")));
    }
}
