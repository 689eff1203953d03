//! Every way a request fails, and the one place that renders them (RFC 9457).

pub(crate) mod check_error;
pub(crate) mod codes;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use diesel::result::{DatabaseErrorKind, Error as DbError};
use domain::{FieldCode, FieldError, Language, RefusalReason, RuleViolation};
use serde::Serialize;
use serde_json::{Map, Value, json};

pub use crate::problem::codes::Code;

/// A failed request, before it is put into a language.
#[derive(Debug)]
pub struct Problem {
    /// The stable code that clients branch on.
    pub code: Code,
    /// The wrong fields or parameters.
    pub errors: Vec<FieldError>,
    /// Where the wrong fields are.
    pub place: Place,
    /// The clause of the regulation.
    pub clause: Option<&'static str>,
    /// Further members: `allowed`, `duplicate_of`, …
    pub members: Vec<(&'static str, Value)>,
    /// Seconds after which it is worth trying again.
    pub retry_after: Option<u32>,
    /// The current entity tag, if the caller saw another one.
    pub etag: Option<Box<str>>,
    /// For the log only, never for the response.
    pub cause: Option<Box<str>>,
    pub wording: Option<Box<Wording>>,
}

/// What the problem says beyond the text of its code.
#[derive(Debug)]
pub enum Wording {
    /// The broken rule, with its particulars.
    Violation(RuleViolation),
    /// The problem document that an earlier request with the same key got.
    Replayed(Replayed),
}

/// A problem that was sent before.
#[derive(Debug)]
pub struct Replayed {
    /// The document as it was sent, except for the request id.
    pub document: Value,
    /// The language of its texts.
    pub language: Language,
}

/// Where a wrong field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the body; named by a JSON pointer.
    Body,
    /// In the query; named by the parameter.
    Query,
    /// A header; named by its name.
    Header,
}

impl Problem {
    /// A problem fully described by its code.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            errors: Vec::new(),
            place: Place::Body,
            clause: None,
            members: Vec::new(),
            retry_after: None,
            etag: None,
            cause: None,
            wording: None,
        }
    }

    /// Wrong fields, all of them at once.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(Code::ValidationFailed) }
    }

    /// A header that cannot be read.
    pub fn malformed_header(name: &str, code: FieldCode) -> Self {
        let errors = vec![FieldError::new(name, code)];
        Self { place: Place::Header, errors, ..Self::new(Code::MalformedHeader) }
    }

    /// A failure of ours; the cause is logged and never sent.
    pub fn unexpected(cause: impl ToString) -> Self {
        Self { cause: Some(cause.to_string().into()), ..Self::new(Code::Unexpected) }
    }

    /// A failure that is probably temporary.
    pub fn unavailable(cause: impl ToString) -> Self {
        Self {
            cause: Some(cause.to_string().into()),
            retry_after: Some(2),
            ..Self::new(Code::Unavailable)
        }
    }

    /// The same problem with one more member.
    pub fn with(mut self, name: &'static str, value: impl Serialize) -> Self {
        self.members.push((name, json!(value)));
        self
    }

    /// The same problem with the clause behind it.
    pub const fn by_clause(mut self, clause: &'static str) -> Self {
        self.clause = Some(clause);
        self
    }

    /// A request that support may refuse to register (3.4).
    pub fn of_refusal(reason: RefusalReason) -> Self {
        let code = match reason {
            RefusalReason::NoDescription => Code::NoDescription,
            RefusalReason::Impolite => Code::Impolite,
            RefusalReason::AlreadyRegistered => Code::AlreadyRegistered,
            RefusalReason::InsufficientKnowledge => Code::InsufficientKnowledge,
            RefusalReason::OutOfScope => Code::OutOfScope,
        };
        let violation = RuleViolation::Registration(reason);
        Self::new(code).by_clause(reason.clause()).worded(Wording::Violation(violation))
    }

    pub fn worded(self, wording: Wording) -> Self {
        Self { wording: Some(Box::new(wording)), ..self }
    }

    /// The problem that an earlier request with the same key got.
    pub fn replayed(&self) -> Option<&Replayed> {
        match self.wording.as_deref() {
            Some(Wording::Replayed(replayed)) => Some(replayed),
            Some(Wording::Violation(_)) | None => None,
        }
    }

    /// The problem document, in one language.
    pub fn document(&self, language: Language, public_url: &str, request_id: &str) -> Value {
        if let Some(replayed) = self.replayed() {
            let mut document = replayed.document.clone();
            if let Some(members) = document.as_object_mut() {
                members.insert("request_id".into(), json!(request_id));
            }
            return document;
        }
        let mut document = Map::new();
        document.insert("type".into(), json!(self.code.type_url(public_url)));
        document.insert("title".into(), json!(self.code.title().text_in(language)));
        document.insert("status".into(), json!(self.code.status().as_u16()));
        document.insert("detail".into(), json!(self.detail(language)));
        document.insert("code".into(), json!(self.code.as_str()));
        document.insert("request_id".into(), json!(request_id));
        if let Some(clause) = self.clause {
            document.insert("clause".into(), json!(clause));
        }
        if !self.errors.is_empty() {
            let errors: Vec<Value> =
                self.errors.iter().map(|it| self.error(it, language)).collect();
            document.insert("errors".into(), Value::Array(errors));
        }
        let members = self.members.iter();
        document.extend(members.map(|(name, value)| ((*name).to_owned(), value.clone())));
        Value::Object(document)
    }

    fn detail(&self, language: Language) -> String {
        let explained = match self.wording.as_deref() {
            Some(Wording::Violation(violation)) => violation.explanation(language),
            Some(Wording::Replayed(_)) | None => None,
        };
        explained.unwrap_or_else(|| self.code.detail().text_in(language).to_owned())
    }

    fn error(&self, error: &FieldError, language: Language) -> Value {
        let place = match self.place {
            Place::Body => "pointer",
            Place::Query => "parameter",
            Place::Header => "header",
        };
        let mut described = json!({
            place: error.pointer,
            "code": error.code.as_str(),
            "detail": error.code.detail(language),
        });
        if let (Some(clause), Some(described)) = (error.clause, described.as_object_mut()) {
            described.insert("clause".into(), json!(clause));
        }
        described
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.cause {
            Some(cause) => write!(f, "{}: {cause}", self.code.as_str()),
            None => f.write_str(self.code.as_str()),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    /// Only the status: the document is written where the request's language is known.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<RuleViolation> for Problem {
    fn from(violation: RuleViolation) -> Self {
        let wording = Wording::Violation(violation.clone());
        let problem = match violation {
            RuleViolation::NoSuchTransition { current, allowed } => {
                Self::new(Code::TransitionNotAllowed)
                    .by_clause("2.5")
                    .with("current_status", current)
                    .with("allowed", allowed)
            }
            RuleViolation::Invalid(errors) => Self::invalid(errors),
            RuleViolation::ConfirmationMissing => {
                Self::new(Code::ConfirmationMissing).by_clause("2.5")
            }
            RuleViolation::TicketClosed => Self::new(Code::TicketClosed).by_clause("2.5"),
            RuleViolation::Merged => Self::new(Code::TicketMerged).by_clause("3.4.1.4"),
            RuleViolation::TargetFinished { merged_into } => {
                let problem = Self::new(Code::TargetFinished).by_clause("3.4.1.4");
                merged_into.into_iter().fold(problem, |it, id| it.with("merged_into", id))
            }
            RuleViolation::NoAnswerDue => Self::new(Code::NoAnswerDue).by_clause("2.4.2"),
            RuleViolation::OpenChildren(children) => {
                Self::new(Code::OpenChildren).with("open_children", children)
            }
            RuleViolation::NotResolved => Self::new(Code::NotResolved).by_clause("2.5"),
            RuleViolation::Registration(reason) => Self::of_refusal(reason),
        };
        problem.worded(wording)
    }
}

impl From<DbError> for Problem {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other cases are the library's, and may grow"
    )]
    fn from(error: DbError) -> Self {
        match &error {
            DbError::NotFound => Self::new(Code::NotFound),
            DbError::DatabaseError(DatabaseErrorKind::ClosedConnection, _) => {
                Self::unavailable(error)
            }
            DbError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => {
                Self::unavailable(error)
            }
            DbError::DatabaseError(_, info) if is_passing(info.message()) => {
                Self::unavailable(error)
            }
            _ => Self::unexpected(error),
        }
    }
}

