//! Credentials in a URL, for what browsers request without headers of ours: links to files, tickets for
//! streams. They stand for `Authorization` at the operations that document them, and nowhere else.

use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest};
use chrono::{DateTime, Utc};
use domain::FieldCode;

use crate::auth::{callers, stream_tickets};
use crate::credentials::file_link::FileLink;
use crate::credentials::secret::token_hash;
use crate::credentials::token::Keys;
use crate::http::caller::{Caller, GrantedBy};
use crate::http::request_db::RequestDb;
use crate::problem::{Code, Problem};

/// The query parameter that holds the credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlCredential {
    Link,
    Ticket,
}

impl UrlCredential {
    pub const ALL: [Self; 2] = [Self::Link, Self::Ticket];

    /// The name of the parameter.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Ticket => "ticket",
        }
    }

    /// The credential in a query; none has a character that needs decoding.
    pub fn in_query(self, query: &str) -> Option<&str> {
        let mut pairs = query.split('&').filter_map(|it| it.split_once('='));
        pairs.find(|(name, _)| *name == self.name()).map(|(_, value)| value)
    }

    /// The caller behind the credential.
    /// Errors: `invalid_link` or `invalid_ticket` for one that is unknown, used, expired, meant for another file,
    /// or made with a session or token that has ended; 400 where there is an `Authorization` header as well.
    pub async fn caller(self, token: &str, req: &HttpRequest) -> Result<Caller, Problem> {
        if req.headers().contains_key("authorization") {
            let conflict = FieldCode::Conflicts(self.name());
            return Err(Problem::malformed_header("Authorization", conflict));
        }
        match self {
            Self::Link => caller_of_link(token, req).await,
            Self::Ticket => caller_of_ticket(token, req).await,
        }
    }
}

/// When the access token that a request's ticket was made with ends; none for a ticket of an API token.
#[derive(Debug, Clone, Copy)]
pub struct TicketEnd(pub Option<DateTime<Utc>>);

/// The session that the link in a query was made with.
pub fn session_of_link(req: &HttpRequest) -> Option<i64> {
    let token = UrlCredential::Link.in_query(req.query_string())?;
    match FileLink::verified(token, req.app_data::<Data<Keys>>()?)?.granted_by {
        GrantedBy::Session(id) => Some(id),
        GrantedBy::ApiToken(_) => None,
    }
}

async fn caller_of_link(token: &str, req: &HttpRequest) -> Result<Caller, Problem> {
    let invalid = || Problem::new(Code::InvalidLink);
    let keys = req.app_data::<Data<Keys>>().ok_or_else(|| Problem::unexpected("no keys"))?;
    let link = FileLink::verified(token, keys).ok_or_else(invalid)?;
    // The path ends with the number of the file and what is wanted of it; the route is not known yet.
    if req.path().rsplit('/').nth(1) != Some(&*link.attachment_id.to_string()) {
        return Err(invalid());
    }
    let find = move |conn: &mut _| callers::caller_of_grant(link.granted_by, conn);
    RequestDb::of(req)?.run(find).await?.ok_or_else(invalid)
}

async fn caller_of_ticket(token: &str, req: &HttpRequest) -> Result<Caller, Problem> {
    let invalid = || Problem::new(Code::InvalidTicket);
    let hash = token_hash(token);
    let used = RequestDb::of(req)?.run(move |conn| stream_tickets::used(&hash, conn)).await?;
    let (caller, ends_at) = used.ok_or_else(invalid)?;
    req.extensions_mut().insert(TicketEnd(ends_at));
    Ok(caller)
}
