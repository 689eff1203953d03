//! Who is calling: sign-in, tokens, passwords, and the caller that handlers are given.

pub mod account;
pub mod callers;
pub mod login;
pub mod logout;
pub mod password;
pub mod refresh;
pub mod reset;
pub mod scope;
pub mod secret;
pub mod store;
pub mod throttle;
pub mod token;

use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use chrono::{DateTime, Utc};
use domain::sla::Rules;
use domain::{Language, Role};

use crate::db::Db;
use crate::problem::{Code, Problem};
use scope::Scope;
use token::Keys;

/// The person behind a request, as the database knows them at this moment.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub user_id: i64,
    /// What they came with.
    pub credential: Credential,
    /// What they are to the portal.
    pub role: Role,
    /// The company of a customer; nobody else has one.
    pub company_id: Option<i64>,
    /// The language they chose.
    pub language: Language,
    /// Their one-time password has not been replaced yet.
    pub must_change_password: bool,
    /// The time at which the request is handled; all its rules read this one.
    pub now: DateTime<Utc>,
    /// The same on the wall: for sign-in, tokens and leases, which no sandbox moves.
    pub real_now: DateTime<Utc>,
    /// The calendar and the targets by which it is handled.
    pub rules: Arc<Rules>,
}

/// What a request proves with who it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// An access token of this session.
    Session(i64),
    /// An API token, good for operations of these scopes.
    ApiToken {
        /// Which.
        id: i64,
        /// What it was made for.
        scopes: Vec<Scope>,
    },
    /// A mail to a signed address that was given to them.
    Mail,
}

impl Caller {
    /// The session that the request belongs to.
    ///
    /// # Errors
    /// `insufficient_scope` for an API token or a mail, which have none.
    pub fn session_id(&self) -> Result<i64, Problem> {
        match self.credential {
            Credential::Session(id) => Ok(id),
            Credential::ApiToken { .. } | Credential::Mail => {
                Err(Problem::new(Code::InsufficientScope))
            }
        }
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = req.extensions().get::<Self>().cloned();
        ready(caller.ok_or_else(|| Problem::new(Code::Unauthenticated)))
    }
}

/// The longest `Authorization` header that is looked at, bytes.
const LONGEST_TOKEN: usize = 8 * 1024;

/// Finds out who calls: the token is checked, then what the database has behind it.
///
/// # Errors
/// `unauthenticated` for a missing, bad or revoked token, and for an account that was
/// deactivated a moment ago.
pub async fn caller(req: &HttpRequest, db: &Db) -> Result<Caller, Problem> {
    let refused = || Problem::new(Code::Unauthenticated);
    let header = req.headers().get(AUTHORIZATION).and_then(|it| it.to_str().ok());
    let token = header.filter(|it| it.len() <= LONGEST_TOKEN).and_then(bearer);
    let token = token.ok_or_else(refused)?;
    if token.starts_with(secret::API_TOKEN) {
        let hash = secret::token_hash(token);
        let found = db.run(move |conn| callers::caller_of_token(&hash, conn)).await?;
        return found.ok_or_else(refused);
    }
    let keys = req.app_data::<Data<Keys>>().ok_or_else(|| Problem::unexpected("no keys"))?;
    let claims = keys.verify(token).ok_or_else(refused)?;
    let session_id = claims.sid;
    let found = db.run(move |conn| callers::caller(session_id, conn)).await?;
    found.filter(|it| it.user_id.to_string() == claims.sub).ok_or_else(refused)
}

/// How long the access token of a request is still good; none where it came with another kind of
/// token, whose end the database knows.
pub fn remaining(req: &HttpRequest) -> Option<Duration> {
    let header = req.headers().get(AUTHORIZATION).and_then(|it| it.to_str().ok());
    let token = header.and_then(bearer)?;
    let claims = req.app_data::<Data<Keys>>()?.verify(token)?;
    let seconds = claims.exp - Utc::now().timestamp();
    Some(Duration::from_secs(seconds.try_into().unwrap_or(0)))
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
