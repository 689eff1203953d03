//! The bodies that scripts send: JSON members below one name.

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use serde_json::{Map, Value};

use crate::http::json::parse;
use crate::redmine::error::RedmineError;

/// A body, or why it could not be read.
pub type Body = Result<Bytes, actix_web::Error>;

/// The members of `{"issue": {…}}`.
/// Errors: invalid JSON, or a missing name.
pub fn members(
    req: &HttpRequest,
    body: Body,
    name: &str,
) -> Result<Map<String, Value>, RedmineError> {
    let mut sent = bare(req, body)?;
    match sent.remove(name) {
        Some(Value::Object(members)) => Ok(members),
        Some(_) | None => {
            Err(RedmineError::Wrong(format!("\"{name}\" is missing: {{\"{name}\": {{…}}}}")))
        }
    }
}

/// The members of a body without an outer name.
/// Errors: anything but a JSON object.
pub fn bare(req: &HttpRequest, body: Body) -> Result<Map<String, Value>, RedmineError> {
    let media = req.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or("");
    if !media.trim_start().to_ascii_lowercase().starts_with("application/json") {
        return Err(RedmineError::NoJson);
    }
    let bytes = body.map_err(|_| RedmineError::Malformed("The body is too large, or broke off"))?;
    match parse(&bytes) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) | Err(_) => Err(RedmineError::Malformed("The body is not a JSON object")),
    }
}

/// A number, sent as such or as text.
pub fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// Whether a value clears a field: null or empty.
pub fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|it| it.trim().is_empty())
}

/// Whether a flag is set: `true`, `1` or `"1"`.
pub fn is_set(value: &Value) -> bool {
    match value {
        Value::Bool(it) => *it,
        Value::String(it) => it == "1" || it == "true",
        Value::Number(it) => it.as_i64() == Some(1),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

/// The items of a list.
pub fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
