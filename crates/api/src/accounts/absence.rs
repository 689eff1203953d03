//! `PUT` and `DELETE /users/{id}/absence`.

use actix_web::web::Path;
use actix_web::{HttpResponse, delete, put};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{AssignmentCause, FieldCode, FieldError, Role};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::schema::{absences, users};
use crate::events::done::{Done, recorded};
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::problem::{Code, Problem};
use crate::tickets::people::handover::Leaver;
use crate::users::store::UserRow;
use crate::users::view::User;

/// The absence of an engineer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Absence {
    /// When the engineer is back; null: until further notice.
    pub until: Option<DateTime<Utc>>,
}

/// Mark an engineer as absent
///
/// Their open tickets are handed over at once: in a direction with automatic assignment to the
/// least loaded engineer who is present, otherwise to nobody, which returns them to the queue.
/// Engineers can do this for themselves, admins for everybody.
#[utoipa::path(
    tag = "users",
    operation_id = "users_absence_update",
    params(("id" = i64, Path, description = "The engineer"), IfMatch),
    request_body = Absence,
    responses((status = 200, description = "The absent engineer", body = User)),
)]
#[put("/users/{id}/absence")]
pub async fn update(
    db: RequestDb,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    Valid(absence): Valid<Absence>,
) -> Result<WithEtag<User>, Problem> {
    let id = *id;
    let work = move |conn: &mut _| {
        let leaver = Leaver::lock(id, None, &caller, conn)?;
        check(&leaver.user, &caller)?;
        if_match.check(leaver.user.version)?;
        if absence.until.is_some_and(|it| it <= caller.now) {
            let past = FieldError::new("/until", FieldCode::NotApplicable);
            return Err(Problem::invalid(vec![past]));
        }
        let work = |conn: &mut _| {
            save(&leaver.user, Some(caller.now), absence.until, caller.now, conn)?;
            leaver.hand_over(AssignmentCause::Absence, &caller, conn)
        };
        let events = audited.update(Entity::User(id), work)(conn)?;
        let (row, company) = UserRow::show(id, &caller, conn)?;
        let shown = WithEtag::new(row.version, User::new(row, company, &caller));
        Ok(Done::new(shown).with_events(events))
    };
    db.transaction(recorded(db.history_key(), work)).await
}

/// Mark an engineer as present
///
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
        check(&engineer, &caller)?;
        if_match.check(engineer.version)?;
        Ok(save(&engineer, None, None, caller.now, conn)?)
    };
    db.transaction(audited.action(Entity::User(id), work)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Whether the caller may change somebody's absence.
fn check(user: &UserRow, caller: &Caller) -> Result<(), Problem> {
    if !user.role.0.is_support() {
        return Err(Problem::new(Code::NotFound));
    }
    if caller.role != Role::Admin && caller.user_id != user.id {
        return Err(Problem::new(Code::Forbidden));
    }
    Ok(())
}

fn save(
    engineer: &UserRow,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    let lasts = absences::until.is_null().or(absences::until.gt(now));
    diesel::update(absences::table.filter(absences::user_id.eq(engineer.id)).filter(lasts))
        .set(absences::until.eq(now))
        .execute(conn)?;
    if let Some(since) = since {
        diesel::insert_into(absences::table)
            .values((
                absences::user_id.eq(engineer.id),
                absences::since.eq(since),
                absences::until.eq(until),
            ))
            .on_conflict((absences::user_id, absences::since))
            .do_update()
            .set(absences::until.eq(until))
            .execute(conn)?;
    }
    diesel::update(users::table.find(engineer.id))
        .set((
            users::absent_since.eq(since),
            users::absent_until.eq(until),
            users::version.eq(engineer.version + 1),
        ))
        .execute(conn)
}
