//! A checked query: only parameters that the document lists, each once. A list may be written with commas or by
//! repeating the parameter.

use std::collections::HashMap;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use domain::{FieldCode, FieldError};
use jsonschema::Validator;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::http::validation::{compile, field_errors};
use crate::problem::{Code, Place, Problem};

/// The parameters of a query; they were checked when the operation was found.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let checked = req.extensions().get::<Checked>().map(|it| it.0.clone());
        let members = Value::Object(checked.unwrap_or_default());
        let typed = serde_json::from_value(members);
        ready(typed.map(Query).map_err(|_| Problem::new(Code::MalformedQuery)))
    }
}

/// A query that passed the checks of its operation's parameters.
#[derive(Debug, Clone)]
pub struct Checked(Map<String, Value>);

/// The parameters that an operation may have.
#[derive(Debug, Default)]
pub struct Parameters {
    query: HashMap<String, (Value, Validator)>,
    required: Vec<String>,
    /// The maximum lengths of its headers, in bytes.
    headers: HashMap<String, usize>,
}

impl Parameters {
    /// Compiles the parameters of one operation of the document.
    /// Errors: the parameter whose schema does not compile.
    pub fn new(operation: &Value, components: &Value) -> Result<Self, String> {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let of_query = parameters.filter(|it| it["in"] == "query");
        let required = of_query.clone().filter(|it| it["required"] == true);
        let required = required.filter_map(|it| it["name"].as_str().map(str::to_owned)).collect();
        let compiled: Result<_, String> = of_query
            .map(|it| {
                let name = it["name"].as_str().unwrap_or_default();
                let schema = it["schema"].clone();
                let validator = compile(name, &schema, components)?;
                Ok((name.to_owned(), (schema, validator)))
            })
            .collect();
        let headers = operation["parameters"].as_array().into_iter().flatten();
        let headers = headers.filter(|it| it["in"] == "header").filter_map(|it| {
            let most = usize::try_from(it.pointer("/schema/maxLength")?.as_u64()?).ok()?;
            Some((it["name"].as_str()?.to_owned(), most))
        });
        Ok(Self { query: compiled?, required, headers: headers.collect() })
    }

    /// Checks that no header is longer than the document says.
    /// Errors: `malformed_header`, naming each that is.
    pub fn check_headers(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let is_longer = |name: &str, most: usize| headers.get_all(name).any(|it| it.len() > most);
        let longer = self.headers.iter().filter(|(name, most)| is_longer(name, **most));
        let error = |(name, most): (&String, &usize)| {
            FieldError::new(name, FieldCode::TooLong(*most as u64))
        };
        let errors: Vec<FieldError> = longer.map(error).collect();
        if errors.is_empty() {
            return Ok(());
        }
        Err(Problem { place: Place::Header, errors, ..Problem::new(Code::MalformedHeader) })
    }

    /// Reads and checks a query.
    /// Errors: 400 for a parameter that is unknown, repeated or unreadable; 422 naming each one with a wrong value.
    pub fn check(&self, query: &str) -> Result<Checked, Problem> {
        let mut members: Vec<(String, Value)> = Vec::new();
        for (name, text) in pairs(query)? {
            let Some((schema, _)) = self.query.get(&name) else {
                return Err(at_parameter(Code::UnknownParameter, &name, FieldCode::UnknownField));
            };
            let is_list = has_type(schema, "array");
            match members.iter_mut().find(|(it, _)| *it == name).map(|(_, it)| it) {
                None if is_list && text.is_empty() => {}
                None => members.push((name, typed(&text, schema))),
                Some(Value::Array(values)) => values.extend(values_of(&text, schema)),
                Some(_) => {
                    return Err(at_parameter(Code::RepeatedParameter, &name, FieldCode::Repeated));
                }
            }
        }
        let checked = members.iter().filter_map(|(name, value)| {
            let (_, validator) = self.query.get(name)?;
            wrong(name, value, validator)
        });
        let is_missing = |name: &String| members.iter().all(|(it, _)| it != name);
        let missing = self.required.iter().filter(|it| is_missing(it));
        let missing = missing.map(|it| FieldError::new(it, FieldCode::Required));
        let errors: Vec<FieldError> = checked.chain(missing).collect();
        if errors.is_empty() {
            Ok(Checked(members.into_iter().collect()))
        } else {
            Err(Problem { place: Place::Query, ..Problem::invalid(errors) })
        }
    }
}

fn at_parameter(code: Code, name: &str, error: FieldCode) -> Problem {
    Problem {
        place: Place::Query,
        errors: vec![FieldError::new(name, error)],
        ..Problem::new(code)
    }
}

/// The names and values of a query, decoded.
fn pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    let pieces = query.split('&').filter(|it| !it.is_empty());
    pieces
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}

fn decoded(text: &str) -> Result<String, Problem> {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced)
        .decode_utf8()
        .map(Into::into)
        .map_err(|_| Problem::new(Code::MalformedQuery))
}

/// A number in canonical form: without a plus, without leading zeros.
pub(crate) fn decimal(text: &str) -> Option<i64> {
    text.parse().ok().filter(|it: &i64| it.to_string() == text)
}

/// A parameter's text as the JSON that its schema describes; a list is comma-separated.
fn typed(text: &str, schema: &Value) -> Value {
    if has_type(schema, "array") {
        return Value::Array(values_of(text, schema));
    }
    let number = || decimal(text).map(Value::from);
    let truth = || text.parse::<bool>().map(Value::from);
    match () {
        () if has_type(schema, "integer") => number().unwrap_or_else(|| Value::from(text)),
        () if has_type(schema, "boolean") => truth().unwrap_or_else(|_| Value::from(text)),
        () => Value::from(text),
    }
}

/// The values of a list; an empty text has none.
fn values_of(text: &str, schema: &Value) -> Vec<Value> {
    let texts = text.split(',').filter(|_| !text.is_empty());
    texts.map(|it| typed(it, &schema["items"])).collect()
}

fn has_type(schema: &Value, name: &str) -> bool {
    match &schema["type"] {
        Value::String(one) => one == name,
        Value::Array(several) => several.iter().any(|it| it == name),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

fn wrong(name: &str, value: &Value, validator: &Validator) -> Option<FieldError> {
    if has_nul(value) {
        return Some(FieldError::new(name, FieldCode::ForbiddenCharacter));
    }
    let mut codes = validator.iter_errors(value).flat_map(|it| field_errors(&it));
    codes.next().map(|it| FieldError::new(name, it.code))
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::long_texts::{PIECES, are_read};

    /// IN09: whatever is sent, it is read in linear time.
    #[test]
    fn sec_in09_a_long_query_is_read_in_linear_time() {
        are_read("", &PIECES, |text| {
            let _ = pairs(text);
            let list = serde_json::json!({ "type": "array", "items": { "type": "integer" } });
            drop(values_of(text, &list));
        });
    }
}
