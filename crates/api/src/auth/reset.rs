//! `POST /auth/password-reset` and its confirmation: for whoever has forgotten the password.

use actix_web::{HttpRequest, HttpResponse, post};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::entry::{Entry, Trace};
use crate::auth::account::{Account, set_password};
use crate::auth::store::revoke_all;
use crate::auth::throttle::Attempt;
use crate::auth::{reset_requests, throttle};
use crate::credentials::email::fold_email;
use crate::credentials::{secret, turns};
use crate::db::clock::real_now;
use crate::db::schema::{password_resets, users};
use crate::http::client_address::ClientAddress;
use crate::http::document::Unauthorized;
use crate::http::request_db::RequestDb;
use crate::http::validation::Valid;
use crate::mail::outbox;
use crate::mail::outbox::Kind;
use crate::problem::{Code, Problem};

/// The lifetime of a token.
const LIFETIME: TimeDelta = TimeDelta::hours(1);

/// The account whose password was forgotten.
#[derive(Deserialize, ToSchema)]
pub struct PasswordReset {
    /// The e-mail address that the account was created with.
    #[schema(max_length = 254, example = "customer@helpdesk.example")]
    email: String,
}

/// A new password, with the token that was sent by e-mail.
#[derive(Deserialize, ToSchema)]
pub struct PasswordResetConfirm {
    /// The token from the e-mail; valid for one hour, and only once.
    #[schema(max_length = 200)]
    token: String,
    /// The new password: anything of this length that is not easily guessed.
    #[schema(min_length = 8, max_length = 128)]
    new_password: String,
}

/// Request a password reset
///
/// If there is an active account with this address, an e-mail with a confirmation token is sent; a
/// newer token revokes older ones. If there is none, the response is the same, after the same time.
/// Repeated requests are slowed down (429 with `Retry-After`).
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_password_reset_request",
    request_body = PasswordReset,
    responses((status = 202, description = "If the account exists, the e-mail will be sent"), Unauthorized),
)]
#[post("/auth/password-reset")]
pub async fn request(
    req: HttpRequest,
    db: RequestDb,
    Valid(reset): Valid<PasswordReset>,
) -> Result<HttpResponse, Problem> {
    let email = fold_email(&reset.email);
    let attempt = Attempt::to_reset(&email, ClientAddress::of(&req));
    let entry = Entry::of(Trace::of(&req)).with_login(&email);
    db.run(move |conn| {
        let now = attempt.begin(conn)?;
        // Each counts: none of them fails.
        attempt.count(conn)?;
        reset_requests::store(&email, conn)?;
        Ok(entry.write_once_a_minute(now, conn)?)
    })
    .await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Confirm a password reset
///
/// Revokes the token and all sessions and API tokens of the account, and sends a notice by e-mail.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_password_reset_confirm",
    request_body = PasswordResetConfirm,
    responses((status = 204, description = "The password has been changed"), Unauthorized),
)]
#[post("/auth/password-reset/confirm")]
pub async fn confirm(
    req: HttpRequest,
    db: RequestDb,
    Valid(confirm): Valid<PasswordResetConfirm>,
) -> Result<HttpResponse, Problem> {
    let client = ClientAddress::of(&req);
    let attempt = Attempt::by_token(client);
    let token = secret::token_hash(&confirm.token);
    let sought = token.clone();
    let account = db
        .run(move |conn| {
            let now = attempt.begin(conn)?;
            let found = account_of(&sought, now, conn)?;
            if found.is_none() {
                attempt.count(conn)?;
            }
            Ok(found)
        })
        .await?;
    let account = account.ok_or_else(|| Problem::new(Code::InvalidResetToken))?;
    secret::check_password("/new_password", &confirm.new_password, &account.email)
        .map_err(|it| Problem::invalid(vec![it]))?;
    let hash = turns::turn(client).await?.hash(confirm.new_password).await?;
    let user_id = account.id;
    let entry = Entry::of(Trace::of(&req)).by_account(Some(user_id), None);
    db.transaction(move |conn| {
        let now = real_now(conn)?;
        if !spend(user_id, &token, now, conn)? {
            // Another request was quicker, or the account has been deactivated meanwhile.
            return Err(Problem::new(Code::InvalidResetToken));
        }
        set_password(user_id, &hash, conn)?;
        revoke_all(user_id, now, conn)?;
        outbox::queue(Kind::PasswordChanged, user_id, now, conn)?;
        entry.write(now, conn)?;
        Ok(throttle::succeed_by_mail(user_id, &fold_email(&account.email), client, conn)?)
    })
    .await?;
    log::info!("user {user_id} reset the password");
    Ok(HttpResponse::NoContent().finish())
}

/// A new token for an account; it voids the one before.
pub fn create_token(user_id: i64, conn: &mut PgConnection) -> QueryResult<String> {
    let (token, hash) = secret::random_token("hd_reset_");
    let row = (
        password_resets::hash.eq(hash),
        password_resets::expires_at.eq(real_now(conn)? + LIFETIME),
    );
    diesel::insert_into(password_resets::table)
        .values((password_resets::user_id.eq(user_id), row.clone()))
        .on_conflict(password_resets::user_id)
        .do_update()
        .set(row)
        .execute(conn)?;
    Ok(token)
}

/// The account whose password a token may replace now.
fn account_of(
    hash: &[u8],
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Option<Account>> {
    users::table
        .inner_join(password_resets::table)
        .filter(password_resets::hash.eq(hash))
        .filter(password_resets::expires_at.gt(now))
        .filter(users::is_active)
        .select(Account::as_select())
        .first(conn)
        .optional()
}

/// Consumes a token; returns whether it was still valid.
fn spend(
    user_id: i64,
    hash: &[u8],
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<bool> {
    // The account first, as everywhere: nobody can deactivate it in between.
    let open = users::table.find(user_id).filter(users::is_active).select(users::id);
    let open: Option<i64> = open.for_no_key_update().first(conn).optional()?;
    let good = password_resets::table
        .filter(password_resets::user_id.nullable().eq(open))
        .filter(password_resets::hash.eq(hash))
        .filter(password_resets::expires_at.gt(now));
    Ok(diesel::delete(good).execute(conn)? > 0)
}
