//! The rules of time that hold now, read once for each version of the settings.

use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;
use domain::sla::Rules;

use crate::settings::store::{SettingsRow, version};

/// What this process has read last, and of which version.
static READ: Mutex<Option<(i32, Arc<Rules>)>> = Mutex::new(None);

/// The rules of time of a version of the settings, or of a later one.
///
/// Not for whoever changes settings: what a transaction has not committed yet must not be
/// remembered. It asks [`SettingsRow::rules`].
pub fn current(version: i32, conn: &mut PgConnection) -> QueryResult<Arc<Rules>> {
    let read = READ.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((_, rules)) = read.filter(|(of, _)| *of == version) {
        return Ok(rules);
    }
    // The version first: days that change in between belong to a later one, which is read anew.
    let row = SettingsRow::find(conn)?;
    let rules = Arc::new(row.rules(conn)?);
    let read = Some((row.version, Arc::clone(&rules)));
    *READ.lock().unwrap_or_else(PoisonError::into_inner) = read;
    Ok(rules)
}

/// The rules of time now, for work that no caller asks for: one statement more.
pub fn latest(conn: &mut PgConnection) -> QueryResult<Arc<Rules>> {
    current(version(conn)?, conn)
}
