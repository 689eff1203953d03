//! Who calls, by a key that was brought over: good here and nowhere else.

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
use crate::redmine::answer::Answer;
use crate::redmine::query::Query;

/// The longest key that is looked at.
const LONGEST: usize = 200;

/// A reader with the database on their behalf.
pub struct Reader {
    pub caller: Caller,
    pub db: RequestDb,
}

impl FromRequest for Reader {
    type Error = Answer;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Answer>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { Self::of(&req).await })
    }
}

impl Reader {
    /// Errors: `Unknown` without a key that is good.
    pub async fn of(req: &HttpRequest) -> Result<Self, Answer> {
        if req.headers().contains_key("x-redmine-switch-user") {
            return Err(Answer::NotAnother);
        }
        // No text has it, and the database cannot be asked for it.
        if req.uri().to_string().contains("%00") {
            return Err(Answer::Wrong("U+0000 is in no text".to_owned()));
        }
        let key = key_of(req).filter(|it| it.len() <= LONGEST).ok_or(Answer::Unknown)?;
        // A token of ours has scopes for operations that these are not.
        if key.starts_with(secret::API_TOKEN) {
            return Err(Answer::Unknown);
        }
        let hash = secret::token_hash(&key);
        let db = RequestDb::of(req)?;
        let caller =
            db.run(move |conn| caller_of_token(&hash, conn)).await?.ok_or(Answer::Unknown)?;
        // Whoever came over has no password yet; their scripts do not wait for one.
        let caller = Caller { must_change_password: false, ..caller };
        req.extensions_mut().insert(caller.clone());
        if let Some(rates) = req.app_data::<Data<Rates>>() {
            rates.count_caller(&caller, req)?;
        }
        Ok(Self { db: RequestDb::of(req)?, caller })
    }
}

impl Reader {
    /// Whether the caller may do what an operation of ours does.
    pub fn may(&self, operation: &str) -> Result<(), Answer> {
        let rule = permissions::rule(operation).ok_or(Answer::Forbidden)?;
        rule.check(&self.caller).map_err(|_| Answer::Forbidden)
    }
}

/// Whether a request comes with a key, be it a good one.
pub fn has_key(req: &HttpRequest) -> bool {
    key_of(req).is_some()
}

/// The key in the header, in the query, or as the name of Basic.
fn key_of(req: &HttpRequest) -> Option<String> {
    let header = |name: &str| req.headers().get(name).and_then(|it| it.to_str().ok());
    if let Some(key) = header("x-redmine-api-key") {
        return Some(key.trim().to_owned());
    }
    if let Some(key) = Query::of(req).first("key") {
        return Some(key.to_owned());
    }
    let basic = header(AUTHORIZATION.as_str())?.strip_prefix("Basic ")?;
    let pair = String::from_utf8(STANDARD.decode(basic.trim()).ok()?).ok()?;
    let (name, _) = pair.split_once(':')?;
    (!name.is_empty()).then(|| name.to_owned())
}
