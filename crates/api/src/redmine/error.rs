//! Responses in Redmine's format.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use domain::Language;
use serde::Serialize;
use serde_json::{Value, json};

use crate::http::validation::MAX_ERRORS;
use crate::problem::{Code, Problem};

const NO_JSON: &str = "Only JSON is taken here: send it with Content-Type: application/json";

/// Why a request is refused.
#[derive(Debug)]
pub enum RedmineError {
    /// The key is unknown.
    Unknown,
    /// Impersonation is not supported.
    NotAnother,
    /// It does not exist, or the caller may not see it.
    Missing,
    /// The caller may not do this.
    Forbidden,
    /// A filter or a field is wrong; one sentence.
    Wrong(String),
    /// A rule refuses it, or several things are wrong; in sentences.
    Refused(Vec<String>),
    /// A body that cannot be read.
    Malformed(&'static str),
    /// A body that is not JSON.
    NoJson,
    Failed(Problem),
}

pub type RedmineResult = Result<HttpResponse, RedmineError>;

impl RedmineError {
    /// The underlying problem, if it is not just a response to a script.
    pub const fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Failed(problem) => Some(problem),
            Self::Unknown
            | Self::NotAnother
            | Self::Missing
            | Self::Forbidden
            | Self::Wrong(_)
            | Self::Refused(_)
            | Self::Malformed(_)
            | Self::NoJson => None,
        }
    }

    pub fn of_nul() -> Self {
        Self::Wrong("U+0000 is in no text".to_owned())
    }

    pub fn errors(status: StatusCode, sentences: &[impl Serialize]) -> HttpResponse {
        let sentences: Vec<_> = sentences.iter().take(MAX_ERRORS).collect();
        HttpResponse::build(status).json(json!({ "errors": sentences }))
    }

    /// A refusal by a rule, in its own words; any other problem as it is.
    pub fn of_rule(problem: Problem, language: Language) -> Self {
        let is_of_rule = matches!(
            problem.code.status(),
            StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY
        );
        if !is_of_rule {
            return problem.into();
        }
        let document = problem.document(language, "", "");
        let errors = document["errors"].as_array().into_iter().flatten();
        let error: Vec<String> = errors.map(of_field).collect();
        Self::Refused(if error.is_empty() { vec![in_words(&document)] } else { error })
    }
}

/// A wrong field by the name that a Redmine has for it.
fn of_field(error: &Value) -> String {
    let pointer = error["pointer"].as_str().unwrap_or_default().trim_start_matches('/');
    let name = match pointer.split('/').next().unwrap_or_default() {
        "assignee_id" => "assigned_to_id",
        "parent_id" => "parent_issue_id",
        "tracker" => "tracker_id",
        "priority" => "priority_id",
        "to" => "status_id",
        "comment" | "body" => "notes",
        "internal" => "private_notes",
        "attachments" => "uploads",
        "watcher_ids" | "user_id" => "watcher_user_ids",
        "product_id" | "product_name" | "serial_number" | "software_version" => "custom_fields",
        other => other,
    };
    format!("{name}: {}", in_words(error))
}

/// A text with the clause that it follows from.
fn in_words(error: &Value) -> String {
    let detail = error["detail"].as_str().unwrap_or_default();
    match error["clause"].as_str() {
        Some(clause) => format!("{detail} ({clause})"),
        None => detail.to_owned(),
    }
}

pub fn json(body: &Value) -> RedmineResult {
    Ok(HttpResponse::Ok().json(body))
}

impl From<Problem> for RedmineError {
    fn from(problem: Problem) -> Self {
        if problem.code == Code::NotFound {
            Self::Missing
        } else if problem.code == Code::Forbidden {
            Self::Forbidden
        } else {
            Self::Failed(problem)
        }
    }
}

impl From<diesel::result::Error> for RedmineError {
    fn from(error: diesel::result::Error) -> Self {
        Problem::from(error).into()
    }
}

impl fmt::Display for RedmineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl ResponseError for RedmineError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::UNAUTHORIZED,
            Self::NotAnother => StatusCode::PRECONDITION_FAILED,
            Self::Missing => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Wrong(_) | Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::NoJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Failed(problem) => problem.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Unknown => HttpResponse::Unauthorized()
                .insert_header(("www-authenticate", "Basic realm=\"Redmine API\""))
                .finish(),
            Self::NotAnother | Self::Missing | Self::Forbidden => {
                HttpResponse::build(self.status_code()).finish()
            }
            Self::Wrong(sentence) => Self::errors(self.status_code(), &[sentence]),
            Self::Refused(sentences) => Self::errors(self.status_code(), sentences),
            Self::Malformed(sentence) => Self::errors(self.status_code(), &[sentence]),
            Self::NoJson => Self::errors(self.status_code(), &[NO_JSON]),
            Self::Failed(problem) => problem.error_response(),
        }
    }
}
