//! `POST /auth/reauthenticate`.

use actix_web::{HttpRequest, HttpResponse, post};
use diesel::prelude::*;
use domain::{FieldCode, FieldError};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::account::Account;
use crate::auth::check_password::{Guess, check_password};
use crate::auth::{account, store};
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::validation::Valid;
use crate::problem::{Code, Problem};

/// The password of the current user.
#[derive(Deserialize, ToSchema)]
pub struct Reauthentication {
    /// The password.
    #[schema(max_length = 1024)]
    password: String,
}

/// Re-enter the password
///
/// For the next 10 minutes the session may change the user's credentials: the password, the e-mail address, API
/// tokens. Signing in has the same effect.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_reauthenticate",
    request_body = Reauthentication,
    responses((status = 204, description = "The password is right")),
)]
#[post("/auth/reauthenticate")]
pub async fn reauthenticate(
    req: HttpRequest,
    db: RequestDb,
    caller: Caller,
    Valid(reauthentication): Valid<Reauthentication>,
) -> Result<HttpResponse, Problem> {
    let (user_id, session_id) = (caller.user_id, caller.session_id()?);
    let guess = Guess::of_signed_in(&req, &caller, reauthentication.password);
    let (attempt, entry) = (guess.attempt.clone(), guess.entry.clone());
    let find = move |conn: &mut _| Account::find(user_id, conn).optional();
    let Some(checked) = check_password(&db, guess, find).await? else {
        let wrong = FieldError::new("/password", FieldCode::WrongPassword);
        return Err(Problem::invalid(vec![wrong]));
    };
    db.transaction(move |conn| {
        if !account::is_still(user_id, checked.hash.as_deref(), conn)? {
            return Err(Problem::new(Code::Unauthenticated));
        }
        store::set_authenticated(session_id, checked.at, conn)?;
        entry.write(checked.at, conn)?;
        Ok(attempt.succeed(user_id, conn)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
