//! Updates the tickets that wait for a release after it was published or rescheduled.
//!
//! A changed release is not settled until every waiting ticket has been updated. Each batch is one
//! transaction, and the remaining work follows from the rows alone: however often it is interrupted,
//! each ticket is updated once.

use domain::ticket::{Action, Facts};
use domain::{Language, Status};
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::release::announcement;

use crate::attachments::store::names_of_release;
use crate::db::schema::{releases, tickets, users};
use crate::db::string_enum::DbEnum;
use crate::events::done::Done;
use crate::events::store::NewEvent;
use crate::problem::Problem;
use crate::releases::store::ReleaseRow;
use crate::settings;
use crate::tickets::lifecycle::apply::{Message, apply, apply_each};
use crate::tickets::store::action_context::ActionContext;
use crate::tickets::store::{Condition, TicketRow};
use crate::worker::batch::Progress;

/// The maximum number of tickets in a batch.
const BATCH_SIZE: i64 = 100;

/// Handles the next waiting tickets of an unsettled release, the oldest first.
pub fn run(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let release: Option<ReleaseRow> = ReleaseRow::query()
        .filter(not(releases::is_settled))
        .order(releases::id)
        .first(conn)
        .optional()?;
    let Some(release) = release else { return Ok(Done::new(Progress::Idle)) };
    // A ticket that a request has locked gets its turn in the next batch.
    let waiting: Vec<TicketRow> = tickets::table
        .filter(is_pending(&release))
        .select(TicketRow::as_select())
        .order(tickets::id)
        .limit(BATCH_SIZE)
        .for_no_key_update()
        .skip_locked()
        .load(conn)?;
    if waiting.is_empty() {
        return Ok(Done::new(settled(&release, conn)?));
    }
    let events = match release.published_at {
        Some(_) => move_to_feedback(&release, waiting, now, conn)?,
        None => reschedule(&release, waiting, now, conn)?,
    };
    Ok(Done::new(Progress::Worked).with_events(events))
}

/// Never: a release is settled after somebody publishes or changes it, not by the clock.
pub fn next_due(_: DateTime<Utc>, _: &mut PgConnection) -> QueryResult<Option<DateTime<Utc>>> {
    Ok(None)
}

/// The waiting tickets that have not been updated after a change of the release.
fn is_pending(release: &ReleaseRow) -> Condition {
    let waiting = tickets::status
        .eq(Status::AwaitingRelease.as_str())
        .and(tickets::release_id.eq(release.id).assume_not_null());
    if release.published_at.is_some() {
        return Box::new(waiting);
    }
    let planned_on = tickets::release_planned_on;
    Box::new(waiting.and(planned_on.is_distinct_from(release.planned_on)))
}

/// Records that all tickets have been updated, unless one was locked or the release has changed
/// since it was read.
fn settled(release: &ReleaseRow, conn: &mut PgConnection) -> QueryResult<Progress> {
    let rest = tickets::table.filter(is_pending(release));
    if diesel::select(exists(rest)).get_result(conn)? {
        return Ok(Progress::Idle);
    }
    let is_same = releases::id.eq(release.id).and(releases::revision.eq(release.revision));
    let count = diesel::update(releases::table.filter(is_same))
        .set(releases::is_settled.eq(true))
        .execute(conn)?;
    Ok(if count > 0 { Progress::Worked } else { Progress::Idle })
}

/// Moves tickets to `feedback`, each with a comment that names the version and its files, in the
/// language of its author.
fn move_to_feedback(
    release: &ReleaseRow,
    waiting: Vec<TicketRow>,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<Vec<NewEvent>, Problem> {
    let authors: Vec<i64> = waiting.iter().map(|it| it.author_id).collect();
    let languages: Vec<(i64, DbEnum<Language>)> = users::table
        .filter(users::id.eq_any(authors))
        .select((users::id, users::language))
        .load(conn)?;
    let languages: HashMap<i64, DbEnum<Language>> = languages.into_iter().collect();
    let (file_ids, files): (Vec<i64>, Vec<String>) =
        names_of_release(release.id, conn)?.into_iter().unzip();
    let by = ActionContext::system(now, settings::latest(conn)?);
    let place = release.public_url.as_deref();
    let mut events = Vec::new();
    for row in waiting {
        let language = languages.get(&row.author_id).map_or(Language::Ru, |it| it.0);
        let text = announcement(&release.version, place, &files, language);
        let message =
            Message { comment: Some(text), attachments: Vec::new(), ..Message::default() };
        let action = Action::ReleaseOut(release.known());
        let outcome = apply(&row.into(), action, &Facts::default(), message, &by, conn)?;
        events.extend(outcome.event.map(|mut event| {
            event.body.attachment_ids.clone_from(&file_ids);
            event
        }));
    }
    Ok(events)
}

/// Records in tickets that the release was rescheduled, and moves their review to the new date.
fn reschedule(
    release: &ReleaseRow,
    waiting: Vec<TicketRow>,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<Vec<NewEvent>, Problem> {
    let by = ActionContext::system(now, settings::latest(conn)?);
    let replan = |row: TicketRow| (row.into(), Action::ReleaseReplanned(release.known()));
    apply_each(waiting.into_iter().map(replan), &by, conn)
}
