//! `POST /auth/login`.

use actix_web::http::header::USER_AGENT;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, post};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::entry::{Entry, Trace};
use crate::auth::account::Account;
use crate::auth::store::Origin;
use crate::auth::throttle::Attempt;
use crate::auth::{account, store};
use crate::credentials::email::fold_email;
use crate::credentials::secret;
use crate::credentials::token::Keys;
use crate::db::clock;
use crate::http::client_address::ClientAddress;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::http::validation::Valid;
use crate::problem::{Code, Problem};

/// The credentials of a user.
#[derive(Deserialize, ToSchema)]
pub struct Login {
    /// The e-mail address that the account was created with.
    #[schema(max_length = 254, example = "customer@helpdesk.example")]
    email: String,
    /// The password; the first one is sent by e-mail.
    #[schema(max_length = 1024, example = "Demo-2026-portal")]
    password: String,
}

/// The tokens of a session.
#[derive(Serialize, ToSchema)]
pub struct Tokens {
    /// The access token, to be sent as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// The lifetime of the access token, in seconds.
    pub expires_in: i32,
    /// The refresh token, to be exchanged for the next pair; it can be used once.
    pub refresh_token: String,
    /// Whether the password has to be changed before any other operation is permitted.
    pub must_change_password: bool,
}

/// Sign in
///
/// Unknown accounts, wrong passwords and deactivated accounts get the same response after the same
/// time. Repeated failures are slowed down (429 with `Retry-After`).
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_login",
    request_body = Login,
    responses((status = 200, description = "Signed in", body = Tokens)),
)]
#[post("/auth/login")]
pub async fn login(
    db: RequestDb,
    keys: Data<Keys>,
    service: Data<Service>,
    req: HttpRequest,
    Valid(login): Valid<Login>,
) -> Result<Json<Tokens>, Problem> {
    let email = fold_email(&login.email);
    let attempt = Attempt::new(&email, ClientAddress::of(&req));
    let begun = attempt.clone();
    let entry = Entry::of(Trace::of(&req)).with_login(&email);
    let (now, account) = db
        .transaction(move |conn| {
            let now = clock::real_now(conn)?;
            begun.begin(now, conn)?;
            Ok((now, Account::by_email(&email, conn)?))
        })
        .await?;
    let hash = account.as_ref().and_then(|it| it.usable_hash(now));
    let is_password = secret::is_password(login.password.clone(), hash.clone()).await?;
    let known = account.as_ref().map(|it| it.id);
    let Some(account) = account.filter(|_| is_password) else {
        let entry = entry.by_account(known, None).rejected(Code::InvalidCredentials);
        db.run(move |conn| Ok(entry.write(now, conn)?)).await?;
        log::info!("sign-in failed");
        return Err(Problem::new(Code::InvalidCredentials));
    };
    let is_outdated = hash.as_deref().is_some_and(secret::is_outdated);
    let renewed = if is_outdated { Some(secret::hash_later(login.password).await?) } else { None };
    let origin = Origin {
        user_agent: header_text(&req, USER_AGENT),
        address: ClientAddress::of(&req).to_string(),
    };
    let ttl = TimeDelta::seconds(i64::from(service.refresh_ttl));
    let user_id = account.id;
    let (session_id, refresh_token) = db
        .transaction(move |conn| {
            attempt.succeed(conn)?;
            if !account::is_still(user_id, hash.as_deref(), conn)? {
                return Err(Problem::new(Code::InvalidCredentials));
            }
            if let Some(renewed) = renewed {
                account::renew_hash(user_id, &renewed, conn)?;
            }
            let opened = store::open_session(user_id, &origin, ttl, now, conn)?;
            entry.by_account(Some(user_id), Some(opened.0)).write(now, conn)?;
            Ok(opened)
        })
        .await?;
    log::info!("user {user_id} signed in, session {session_id}");
    Ok(Json(Tokens {
        access_token: keys.sign(user_id, session_id, now)?,
        token_type: "Bearer",
        expires_in: keys.lifetime().cast_signed(),
        refresh_token,
        must_change_password: account.must_change_password,
    }))
}

/// The longest header text that is kept, characters.
const KEPT: usize = 200;

fn header_text(req: &HttpRequest, name: actix_web::http::header::HeaderName) -> String {
    let text = req.headers().get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
    text.chars().take(KEPT).collect()
}
