//! Responses in the form of a Redmine.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde_json::{Value, json};

use crate::problem::{Code, Problem};

/// What cannot be answered.
#[derive(Debug)]
pub enum Answer {
    /// Nobody is known by the key.
    Unknown,
    /// It is not there, or not for this reader.
    Missing,
    /// It is not this reader's to ask.
    Forbidden,
    /// A filter or a field is wrong, in words.
    Wrong(String),
    Failed(Problem),
}

pub type Answered = Result<HttpResponse, Answer>;

impl Answer {
    pub fn errors(status: u16, sentence: &str) -> HttpResponse {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::NOT_FOUND);
        HttpResponse::build(status).json(json!({ "errors": [sentence] }))
    }
}

pub fn json(body: &Value) -> Answered {
    Ok(HttpResponse::Ok().json(body))
}

impl From<Problem> for Answer {
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

impl From<diesel::result::Error> for Answer {
    fn from(error: diesel::result::Error) -> Self {
        Problem::from(error).into()
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl ResponseError for Answer {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::UNAUTHORIZED,
            Self::Missing => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Wrong(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Failed(problem) => problem.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Unknown => HttpResponse::Unauthorized()
                .insert_header(("www-authenticate", "Basic realm=\"Redmine API\""))
                .finish(),
            Self::Missing | Self::Forbidden => HttpResponse::build(self.status_code()).finish(),
            Self::Wrong(sentence) => Self::errors(422, sentence),
            Self::Failed(problem) => problem.error_response(),
        }
    }
}
