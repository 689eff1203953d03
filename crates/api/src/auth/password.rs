//! `POST /auth/password`.

use actix_web::{HttpRequest, HttpResponse, post};
use diesel::prelude::*;
use domain::{FieldCode, FieldError};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::account::Account;
use crate::auth::check_password::{Guess, check_password};
use crate::auth::{account, store};
use crate::credentials::{secret, turns};
use crate::db::schema::sessions;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::validation::Valid;
use crate::mail::outbox;
use crate::mail::outbox::Kind;
use crate::problem::{Code, Problem};

/// The current and the new password.
#[derive(Deserialize, ToSchema)]
pub struct PasswordChange {
    /// The current password, which may be the one-time password.
    #[schema(max_length = 1024)]
    current_password: String,
    /// The new password: anything of this length that is not easily guessed.
    #[schema(min_length = 8, max_length = 128)]
    new_password: String,
}

/// Change the password
///
/// Ends all other sessions of the account; API tokens remain valid. A notice is sent by e-mail,
/// except when the one-time password is replaced. Until then, every other
/// operation returns 403 `password_change_required`.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_password_change",
    request_body = PasswordChange,
    responses((status = 204, description = "The password has been changed")),
)]
#[post("/auth/password")]
pub async fn change_password(
    req: HttpRequest,
    db: RequestDb,
    caller: Caller,
    Valid(change): Valid<PasswordChange>,
) -> Result<HttpResponse, Problem> {
    let user_id = caller.user_id;
    let account = db.run(move |conn| Ok(Account::find(user_id, conn)?)).await?;
    check(&change, &account).map_err(|it| Problem::invalid(vec![it]))?;
    let guess = Guess::of_signed_in(&req, &caller, change.current_password);
    let (attempt, entry) = (guess.attempt.clone(), guess.entry.clone());
    let must_change_password = account.must_change_password;
    let Some(checked) = check_password(&db, guess, move |_| Ok(Some(account))).await? else {
        let wrong = FieldError::new("/current_password", FieldCode::WrongPassword);
        return Err(Problem::invalid(vec![wrong]));
    };
    let current = checked.hash;
    let hash = turns::turn(attempt.client()).await?.hash(change.new_password).await?;
    db.transaction(move |conn| {
        if !account::replace_password(user_id, current.as_deref(), &hash, conn)? {
            // It was changed or voided while this request was hashing.
            return Err(Problem::new(Code::Unauthenticated));
        }
        let others = sessions::user_id.eq(user_id).and(sessions::id.ne(caller.session_id()?));
        store::revoke(Box::new(others), caller.real_now, conn)?;
        if !must_change_password {
            outbox::queue(Kind::PasswordChanged, user_id, caller.real_now, conn)?;
        }
        entry.write(caller.real_now, conn)?;
        Ok(attempt.succeed(user_id, conn)?)
    })
    .await?;
    log::info!("user {user_id} changed the password");
    Ok(HttpResponse::NoContent().finish())
}

fn check(change: &PasswordChange, account: &Account) -> Result<(), FieldError> {
    if change.new_password == change.current_password {
        return Err(FieldError::new("/new_password", FieldCode::Repeated));
    }
    secret::check_password("/new_password", &change.new_password, &account.email)
}
