//! `POST /users/{id}/reactivate`.

use actix_web::post;
use actix_web::web::Path;
use diesel::PgConnection;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, IfMatch, WithEtag};
use crate::idempotency::idempotent::Idempotent;
use crate::problem::{Code, Problem};
use crate::users::scripts;
use crate::users::store::UserRow;
use crate::users::view::User;

/// Reactivate a user
///
/// The account can sign in again, with the password that it had; anybody whose password is no longer valid requests a
/// new one (`POST /auth/password-reset`). An administrator of a company reactivates colleagues whom an administrator of the
/// company deactivated; the others are for staff (403). People of a closed company stay out (409).
#[utoipa::path(
    tag = "users",
    operation_id = "users_reactivate",
    params(("id" = i64, Path, description = "The user"), IfMatch, Idempotent),
    responses((status = 200, description = "The active user", body = User)),
)]
#[post("/users/{id}/reactivate")]
pub async fn reactivate(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
) -> Result<ApiResponse, Problem> {
    let id = *id;
    let work = move |conn: &mut PgConnection| {
        let user = UserRow::lock_for_access(id, &caller, conn)?;
        scripts::check(user.role.0, &caller)?;
        if_match.check(user.version)?;
        if caller.is_company_admin && !user.is_active && !user.is_deactivated_by_company {
            return Err(Problem::new(Code::Forbidden));
        }
        user.activate(conn)?;
        let (row, company) = UserRow::show(id, &caller, conn)?;
        Ok(Done::new(WithEtag::new(row.version, User::new(row, company, &caller))))
    };
    once.run(audited.action(Entity::User(id), work)).await
}
