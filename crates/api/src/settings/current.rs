//! The rules of time in force, read once per version of the settings.

use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;
use domain::sla::Rules;

use crate::settings::store::{SettingsRow, version};

/// What this process read last, with its version.
static READ: Mutex<Option<(i32, Arc<Rules>)>> = Mutex::new(None);

/// The rules of time of a version of the settings, or of a later one.
///
/// Not for changing settings: what a transaction has not committed yet must not be
/// cached; use [`SettingsRow::rules`] there.
pub fn current(version: i32, conn: &mut PgConnection) -> QueryResult<Arc<Rules>> {
    let read = READ.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((_, rules)) = read.filter(|(of, _)| *of == version) {
        return Ok(rules);
    }
    // The version first: exceptions that change in between belong to a later version, which is read again.
    let row = SettingsRow::find(conn)?;
    let rules = Arc::new(row.rules(conn)?);
    let read = Some((row.version, Arc::clone(&rules)));
    *READ.lock().unwrap_or_else(PoisonError::into_inner) = read;
    Ok(rules)
}

/// The rules of time now, for background work; needs one more statement.
pub fn latest(conn: &mut PgConnection) -> QueryResult<Arc<Rules>> {
    current(version(conn)?, conn)
}
