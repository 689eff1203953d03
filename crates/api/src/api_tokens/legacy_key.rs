//! `POST /me/legacy-key`: the key that somebody's old scripts have, good under `/redmine` alone.

use actix_web::{HttpRequest, HttpResponse, post};
use chrono::TimeDelta;
use diesel::result::Error as DbError;
use domain::{FieldCode, RuleViolation};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api_tokens::ApiToken;
use crate::api_tokens::issue::{issue, response};
use crate::api_tokens::store::NewApiToken;
use crate::audit::entry::{Entry, Trace};
use crate::credentials::secret;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::scope::Scope;
use crate::http::validation::Valid;
use crate::problem::{Problem, violated_constraint};

/// What a key of old scripts is called in the list of tokens.
pub const NAME: &str = "Redmine";

/// How long such a key is good.
pub const LIFETIME: TimeDelta = TimeDelta::days(366);

/// What such a key is good for.
pub const SCOPES: &[Scope] = &[Scope::TicketsRead, Scope::TicketsWrite];

/// The key of old scripts.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct LegacyKeyCreate {
    /// The key that Redmine gave you: 40 hexadecimal digits.
    #[schema(
        min_length = 40,
        max_length = 40,
        pattern = "^[0-9a-f]{40}$",
        example = "0123456789abcdef0123456789abcdef01234567"
    )]
    pub key: String,
}

/// Keep a Redmine key for old scripts
///
/// For scripts that were written for Redmine: the key is valid for 366 days below `/redmine`, and
/// nowhere else, and never permits more than your role. It is stored as a hash, and listed and
/// revoked like an API token.
#[utoipa::path(
    tag = "me",
    operation_id = "me_legacy_key_create",
    request_body = LegacyKeyCreate,
    responses((status = 201, description = "The key, as an API token", body = ApiToken)),
)]
#[post("/me/legacy-key")]
pub async fn create(
    req: HttpRequest,
    db: RequestDb,
    caller: Caller,
    Valid(new): Valid<LegacyKeyCreate>,
) -> Result<HttpResponse, Problem> {
    let entry = Entry::of(Trace::of(&req));
    let hash = secret::token_hash(&new.key);
    let work = move |conn: &mut _| {
        let new = NewApiToken {
            user_id: caller.user_id,
            name: NAME,
            scopes: SCOPES,
            lifetime: LIFETIME,
            hash,
        };
        issue(new, entry, &caller, conn)
    };
    let row = db.transaction(work).await?;
    Ok(response(&req, row.id, ApiToken::from(row)))
}

/// Errors: a key that is already known cannot be set again, by anybody.
pub(super) fn map_constraint(error: DbError) -> Problem {
    match violated_constraint(&error) {
        Some("api_tokens_hash_key") => RuleViolation::field("/key", FieldCode::Taken).into(),
        Some(_) | None => error.into(),
    }
}
