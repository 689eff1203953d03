//! The caller of a handler: a handler that takes a `Caller` requires authentication.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use chrono::{DateTime, TimeDelta, Utc};
use domain::sla::Rules;
use domain::{Language, Projects, Role, Viewer};
use serde::{Deserialize, Serialize};

use crate::http::language::chosen_language;
use crate::http::scope::Scope;
use crate::problem::{Code, Problem};

/// How long after entering the password credentials may be changed.
const REAUTHENTICATION_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// The person behind a request, as the database knows them at this moment.
#[derive(Debug, Clone)]
pub struct Caller {
    pub user_id: i64,
    pub credential: Credential,
    /// The role of the user.
    pub role: Role,
    /// Whether a customer administers the accounts of their company.
    pub is_company_admin: bool,
    /// What they may read.
    pub viewer: Viewer,
    /// The language to respond in: the requested one, else the one in their profile.
    pub language: Language,
    /// Their one-time password has not been replaced yet.
    pub must_change_password: bool,
    /// The time of the request, by which all rules go.
    pub now: DateTime<Utc>,
    /// The same in wall-clock time: for sign-in, tokens and leases, which no sandbox moves.
    pub real_now: DateTime<Utc>,
    /// The calendar and the targets in force at that time.
    pub rules: Arc<Rules>,
}

/// What a request is authenticated with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// An access token of a session.
    Session {
        id: i64,
        /// When the password was last entered in it, in wall-clock time.
        authenticated_at: DateTime<Utc>,
    },
    /// An API token, valid for operations of these scopes.
    ApiToken {
        id: i64,
        /// The scopes that it has.
        scopes: Vec<Scope>,
    },
    /// A mail to a signed address that was issued to them.
    Mail,
}

/// The credential that a link or a stream ticket was made with: it works only as long as that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantedBy {
    Session(i64),
    ApiToken(i64),
}

impl Caller {
    /// The company of a customer; nobody else has one. Visibility is decided by `viewer`.
    pub const fn company_id(&self) -> Option<i64> {
        match self.viewer {
            Viewer::Company { id, .. } => Some(id),
            Viewer::Support | Viewer::Nobody => None,
        }
    }

    /// The projects that they are limited to; none: they are not limited to a list.
    pub fn listed_projects(&self) -> Option<Vec<i64>> {
        match &self.viewer {
            Viewer::Company { projects: Projects::Listed(ids), .. } => {
                Some(ids.iter().copied().collect())
            }
            Viewer::Company { projects: Projects::All, .. } | Viewer::Support | Viewer::Nobody => {
                None
            }
        }
    }

    /// The credential that their links and tickets depend on.
    /// Errors: `insufficient_scope` for a mail, which cannot create links.
    pub fn granted_by(&self) -> Result<GrantedBy, Problem> {
        match self.credential {
            Credential::Session { id, .. } => Ok(GrantedBy::Session(id)),
            Credential::ApiToken { id, .. } => Ok(GrantedBy::ApiToken(id)),
            Credential::Mail => Err(Problem::new(Code::InsufficientScope)),
        }
    }

    /// The session that the request belongs to.
    /// Errors: `insufficient_scope` for an API token or a mail, which have none.
    pub fn session_id(&self) -> Result<i64, Problem> {
        match self.credential {
            Credential::Session { id, .. } => Ok(id),
            Credential::ApiToken { .. } | Credential::Mail => {
                Err(Problem::new(Code::InsufficientScope))
            }
        }
    }
}

impl Caller {
    /// Checks that they have recently entered their password, as changing credentials requires.
    /// Errors: `reauthentication_required` for a session whose password was entered longer ago;
    /// `insufficient_scope` for an API token or a mail, which have none.
    pub fn is_fresh(&self) -> Result<(), Problem> {
        match self.credential {
            Credential::Session { authenticated_at, .. } => {
                match self.real_now - authenticated_at < REAUTHENTICATION_LIFETIME {
                    true => Ok(()),
                    false => Err(Problem::new(Code::ReauthenticationRequired)),
                }
            }
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
        let in_language = |it| Self { language: chosen_language(req), ..it };
        ready(caller.map(in_language).ok_or_else(|| Problem::new(Code::Unauthenticated)))
    }
}
