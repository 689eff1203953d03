//! The row of settings, and the days that are exceptions.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::calendar::{Calendar, DayKind, Weekday};
use domain::sla::{Rules, Sla};
use serde_json::Value;

use crate::problem::Problem;
use crate::schema::{calendar_days, settings};
use crate::word::Word;

/// The settings as they are stored.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = settings)]
pub struct SettingsRow {
    /// Rises with every change, also of the days.
    pub version: i32,
    /// A fixed offset, or a place by its IANA name.
    pub zone: String,
    /// When the working day begins, `09:00`.
    pub opens: String,
    /// When it ends.
    pub closes: String,
    /// On which weekdays support works, as JSON.
    pub weekdays: Value,
    /// The last day whose exceptions are known.
    pub filled_until: NaiveDate,
    /// Targets, warnings, head starts, reminders, as JSON.
    pub sla: Value,
}

impl SettingsRow {
    /// The settings as this transaction sees them.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn find(conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().first(conn)
    }

    /// The settings, locked until the transaction ends.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn lock(conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().for_no_key_update().first(conn)
    }

    /// The rules of time that follow from the settings and the days.
    ///
    /// # Errors
    /// `unexpected` for what this version cannot read; a failure of the database.
    pub fn rules(&self, conn: &mut PgConnection) -> Result<Rules, Problem> {
        let days: Vec<(NaiveDate, Word<DayKind>)> =
            calendar_days::table.select((calendar_days::day, calendar_days::kind)).load(conn)?;
        let days = days.into_iter().map(|(day, kind)| (day, kind.0));
        Ok(Rules { calendar: self.calendar()?.with_days(days), sla: self.sla()? })
    }

    /// Hours, weekdays and zone, without the days.
    ///
    /// # Errors
    /// `unexpected` for what this version cannot read.
    pub fn calendar(&self) -> Result<Calendar, Problem> {
        let unreadable = |what: &str| Problem::unexpected(format!("the settings: {what}"));
        let zone = self.zone.parse().map_err(|_| unreadable("zone"))?;
        let opens = self.opens.parse().map_err(|_| unreadable("opens"))?;
        let closes = self.closes.parse().map_err(|_| unreadable("closes"))?;
        let weekdays = self.weekdays()?;
        Calendar::new(zone, opens, closes, &weekdays, self.filled_until)
            .map_err(|_| unreadable("no working time"))
    }

    /// On which weekdays support works.
    ///
    /// # Errors
    /// `unexpected` for what this version cannot read.
    pub fn weekdays(&self) -> Result<Vec<Weekday>, Problem> {
        serde_json::from_value(self.weekdays.clone()).map_err(Problem::unexpected)
    }

    /// How long things may take.
    ///
    /// # Errors
    /// `unexpected` for what this version cannot read.
    pub fn sla(&self) -> Result<Sla, Problem> {
        serde_json::from_value(self.sla.clone()).map_err(Problem::unexpected)
    }
}

/// The version of the settings now.
///
/// # Errors
/// A failure of the database.
pub fn version(conn: &mut PgConnection) -> QueryResult<i32> {
    settings::table.select(settings::version).first(conn)
}
