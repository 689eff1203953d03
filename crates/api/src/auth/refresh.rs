//! `POST /auth/refresh`.

use actix_web::post;
use actix_web::web::{Data, Json};
use chrono::TimeDelta;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::entry::{Entry, Trace};
use crate::auth::login::Tokens;
use crate::auth::store;
use crate::auth::store::Refreshed;
use crate::credentials::token::Keys;
use crate::db::clock;
use crate::http::document::Unauthorized;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::http::validation::Valid;
use crate::problem::{Code, Problem};

/// The token with which a session is refreshed.
#[derive(Deserialize, ToSchema)]
pub struct Refresh {
    /// The most recently issued refresh token.
    #[schema(max_length = 200)]
    refresh_token: String,
}

/// Refresh a session
///
/// The old refresh token is revoked at once. If it is used again more than ten seconds later, the
/// session ends, because somebody has a copy.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_refresh",
    request_body = Refresh,
    responses((status = 200, description = "The next pair of tokens", body = Tokens), Unauthorized),
)]
#[post("/auth/refresh")]
pub async fn refresh(
    db: RequestDb,
    keys: Data<Keys>,
    service: Data<Service>,
    trace: Trace,
    Valid(refresh): Valid<Refresh>,
) -> Result<Json<Tokens>, Problem> {
    let entry = Entry::of(trace);
    let ttl = TimeDelta::seconds(i64::from(service.refresh_ttl));
    let (now, refreshed) = db
        .transaction(move |conn| {
            let now = clock::real_now(conn)?;
            let refreshed = store::rotate(&refresh.refresh_token, ttl, now, conn)?;
            if let Refreshed::Reused { user_id, session_id } = refreshed {
                let entry = entry.by_account(Some(user_id), Some(session_id));
                entry.rejected(Code::InvalidRefreshToken).write(now, conn)?;
            }
            Ok((now, refreshed))
        })
        .await?;
    match refreshed {
        Refreshed::Void | Refreshed::Reused { .. } => Err(Problem::new(Code::InvalidRefreshToken)),
        Refreshed::Rotated { user_id, session_id, token, must_change_password } => {
            Ok(Json(Tokens {
                access_token: keys.sign(user_id, session_id, now)?,
                token_type: "Bearer",
                expires_in: keys.lifetime().cast_signed(),
                refresh_token: token,
                must_change_password,
            }))
        }
    }
}
