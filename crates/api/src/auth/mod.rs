//! Who is calling: sign-in, tokens, passwords.

pub(crate) mod account;
pub(crate) mod by_url;
pub(crate) mod callers;
pub(crate) mod check_password;
pub(crate) mod expiry;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod password;
pub(crate) mod password_mail;
pub(crate) mod reauthenticate;
pub(crate) mod refresh;
pub(crate) mod reset;
pub(crate) mod reset_requests;
pub(crate) mod store;
pub(crate) mod stream_tickets;
pub(crate) mod throttle;

use std::time::Duration;

use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest};
use chrono::Utc;

use crate::auth::by_url::TicketEnd;
use crate::credentials::secret;
use crate::credentials::token::{Claims, Keys};
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::problem::{Code, Problem};

/// The maximum length of an `Authorization` header, in bytes.
const MAX_TOKEN: usize = 8 * 1024;

/// Finds out who calls: the token is checked, then what the database has behind it.
/// Errors: `unauthenticated` for a missing, bad or revoked token, and for an account that
/// has just been deactivated.
pub async fn caller(req: &HttpRequest) -> Result<Caller, Problem> {
    let refused = || Problem::new(Code::Unauthenticated);
    let token = bearer(req).ok_or_else(refused)?;
    if token.starts_with(secret::API_TOKEN) {
        let hash = secret::token_hash(token);
        let db = RequestDb::of(req)?;
        let found = db.run(move |conn| callers::caller_of_token(&hash, conn)).await?;
        return found.ok_or_else(refused);
    }
    let claims = claims(req).ok_or_else(refused)?;
    let session_id = claims.sid;
    let user_id = claims.sub.parse().map_err(|_| refused())?;
    let db = RequestDb::of(req)?.of_person(user_id);
    let found = db.run(move |conn| callers::caller(session_id, conn)).await?;
    found.filter(|it| it.user_id == user_id).ok_or_else(refused)
}

/// The remaining lifetime of a request's access token, or of the one that its ticket was made with; none
/// for other kinds of token, whose end the database knows.
pub fn remaining(req: &HttpRequest) -> Option<Duration> {
    let of_ticket = req.extensions().get::<TicketEnd>().map(|it| it.0);
    let ends_at = match of_ticket {
        Some(ends_at) => ends_at?.timestamp(),
        None => claims(req)?.exp,
    };
    let seconds = ends_at - Utc::now().timestamp();
    Some(Duration::from_secs(seconds.try_into().unwrap_or(0)))
}

/// The claims of an access token that is ours and has not expired; its session may have ended all the same.
pub fn claims(req: &HttpRequest) -> Option<Claims> {
    req.app_data::<Data<Keys>>()?.verify(bearer(req)?)
}

fn bearer(req: &HttpRequest) -> Option<&str> {
    let header = req.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ').filter(|_| header.len() <= MAX_TOKEN)?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
