//! `POST /me/api-tokens`.

use actix_web::{HttpRequest, HttpResponse, post};
use chrono::TimeDelta;
use domain::{FieldCode, FieldError, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api_tokens::issue::{issue, response};
use crate::api_tokens::store::NewApiToken;
use crate::audit::entry::{Entry, Trace};
use crate::credentials::secret;
use crate::http::caller::Caller;
use crate::http::permissions;
use crate::http::request_db::RequestDb;
use crate::http::scope::Scope;
use crate::http::tried::Tried;
use crate::problem::Problem;

/// The default lifetime of a token, in days.
const DEFAULT_DAYS: i32 = 90;

/// The API token to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct ApiTokenCreate {
    /// The name of the token.
    #[schema(max_length = 100, pattern = r"\S", example = "Nightly import")]
    pub name: String,
    /// The scopes of the token: at least one, and only scopes that are useful to your role.
    #[schema(min_items = 1, max_items = 10)]
    pub scopes: Vec<Scope>,
    /// The lifetime of the token, in days.
    #[schema(minimum = 1, maximum = 366, default = 90, nullable = false)]
    pub expires_in_days: Option<i32>,
}

/// A newly created API token, with its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiTokenCreated {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The name that the owner gave the token.
    pub name: String,
    /// The scopes of the token, within the limits of the owner's role.
    pub scopes: Vec<Scope>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When the token expires.
    pub expires_at: Timestamp,
    /// The token itself, to be sent as `Authorization: Bearer …`. It is shown only once.
    #[schema(example = "hd_pat_…")]
    pub token: String,
}

/// Create an API token
///
/// For scripts: a token is valid until it expires or is revoked, for the operations of its scopes,
/// and never permits more than your role. A user may have 50 tokens. All of them are revoked when
/// the account is deactivated, gets new credentials or resets a forgotten password.
#[utoipa::path(
    tag = "me",
    operation_id = "me_api_tokens_create",
    request_body = ApiTokenCreate,
    responses((status = 201, description = "The token; its secret is shown only once", body = ApiTokenCreated)),
)]
#[post("/me/api-tokens")]
pub async fn create(
    req: HttpRequest,
    db: RequestDb,
    caller: Caller,
    body: Tried<ApiTokenCreate>,
) -> Result<HttpResponse, Problem> {
    let (token, hash) = secret::random_token(secret::API_TOKEN);
    let entry = Entry::of(Trace::of(&req));
    let work = move |new: ApiTokenCreate, conn: &mut _| {
        let errors = errors(&new, &caller);
        if !errors.is_empty() {
            return Err(Problem::invalid(errors));
        }
        let days = new.expires_in_days.unwrap_or(DEFAULT_DAYS);
        let new = NewApiToken {
            user_id: caller.user_id,
            name: &new.name,
            scopes: &new.scopes,
            lifetime: TimeDelta::days(i64::from(days)),
            hash,
        };
        issue(new, entry, &caller, conn)
    };
    let row = db.transaction(body.then(work)).await?;
    let id = row.id;
    let created = ApiTokenCreated {
        scopes: row.scopes(),
        id,
        name: row.name,
        created_at: row.created_at.into(),
        expires_at: row.expires_at.into(),
        token,
    };
    Ok(response(&req, id, created))
}

fn errors(new: &ApiTokenCreate, caller: &Caller) -> Vec<FieldError> {
    let wrong = new.scopes.iter().enumerate().filter_map(|(place, scope)| {
        let code = if new.scopes.iter().take(place).any(|it| it == scope) {
            FieldCode::Repeated
        } else if !permissions::permits_any(*scope, caller.role) {
            FieldCode::NotPermitted
        } else {
            return None;
        };
        Some(FieldError::new(format!("/scopes/{place}"), code))
    });
    wrong.collect()
}
