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
        Monday = "monday" ("Понедельник", "Дүйсенбі", "Monday"),
        Tuesday = "tuesday" ("Вторник", "Сейсенбі", "Tuesday"),
        Wednesday = "wednesday" ("Среда", "Сәрсенбі", "Wednesday"),
        Thursday = "thursday" ("Четверг", "Бейсенбі", "Thursday"),
        Friday = "friday" ("Пятница", "Жұма", "Friday"),
        Saturday = "saturday" ("Суббота", "Сенбі", "Saturday"),
        Sunday = "sunday" ("Воскресенье", "Жексенбі", "Sunday"),
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
pub(crate) mod tests;
