//! `POST /auth/logout`.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use diesel::ExpressionMethods as _;

use super::{Caller, store};
use crate::db::Db;
use crate::problem::Problem;
use crate::schema::sessions;

/// Sign out
///
/// Ends the session: its access and refresh tokens are void at once.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_logout",
    responses((status = 204, description = "Signed out")),
)]
#[post("/auth/logout")]
pub async fn logout(db: Data<Db>, caller: Caller) -> Result<HttpResponse, Problem> {
    let ended = sessions::id.eq(caller.session_id()?);
    db.run(move |conn| Ok(store::revoke(ended, caller.real_now, conn)?)).await?;
    Ok(HttpResponse::NoContent().finish())
}
