//! `POST /users/{id}/deactivate`.

use actix_web::post;
use actix_web::web::Path;
use domain::{AssignmentCause, FieldCode, Role, RuleViolation};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::auth;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, IfMatch};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::tickets::people::handover::Leaver;
use crate::users::scripts;
use crate::users::store::known_to;

/// How a user is deactivated.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Deactivation {
    /// The colleague who takes over the open tickets: for a customer, someone of the same company
    /// who sees all of them; for an engineer, an engineer of all directions concerned.
    #[schema(minimum = 1)]
    pub hand_over_to: Option<i64>,
}

/// Deactivate a user
///
/// Takes effect at once: all tokens and sessions of the account are revoked. Open tickets go to
/// `hand_over_to`: as the contact of a customer's tickets, as the assignee of an engineer's.
/// Without it, an engineer's tickets go to the least loaded engineer who is present if the
/// direction has automatic assignment, otherwise to nobody. API tokens can deactivate customers only. An administrator
/// of a company deactivates colleagues; nobody deactivates their own account.
#[utoipa::path(
    tag = "users",
    operation_id = "users_deactivate",
    params(("id" = i64, Path, description = "The user"), IfMatch, Idempotent),
    request_body = Deactivation,
    responses((status = 204, description = "The account is deactivated")),
)]
#[post("/users/{id}/deactivate")]
pub async fn deactivate(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<Deactivation>,
) -> Result<ApiResponse, Problem> {
    let id = *id;
    let work = move |how: Deactivation, conn: &mut _| {
        let leaver = Leaver::lock(id, how.hand_over_to, &known_to(&caller), conn)?;
        scripts::check(leaver.user.role.0, &caller)?;
        if_match.check(leaver.user.version)?;
        if id == caller.user_id {
            return Err(RuleViolation::field("/id", FieldCode::Unsuitable).into());
        }
        if how.hand_over_to.is_some() {
            check_colleague(&leaver)?;
        }
        let work = |conn: &mut _| {
            leaver.user.deactivate(caller.is_company_admin, conn)?;
            auth::store::revoke_all(id, caller.real_now, conn)?;
            leaver.hand_over(AssignmentCause::Departure, &(&caller).into(), conn)
        };
        let events = audited.action(Entity::User(id), work)(conn)?;
        Ok(Done::new(ApiResponse::NO_CONTENT).with_events(events))
    };
    once.run(body.then(work)).await
}

fn check_colleague(Leaver { user, colleague, .. }: &Leaver) -> Result<(), RuleViolation> {
    let found = colleague.as_ref().filter(|it| {
        it.company_id == user.company_id
            && (it.role.0 == Role::Customer) == (user.role.0 == Role::Customer)
    });
    let code = match found {
        None => FieldCode::NotFound,
        Some(it) if it.id == user.id => FieldCode::Circular,
        Some(it) if !it.is_active => FieldCode::Inactive,
        Some(_) => return Ok(()),
    };
    Err(RuleViolation::field("/hand_over_to", code))
}
