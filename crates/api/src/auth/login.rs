//! `POST /auth/login`.

use actix_web::http::header::USER_AGENT;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, post};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::entry::{Entry, Trace};
use crate::auth::account::Account;
use crate::auth::check_password::{Checked, Guess, check_password};
use crate::auth::store::Origin;
use crate::auth::throttle::Attempt;
use crate::auth::{account, store};
use crate::credentials::email::fold_email;
use crate::credentials::token::Keys;
use crate::credentials::{hashing, turns};
use crate::http::client_address::ClientAddress;
use crate::http::document::Unauthorized;
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
    responses((status = 200, description = "Signed in", body = Tokens), Unauthorized),
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
    let client = ClientAddress::of(&req);
    let attempt = Attempt::to_sign_in(&email, client);
    let entry = Entry::of(Trace::of(&req)).with_login(&email);
    let guess = Guess {
        attempt: attempt.clone(),
        password: login.password.clone(),
        entry: entry.clone(),
        code: Code::InvalidCredentials,
    };
    let find = move |conn: &mut _| Account::by_email(&email, conn);
    let Some(checked) = check_password(&db, guess, find).await? else {
        log::info!("sign-in failed");
        return Err(Problem::new(Code::InvalidCredentials));
    };
    let Checked { account, hash, at: now } = checked;
    let renewed = renewed(hash.as_deref(), login.password, client).await?;
    let origin = Origin { user_agent: header_text(&req, USER_AGENT), address: client.to_string() };
    let ttl = TimeDelta::seconds(i64::from(service.refresh_ttl));
    let user_id = account.id;
    let (session_id, refresh_token) = db
        .transaction(move |conn| {
            if !account::is_still(user_id, hash.as_deref(), conn)? {
                return Err(Problem::new(Code::InvalidCredentials));
            }
            if let Some(renewed) = renewed {
                account::renew_hash(user_id, &renewed, conn)?;
            }
            let opened = store::open_session(user_id, &origin, ttl, now, conn)?;
            entry.by_account(Some(user_id), Some(opened.0)).write(now, conn)?;
            attempt.succeed(user_id, conn)?;
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

/// A better hash of the password, if the present one is outdated.
async fn renewed(
    hash: Option<&str>,
    password: String,
    client: ClientAddress,
) -> Result<Option<String>, Problem> {
    if !hash.is_some_and(hashing::is_outdated) {
        return Ok(None);
    }
    Ok(Some(turns::turn(client).await?.hash(password).await?))
}

/// The maximum length of a stored user agent, in characters.
const MAX_USER_AGENT: usize = 200;

fn header_text(req: &HttpRequest, name: actix_web::http::header::HeaderName) -> String {
    let text = req.headers().get(name).and_then(|it| it.to_str().ok()).unwrap_or_default();
    text.chars().take(MAX_USER_AGENT).collect()
}
