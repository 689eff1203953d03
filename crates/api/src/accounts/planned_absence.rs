//! Planned absences begin automatically.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::balancing::Absence;
use domain::{AssignmentCause, Viewer};

use crate::events::done::Done;
use crate::problem::Problem;
use crate::settings;
use crate::tickets::people::handover::Leaver;
use crate::tickets::store::action_context::ActionContext;
use crate::users::absences::{next_to_begin, set_absence, set_planned};
use crate::visibility;
use crate::worker::batch::Progress;

/// Begins the next absence that is due, and hands the tickets over, unless it has already ended: then it only counts
/// in reports. One at a time, since each locks the tickets of a person.
pub fn begin_next(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let Some(id) = next_to_begin(now, conn)? else { return Ok(Done::new(Progress::Idle)) };
    let everybody = visibility::people(&Viewer::Support);
    let leaver = Leaver::lock(id, None, &everybody, conn)?;
    let engineer = &leaver.user;
    let planned = engineer.planned_absence();
    if planned.since.is_none_or(|it| it > now) {
        // Cancelled or postponed while waiting for the lock.
        return Ok(Done::new(Progress::Worked));
    }
    let absence = engineer.absence().joined(planned, now);
    set_planned(engineer, Absence::default(), conn)?;
    set_absence(engineer, absence, now, conn)?;
    if !absence.is_on(now) {
        return Ok(Done::new(Progress::Worked));
    }
    let by = ActionContext::system(now, settings::latest(conn)?);
    let events = leaver.hand_over(AssignmentCause::Absence, &by, conn)?;
    Ok(Done::new(Progress::Worked).with_events(events))
}
