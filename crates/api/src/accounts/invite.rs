//! `POST /users/{id}/invite`.

use actix_web::post;
use actix_web::web::Path;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::auth;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::ApiResponse;
use crate::idempotency::idempotent::Idempotent;
use crate::mail::outbox;
use crate::problem::Problem;
use crate::users::scripts;
use crate::users::store::UserRow;
use crate::users::undeliverable;

/// Send new credentials
///
/// The current password is revoked at once and all sessions end; a new one-time password is sent by
/// e-mail, on a day off when support opens next. A deactivated account becomes active again, unless its company is closed
/// (409). API tokens can invite customers only.
#[utoipa::path(
    tag = "users",
    operation_id = "users_invite",
    params(("id" = i64, Path, description = "The user"), Idempotent),
    responses((status = 202, description = "The e-mail will be sent")),
)]
#[post("/users/{id}/invite")]
pub async fn invite(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
) -> Result<ApiResponse, Problem> {
    let id = *id;
    let work = move |conn: &mut _| {
        let user = UserRow::lock_for_access(id, &caller, conn)?;
        scripts::check(user.role.0, &caller)?;
        user.activate(conn)?;
        user.void_password(conn)?;
        undeliverable::forget(user.id, conn)?;
        auth::store::revoke_all(user.id, caller.real_now, conn)?;
        outbox::invite(user.id, &caller.rules.calendar, caller.real_now, conn)?;
        Ok(Done::new(ApiResponse::ACCEPTED))
    };
    once.run(audited.action(Entity::User(id), work)).await
}
