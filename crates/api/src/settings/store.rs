//! The row of settings, and the days that are exceptions.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::Error as DbError;
use domain::calendar::{Calendar, DayKind, Weekday};
use domain::sla::{ReportSettings, Rules, Sla};
use serde_json::{Value, json};

use crate::db::cut::first_rows;
use crate::db::schema::{calendar_days, settings};
use crate::db::string_enum::DbEnum;
use crate::problem::{Problem, map_constraint};

/// The settings as they are stored.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = settings)]
pub struct SettingsRow {
    /// Incremented with every change, including those of the exceptions.
    pub version: i32,
    /// A fixed offset, or a place by its IANA name.
    pub zone: String,
    /// When the working day begins, `09:00`.
    pub opens: String,
    pub closes: String,
    /// On which weekdays support works, as JSON.
    pub weekdays: Value,
    /// The last date for which the exceptions are known.
    pub filled_until: NaiveDate,
    /// Targets, warnings, head starts, reminders, as JSON.
    pub sla: Value,
    /// What tickets have to state for reports, and who gets reports by mail, as JSON.
    pub reports: Value,
}

impl SettingsRow {
    /// The settings as this transaction sees them.
    pub fn find(conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().first(conn)
    }

    /// The settings, locked until the transaction ends.
    pub fn lock(conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().for_no_key_update().first(conn)
    }

    /// The rules of time that follow from the settings and the days.
    pub fn rules(&self, conn: &mut PgConnection) -> QueryResult<Rules> {
        let days: Vec<(NaiveDate, DbEnum<DayKind>)> =
            calendar_days::table.select((calendar_days::day, calendar_days::kind)).load(conn)?;
        let days = days.into_iter().map(|(day, kind)| (day, kind.0));
        Ok(Rules {
            calendar: self.calendar()?.with_days(days),
            sla: self.sla()?,
            reports: self.reports()?,
            version: self.version,
        })
    }

    /// Hours, weekdays and zone, without the days.
    pub fn calendar(&self) -> QueryResult<Calendar> {
        let zone = self.zone.parse().map_err(|_| unreadable("the zone"))?;
        let opens = self.opens.parse().map_err(|_| unreadable("when the day begins"))?;
        let closes = self.closes.parse().map_err(|_| unreadable("when the day ends"))?;
        let weekdays: Vec<Weekday> =
            serde_json::from_value(self.weekdays.clone()).map_err(unreadable)?;
        Calendar::new(zone, opens, closes, &weekdays, self.filled_until)
            .map_err(|_| unreadable("no working time"))
    }

    /// How long things may take.
    pub fn sla(&self) -> QueryResult<Sla> {
        serde_json::from_value(self.sla.clone()).map_err(unreadable)
    }

    /// What tickets have to state for reports, and who gets reports.
    pub fn reports(&self) -> QueryResult<ReportSettings> {
        serde_json::from_value(self.reports.clone()).map_err(unreadable)
    }

    /// The settings with other hours, weekdays and zone.
    pub fn set_calendar(&self, to: &Calendar, conn: &mut PgConnection) -> QueryResult<Self> {
        let weekdays: Vec<&str> = to.weekdays().map(Weekday::as_str).collect();
        diesel::update(settings::table)
            .set((
                settings::version.eq(self.version + 1),
                settings::zone.eq(to.zone().to_string()),
                settings::opens.eq(to.opens().to_string()),
                settings::closes.eq(to.closes().to_string()),
                settings::weekdays.eq(json!(weekdays)),
                settings::filled_until.eq(to.filled_until()),
            ))
            .returning(Self::as_returning())
            .get_result(conn)
    }

    /// The settings with other times.
    pub fn set_sla(&self, to: &Sla, conn: &mut PgConnection) -> QueryResult<Self> {
        diesel::update(settings::table)
            .set((settings::version.eq(self.version + 1), settings::sla.eq(json!(to))))
            .returning(Self::as_returning())
            .get_result(conn)
    }

    /// The settings with other settings for reports.
    pub fn set_reports(&self, to: ReportSettings, conn: &mut PgConnection) -> QueryResult<Self> {
        diesel::update(settings::table)
            .set((settings::version.eq(self.version + 1), settings::reports.eq(json!(to))))
            .returning(Self::as_returning())
            .get_result(conn)
    }

    /// Raises the version, so that all processes notice that the exceptions have changed.
    pub fn raise(&self, conn: &mut PgConnection) -> QueryResult<Self> {
        diesel::update(settings::table)
            .set(settings::version.eq(self.version + 1))
            .returning(Self::as_returning())
            .get_result(conn)
    }
}

fn unreadable(what: impl std::fmt::Display) -> DbError {
    DbError::DeserializationError(format!("the settings: {what}").into())
}

/// A date that is an exception to its weekday.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = calendar_days)]
pub struct DayRow {
    pub day: NaiveDate,
    pub kind: DbEnum<DayKind>,
    pub reason: String,
}

impl DayRow {
    /// A page of the days from one on and before another, the earliest first; one row more shows
    /// that there is a next page.
    pub fn page(
        from: Option<NaiveDate>,
        before: Option<NaiveDate>,
        after: Option<NaiveDate>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<Self>> {
        let mut query = Self::query().into_boxed();
        if let Some(from) = from {
            query = query.filter(calendar_days::day.ge(from));
        }
        if let Some(before) = before {
            query = query.filter(calendar_days::day.lt(before));
        }
        if let Some(after) = after {
            query = query.filter(calendar_days::day.gt(after));
        }
        first_rows(query.order(calendar_days::day), limit + 1, conn)
    }

    /// Creates the calendar exception. Errors: `already_exists` where the day is one.
    pub fn create(self, conn: &mut PgConnection) -> Result<Self, Problem> {
        diesel::insert_into(calendar_days::table)
            .values(self)
            .returning(Self::as_returning())
            .get_result(conn)
            .map_err(map_constraint)
    }

    /// The exception of a date.
    pub fn find(day: NaiveDate, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(calendar_days::day.eq(day)).first(conn)
    }

    /// Why the days from one to another are exceptions.
    pub fn reasons(
        first: NaiveDate,
        last: NaiveDate,
        conn: &mut PgConnection,
    ) -> QueryResult<HashMap<NaiveDate, String>> {
        let days = calendar_days::table.filter(calendar_days::day.between(first, last));
        let reasons = days.select((calendar_days::day, calendar_days::reason));
        Ok(reasons.load::<(NaiveDate, String)>(conn)?.into_iter().collect())
    }

    /// Deletes an exception; returns how many there were.
    pub fn delete(day: NaiveDate, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::delete(calendar_days::table.find(day)).execute(conn)
    }
}

/// The version of the settings now.
pub fn version(conn: &mut PgConnection) -> QueryResult<i32> {
    settings::table.select(settings::version).first(conn)
}
