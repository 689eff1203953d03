//! 2.3: the zone in which hours and days are meant, and times of day.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::violation::{FieldCode, Format};

/// The local time of the place that the regulation names: «по Алматы».
pub const ALMATY: Zone = Zone::Named(Tz::Asia__Almaty);

/// The time zone of the hours and dates: a fixed offset or an IANA name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// An offset that never changes.
    Fixed(FixedOffset),
    /// A place, with all its changes of the clock.
    Named(Tz),
}

impl Zone {
    /// The offset at an instant.
    pub fn offset(self, at: DateTime<Utc>) -> FixedOffset {
        match self {
            Self::Fixed(offset) => offset,
            Self::Named(tz) => tz.offset_from_utc_datetime(&at.naive_utc()).fix(),
        }
    }

    /// What the clock in the zone shows at an instant.
    pub fn local(self, at: DateTime<Utc>) -> NaiveDateTime {
        let shift = TimeDelta::seconds(i64::from(self.offset(at).local_minus_utc()));
        at.naive_utc().checked_add_signed(shift).unwrap_or_else(|| at.naive_utc())
    }

    /// The instant at which the clock in the zone shows this: the first of two, and for a time that was
    /// skipped, the one as long after the gap.
    pub fn instant(self, local: NaiveDateTime) -> DateTime<Utc> {
        let as_utc = local.and_utc();
        let day = TimeDelta::days(1);
        let around = [as_utc.checked_sub_signed(day), as_utc.checked_add_signed(day)];
        let candidates = around.map(|it| {
            let offset = self.offset(it.unwrap_or(as_utc));
            let shift = TimeDelta::seconds(i64::from(offset.local_minus_utc()));
            as_utc.checked_sub_signed(shift).unwrap_or(as_utc)
        });
        let [first, _] = candidates;
        candidates.into_iter().find(|it| self.local(*it) == local).unwrap_or(first)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(offset) => write!(f, "{offset}"),
            Self::Named(tz) => write!(f, "{tz}"),
        }
    }
}

/// The zones of the world lie within these, in minutes.
const MAX_OFFSET: i32 = 14 * 60;

impl FromStr for Zone {
    type Err = FieldCode;

    /// `+06:00`, or a name such as `Asia/Almaty`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || FieldCode::WrongFormat(Format::Zone);
        let sign = match text.as_bytes().first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) | None => return text.parse().map(Self::Named).map_err(|_| wrong()),
        };
        let minutes =
            text.get(1..).and_then(|it| it.parse::<TimeOfDay>().ok()).ok_or_else(wrong)?;
        let minutes = i32::from(minutes.minutes());
        let offset = FixedOffset::east_opt(sign * minutes * 60);
        offset.filter(|_| minutes <= MAX_OFFSET).map(Self::Fixed).ok_or_else(wrong)
    }
}

/// A time of day in whole minutes: 00:00 to 24:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    const LAST: u16 = 24 * 60;

    /// This many minutes after midnight; none for more than a day.
    pub const fn new(minutes: u16) -> Option<Self> {
        if minutes <= Self::LAST { Some(Self(minutes)) } else { None }
    }

    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl FromStr for TimeOfDay {
    type Err = FieldCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |part: &str| -> Option<u16> {
            let is_pair = part.len() == 2 && part.bytes().all(|it| it.is_ascii_digit());
            part.parse().ok().filter(|_| is_pair)
        };
        let time = text.split_once(':').and_then(|(hours, minutes)| {
            let minutes = number(minutes).filter(|it| *it < 60)?;
            Self::new(number(hours)? * 60 + minutes)
        });
        time.ok_or(FieldCode::WrongFormat(Format::TimeOfDay))
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map_err(|_| "not a time of day")
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

#[cfg(test)]
mod tests;
