//! `PUT` and `DELETE /users/{id}/absence`.

use actix_web::web::Path;
use actix_web::{HttpResponse, delete, put};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::balancing::Absence as Away;
use domain::{AssignmentCause, FieldCode, FieldError, Format, Role};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::events::done::{Done, recorded};
use crate::events::store::NewEvent;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::tried::Tried;
use crate::problem::{Code, Problem};
use crate::tickets::people::handover::Leaver;
use crate::users::absences::{set_absence, set_planned};
use crate::users::store::{UserRow, known_to};
use crate::users::view::User;

/// The absence of an engineer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Absence {
    /// When it begins, in the future; null: now.
    pub from: Option<DateTime<Utc>>,
    /// When the engineer is back; null: until further notice.
    pub until: Option<DateTime<Utc>>,
}

impl Absence {
    /// It lies ahead, and ends after its beginning.
    fn errors(&self, now: DateTime<Utc>) -> Vec<FieldError> {
        let is_past = |it: Option<DateTime<Utc>>| it.is_some_and(|it| it <= now);
        let ends_first = self.from.zip(self.until).is_some_and(|(from, until)| until <= from);
        let wrong_end = FieldCode::WrongFormat(Format::LaterThanStart);
        [
            (is_past(self.from), "/from", FieldCode::NotApplicable),
            (is_past(self.until), "/until", FieldCode::NotApplicable),
            (ends_first && !is_past(self.until), "/until", wrong_end),
        ]
        .into_iter()
        .filter(|(is_wrong, ..)| *is_wrong)
        .map(|(_, pointer, code)| FieldError::new(pointer, code))
        .collect()
    }
}

/// Mark an engineer as absent
///
/// From now on: their open tickets are handed over at once, in a direction with automatic assignment to the
/// least loaded engineer who is present, otherwise to nobody, which returns them to the queue.
/// With `from`, the absence is planned: it begins automatically, and the tickets are handed over then. One absence can be
/// planned, even during a current one; planning another replaces it. If it begins during another absence, the two
/// become one, until the later end. Engineers can do this for themselves, admins for everybody.
#[utoipa::path(
    tag = "users",
    operation_id = "users_absence_update",
    params(("id" = i64, Path, description = "The engineer"), IfMatch),
    request_body = Absence,
    responses((status = 200, description = "The engineer", body = User)),
)]
#[put("/users/{id}/absence")]
pub async fn update(
    db: RequestDb,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<Absence>,
) -> Result<WithEtag<User>, Problem> {
    let id = *id;
    let work = move |absence: Absence, conn: &mut _| {
        let events = match absence.from {
            Some(_) => plan(id, &absence, audited, if_match, &caller, conn)?,
            None => begin(id, &absence, audited, if_match, &caller, conn)?,
        };
        let (row, company) = UserRow::show(id, &caller, conn)?;
        let shown = WithEtag::new(row.version, User::new(row, company, &caller));
        Ok(Done::new(shown).with_events(events))
    };
    db.transaction(recorded(db.history_key(), body.then(work))).await
}

fn begin(
    id: i64,
    absence: &Absence,
    audited: Audited,
    if_match: IfMatch,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<NewEvent>, Problem> {
    let leaver = Leaver::lock(id, None, &known_to(caller), conn)?;
    check(&leaver.user, absence, if_match, caller)?;
    let work = |conn: &mut _| {
        let begun = Away { since: Some(caller.now), until: absence.until };
        set_absence(&leaver.user, begun, caller.now, conn)?;
        leaver.hand_over(AssignmentCause::Absence, &caller.into(), conn)
    };
    audited.update(Entity::User(id), work)(conn)
}

fn plan(
    id: i64,
    absence: &Absence,
    audited: Audited,
    if_match: IfMatch,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Vec<NewEvent>, Problem> {
    let engineer = UserRow::lock(id, caller, conn)?;
    check(&engineer, absence, if_match, caller)?;
    let planned = Away { since: absence.from, until: absence.until };
    let work = |conn: &mut _| Ok(set_planned(&engineer, planned, conn)?);
    audited.update(Entity::User(id), work)(conn)?;
    Ok(Vec::new())
}

/// Mark an engineer as present
///
/// Ends the current absence; if there is none, cancels the planned one.
/// Tickets that were handed over remain where they are.
#[utoipa::path(
    tag = "users",
    operation_id = "users_absence_delete",
    params(("id" = i64, Path, description = "The engineer"), IfMatch),
    responses((status = 204, description = "The engineer is present")),
)]
#[delete("/users/{id}/absence")]
pub async fn delete(
    db: RequestDb,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
) -> Result<HttpResponse, Problem> {
    let id = *id;
    let work = move |conn: &mut _| {
        let engineer = UserRow::lock(id, &caller, conn)?;
        check_permitted(&engineer, &caller)?;
        if_match.check(engineer.version)?;
        match engineer.absence().is_on(caller.now) {
            true => Ok(set_absence(&engineer, Away::default(), caller.now, conn)?),
            false => Ok(set_planned(&engineer, Away::default(), conn)?),
        }
    };
    db.transaction(audited.action(Entity::User(id), work)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn check(
    engineer: &UserRow,
    absence: &Absence,
    if_match: IfMatch,
    caller: &Caller,
) -> Result<(), Problem> {
    check_permitted(engineer, caller)?;
    if_match.check(engineer.version)?;
    match absence.errors(caller.now) {
        errors if errors.is_empty() => Ok(()),
        errors => Err(Problem::invalid(errors)),
    }
}

/// Whether the caller may change somebody's absence.
fn check_permitted(user: &UserRow, caller: &Caller) -> Result<(), Problem> {
    if !user.role.0.is_support() {
        return Err(Problem::new(Code::NotFound));
    }
    if caller.role != Role::Admin && caller.user_id != user.id {
        return Err(Problem::new(Code::Forbidden));
    }
    Ok(())
}
