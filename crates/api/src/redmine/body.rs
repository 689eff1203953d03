//! The bodies that scripts send: JSON members below one name.

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use serde_json::{Map, Value};

use crate::http::json::{each_text, parse};
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
        Ok(sent) if has_nul(&sent) => Err(RedmineError::of_nul()),
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) | Err(_) => Err(RedmineError::Malformed("The body is not a JSON object")),
    }
}

/// Whether a text has U+0000, which the database cannot store.
fn has_nul(sent: &Value) -> bool {
    let mut has_nul = false;
    each_text(sent, &mut String::new(), &mut |text, _| has_nul |= text.contains('\0'));
    has_nul
}

/// A text; a number is one, too.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(it) => Some(it.clone()),
        Value::Number(it) => Some(it.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
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

/// What means no in a flag; to Rails everything else means yes.
const NO: [&str; 7] = ["0", "f", "F", "false", "FALSE", "off", "OFF"];

/// Whether a flag is set, as Rails reads it.
pub fn is_set(value: &Value) -> bool {
    match value {
        Value::Bool(it) => *it,
        Value::Number(it) => it.as_i64() != Some(0),
        Value::String(it) => !it.trim().is_empty() && !NO.contains(&it.as_str()),
        Value::Null => false,
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// The items of a list; a missing or null one is empty.
pub fn items(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Array(all) => Some(all),
        Value::Null => Some(&[]),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// However it is spelled, what was meant to be private is never made public.
    #[test]
    fn sec_az01_a_flag_is_set_unless_it_says_no() {
        for yes in [
            json!(true),
            json!(1),
            json!("1"),
            json!("true"),
            json!("True"),
            json!("t"),
            json!("yes"),
            json!([]),
        ] {
            assert!(is_set(&yes), "{yes}");
        }
        for no in [
            json!(false),
            json!(0),
            json!("0"),
            json!("f"),
            json!("FALSE"),
            json!("off"),
            json!(""),
            json!(null),
        ] {
            assert!(!is_set(&no), "{no}");
        }
    }
}
