//! `POST /auth/logout`.

use actix_web::{HttpResponse, post};
use diesel::ExpressionMethods as _;

use crate::audit::entry::{Entry, Trace};
use crate::auth::store;
use crate::db::schema::sessions;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;

/// Sign out
///
/// Ends the session: its access and refresh tokens are revoked at once.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_logout",
    responses((status = 204, description = "Signed out")),
)]
#[post("/auth/logout")]
pub async fn logout(db: RequestDb, caller: Caller, trace: Trace) -> Result<HttpResponse, Problem> {
    let ended = sessions::id.eq(caller.session_id()?);
    db.transaction(move |conn| {
        store::revoke(Box::new(ended), caller.real_now, conn)?;
        Ok(Entry::of(trace).by(&caller).write(caller.real_now, conn)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
