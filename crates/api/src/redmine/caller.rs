//! Authentication by an imported key, valid here and nowhere else.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::auth::callers::caller_of_token;
use crate::credentials::secret;
use crate::http::caller::Caller;
use crate::http::permissions;
use crate::http::request_db::RequestDb;
use crate::limits::rates::Rates;
use crate::redmine::error::RedmineError;
use crate::redmine::query::Query;

/// The maximum length of a key.
const MAX_KEY: usize = 200;

/// The caller, with the database on their behalf.
pub struct Reader {
    pub caller: Caller,
    pub db: RequestDb,
}

impl FromRequest for Reader {
    type Error = RedmineError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, RedmineError>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { Self::of(&req).await })
    }
}

impl Reader {
    /// Errors: `Unknown` without a valid key.
    pub async fn of(req: &HttpRequest) -> Result<Self, RedmineError> {
        if req.headers().contains_key("x-redmine-switch-user") {
            return Err(RedmineError::NotAnother);
        }
        // The database cannot store it.
        if req.uri().to_string().contains("%00") {
            return Err(RedmineError::of_nul());
        }
        let key = key_of(req).filter(|it| it.len() <= MAX_KEY).ok_or(RedmineError::Unknown)?;
        // Our own tokens have scopes for other operations.
        if key.starts_with(secret::API_TOKEN) {
            return Err(RedmineError::Unknown);
        }
        let hash = secret::token_hash(&key);
        let db = RequestDb::of(req)?;
        let caller =
            db.run(move |conn| caller_of_token(&hash, conn)).await?.ok_or(RedmineError::Unknown)?;
        // Imported people have no password yet; their scripts must work all the same.
        let caller = Caller { must_change_password: false, ..caller };
        req.extensions_mut().insert(caller.clone());
        if let Some(rates) = req.app_data::<Data<Rates>>() {
            rates.count_caller(&caller, req)?;
        }
        Ok(Self { db: RequestDb::of(req)?, caller })
    }
}

impl Reader {
    /// Whether the caller may perform the corresponding operation.
    pub fn may(&self, operation: &str) -> Result<(), RedmineError> {
        let rule = permissions::rule(operation).ok_or(RedmineError::Forbidden)?;
        rule.check(&self.caller).map_err(|_| RedmineError::Forbidden)
    }
}

/// Whether a request has a key, valid or not.
pub fn has_key(req: &HttpRequest) -> bool {
    key_of(req).is_some()
}

/// The key in the header, the query, or the user name of Basic authentication.
fn key_of(req: &HttpRequest) -> Option<String> {
    let header = |name: &str| req.headers().get(name).and_then(|it| it.to_str().ok());
    if let Some(key) = header("x-redmine-api-key") {
        return Some(key.trim().to_owned());
    }
    if let Some(key) = Query::of(req).value("key") {
        return Some(key.to_owned());
    }
    let basic = header(AUTHORIZATION.as_str())?.strip_prefix("Basic ")?;
    let pair = String::from_utf8(STANDARD.decode(basic.trim()).ok()?).ok()?;
    let (name, _) = pair.split_once(':')?;
    (!name.is_empty()).then(|| name.to_owned())
}
