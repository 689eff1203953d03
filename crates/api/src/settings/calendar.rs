//! `GET` and `PUT /settings/calendar`: when support works (2.3).

use std::collections::BTreeSet;
use std::str::FromStr;

use actix_web::{get, put};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::calendar::{Calendar, CalendarWarning, Weekday};
use domain::violation::merged;
use domain::zone::Zone;
use domain::{FieldCode, FieldError, Language};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::BodyWithErrors;
use crate::problem::Problem;
use crate::settings::store::SettingsRow;

/// The working hours of support, apart from the calendar exceptions.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarSettings {
    /// The time zone of the hours and dates: a fixed offset or an IANA name.
    #[schema(example = "+06:00")]
    pub zone: String,
    /// When the working day begins.
    #[schema(example = "09:00")]
    pub opens: String,
    /// When the working day ends; `24:00` at the latest.
    #[schema(example = "18:00")]
    pub closes: String,
    /// The weekdays on which support works.
    pub weekdays: Vec<Weekday>,
    /// The last date for which the exceptions are known.
    pub filled_until: NaiveDate,
    /// What needs attention.
    pub warnings: Vec<SettingsWarning>,
    /// The version number, incremented with every change of the settings,
    /// including the calendar exceptions.
    pub version: i32,
}

/// Something in the calendar that needs attention.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingsWarning {
    /// The code of the warning.
    pub code: CalendarWarning,
    /// What to do about it, in the caller's language.
    pub detail: &'static str,
}

/// The working hours to apply, apart from the calendar exceptions.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct CalendarSettingsSet {
    /// The time zone of the hours and dates: a fixed offset or an IANA name.
    #[schema(max_length = 50, example = "Asia/Almaty")]
    pub zone: String,
    /// When the working day begins, in hours and minutes.
    #[schema(max_length = 5, example = "09:00")]
    pub opens: String,
    /// When the working day ends; `24:00` at the latest.
    #[schema(max_length = 5, example = "18:00")]
    pub closes: String,
    /// The weekdays on which support works.
    #[schema(min_items = 1, max_items = 7)]
    pub weekdays: BTreeSet<Weekday>,
    /// The last date for which the exceptions are known; after it the service warns.
    pub filled_until: NaiveDate,
}

impl CalendarSettings {
    fn new(
        calendar: &Calendar,
        version: i32,
        now: DateTime<Utc>,
        language: Language,
    ) -> WithEtag<Self> {
        let warnings = calendar
            .warnings(now)
            .into_iter()
            .map(|code| SettingsWarning { code, detail: code.text().text_in(language) });
        let settings = Self {
            zone: calendar.zone().to_string(),
            opens: calendar.opens().to_string(),
            closes: calendar.closes().to_string(),
            weekdays: calendar.weekdays().collect(),
            filled_until: calendar.filled_until(),
            warnings: warnings.collect(),
            version,
        };
        WithEtag::new(version, settings)
    }
}

impl CalendarSettingsSet {
    /// The calendar, without the exceptions.
    fn calendar(&self) -> Result<Calendar, Problem> {
        let mut errors = Vec::new();
        let zone = read("/zone", &self.zone, &mut errors);
        let opens = read("/opens", &self.opens, &mut errors);
        let closes = read("/closes", &self.closes, &mut errors);
        match (zone, opens, closes) {
            (Some(zone), Some(opens), Some(closes)) => {
                let weekdays: Vec<Weekday> = self.weekdays.iter().copied().collect();
                Ok(Calendar::new(zone, opens, closes, &weekdays, self.filled_until)?)
            }
            _ => Err(Problem::invalid(errors)),
        }
    }
}

/// A schema cannot know which time zones exist; a wrong one is reported together with all other errors.
fn checked(requested: BodyWithErrors<CalendarSettingsSet>) -> Result<CalendarSettingsSet, Problem> {
    requested.typed.map_err(|errors| {
        let mut of_zone = Vec::new();
        if let Some(zone) = requested.body.get("zone").and_then(Value::as_str) {
            read::<Zone>("/zone", zone, &mut of_zone);
        }
        Problem::invalid(merged(of_zone, errors))
    })
}

fn read<T: FromStr<Err = FieldCode>>(
    pointer: &str,
    text: &str,
    errors: &mut Vec<FieldError>,
) -> Option<T> {
    text.parse().map_err(|code| errors.push(FieldError::new(pointer, code))).ok()
}

/// Get calendar settings
///
/// `warnings` says whether today is beyond `filled_until`, and whether the local time in Almaty
/// differs from that of the calendar's time zone.
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_calendar_get",
    responses((status = 200, description = "The calendar settings", body = CalendarSettings)),
)]
#[get("/settings/calendar")]
pub async fn get(caller: Caller) -> WithEtag<CalendarSettings> {
    let rules = &caller.rules;
    CalendarSettings::new(&rules.calendar, rules.version, caller.now, caller.language)
}

/// Update calendar settings
#[utoipa::path(
    tag = "settings",
    operation_id = "settings_calendar_update",
    params(IfMatch),
    request_body = CalendarSettingsSet,
    responses((status = 200, description = "The updated calendar settings", body = CalendarSettings)),
)]
#[put("/settings/calendar")]
pub async fn update(
    db: RequestDb,
    caller: Caller,
    audited: Audited,
    if_match: IfMatch,
    requested: BodyWithErrors<CalendarSettingsSet>,
) -> Result<WithEtag<CalendarSettings>, Problem> {
    let calendar = checked(requested)?.calendar()?;
    let work = move |conn: &mut PgConnection| {
        let row = SettingsRow::lock(conn)?;
        if_match.check(row.version)?;
        if row.calendar()? == calendar {
            return Ok((calendar, row.version));
        }
        let version = row.set_calendar(&calendar, conn)?.version;
        Ok((calendar, version))
    };
    let (calendar, version) = db.transaction(audited.update(Entity::Calendar, work)).await?;
    Ok(CalendarSettings::new(&calendar, version, caller.now, caller.language))
}
