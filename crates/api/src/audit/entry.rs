//! One line of the audit log, before it is written.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::{Map, Value};

use crate::BASE;
use crate::db::schema::audit_log;
use crate::http::caller::{Caller, Credential};
use crate::http::client_address::ClientAddress;
use crate::http::logging::RequestId;
use crate::http::operation::OperationId;
use crate::problem::{Code, Problem};

/// Where a request came from, and what it was for.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// The id of the operation, or the name of the command.
    pub action: String,
    pub address: String,
    /// The request id, as it appears in the log.
    pub request_id: String,
    /// The path of the resource, relative to the base.
    pub target: String,
}

impl Trace {
    /// The trace of a command of this program.
    pub fn of_command(name: &str, target: &str) -> Self {
        Self { action: name.to_owned(), target: target.to_owned(), ..Self::default() }
    }

    /// The trace of a request.
    pub fn of(req: &HttpRequest) -> Self {
        let request_id = req.extensions().get::<RequestId>().map(|it| it.0.clone());
        Self {
            action: OperationId::of(req).0,
            address: ClientAddress::of(req).to_string(),
            request_id: request_id.unwrap_or_default(),
            target: req.path().strip_prefix(BASE).unwrap_or(req.path()).to_owned(),
        }
    }
}

impl FromRequest for Trace {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(req)))
    }
}

/// One line of the audit log.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = audit_log)]
pub struct Entry {
    pub(super) action: String,
    pub(super) outcome: &'static str,
    pub(super) code: Option<&'static str>,
    pub(super) actor_id: Option<i64>,
    pub(super) account: Option<String>,
    pub(super) session_id: Option<i64>,
    pub(super) api_token_id: Option<i64>,
    pub(super) address: String,
    pub(super) request_id: String,
    pub(super) target: String,
    pub(super) changes: Option<String>,
    pub(super) request: Option<String>,
}

impl Entry {
    /// Something that was done, by an unknown caller so far.
    pub fn of(trace: Trace) -> Self {
        Self {
            action: trace.action,
            outcome: "done",
            code: None,
            actor_id: None,
            account: None,
            session_id: None,
            api_token_id: None,
            address: trace.address,
            request_id: trace.request_id,
            target: trace.target,
            changes: None,
            request: None,
        }
    }

    /// The same, done by this caller.
    pub fn by(self, caller: &Caller) -> Self {
        let (session_id, api_token_id) = match caller.credential {
            Credential::Session { id, .. } => (Some(id), None),
            Credential::ApiToken { id, .. } => (None, Some(id)),
            Credential::Mail => (None, None),
        };
        Self { actor_id: Some(caller.user_id), session_id, api_token_id, ..self }
    }

    /// The same, on behalf of an account that has just been identified.
    pub fn by_account(self, user_id: Option<i64>, session_id: Option<i64>) -> Self {
        Self { actor_id: user_id, session_id, ..self }
    }

    /// The same, with the login that was given.
    pub fn with_login(self, email_folded: &str) -> Self {
        Self { account: Some(email_folded.to_owned()), ..self }
    }

    /// The same, refused with this code.
    pub fn rejected(self, code: Code) -> Self {
        Self { outcome: "refused", code: Some(code.as_str()), ..self }
    }

    /// The same, with the id of what was just created.
    pub fn with_new_id(self, id: i64) -> Self {
        Self { target: format!("{}/{id}", self.target), ..self }
    }

    /// The same, with old and new values, if there are any.
    pub fn with_changes(self, changes: Map<String, Value>) -> Self {
        let changes = (!changes.is_empty()).then(|| Value::Object(changes).to_string());
        Self { changes, ..self }
    }

    /// The same, with the request as JSON.
    pub fn with_request(self, request: Option<String>) -> Self {
        Self { request, ..self }
    }

    pub fn action(&self) -> &str {
        &self.action
    }

    /// Writes it, in the transaction of what it records.
    pub fn write(self, at: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::insert_into(audit_log::table).values((audit_log::at.eq(at), self)).execute(conn)
    }
}