/// The results of two checks.
/// Errors: the field errors of both; or the error of one of them, if it is not a field error.
pub fn both<A, B>(one: Result<A, Problem>, other: Result<B, Problem>) -> Result<(A, B), Problem> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(one), Err(other)) if !one.errors.is_empty() => {
            Err(Problem::invalid([one.errors, other.errors].concat()))
        }
        (Err(problem), _) | (_, Err(problem)) => Err(problem),
    }
}

/// Whether a failure is temporary, and not the request's fault: time-outs, deadlocks, a server that stops.
fn is_passing(message: &str) -> bool {
    ["canceling statement", "deadlock detected", "terminating connection", "server closed"]
        .iter()
        .any(|it| message.contains(it))
}

/// Unique constraints, and the field whose value is then taken.
const UNIQUE: &[(&str, &str)] = &[
    ("calendar_days_pkey", "/on"),
    ("companies_bin_key", "/bin"),
    ("companies_name_key", "/name"),
    ("directions_name_key", "/name"),
    ("products_name_key", "/name"),
    ("projects_company_direction_key", "/direction_id"),
    ("releases_version_key", "/version"),
    ("topics_name_key", "/name"),
    ("users_email_key", "/email"),
];

/// Turns a violated constraint into a problem: a unique one means that such a resource already exists, a
/// foreign key that the field refers to nothing.
pub fn map_constraint(error: DbError) -> Problem {
    let named = violated_constraint(&error).map(str::to_owned).unwrap_or_default();
    if let Some((_, pointer)) = UNIQUE.iter().find(|(it, _)| *it == named) {
        let errors = vec![FieldError::new(*pointer, FieldCode::Taken)];
        return Problem { errors, ..Problem::new(Code::AlreadyExists) };
    }
    let column = named.strip_suffix("_fkey").and_then(|it| it.strip_prefix(table_of(&error)?));
    match column.and_then(|it| it.strip_prefix('_')) {
        Some(column) => RuleViolation::field(&format!("/{column}"), FieldCode::NotFound).into(),
        None => error.into(),
    }
}

fn table_of(error: &DbError) -> Option<&str> {
    if let DbError::DatabaseError(_, info) = error { info.table_name() } else { None }
}

/// The name of the constraint that a write violated, if it did.
pub fn violated_constraint(error: &DbError) -> Option<&str> {
    if let DbError::DatabaseError(_, info) = error { info.constraint_name() } else { None }
}
