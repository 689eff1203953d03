//! A checked query: only the parameters that the document lists, each once.

use std::collections::HashMap;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
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

/// A query that its operation's parameters have passed.
#[derive(Debug, Clone)]
pub struct Checked(Map<String, Value>);

/// The parameters that an operation's query may have.
#[derive(Debug, Default)]
pub struct Parameters {
    known: HashMap<String, (Value, Validator)>,
    required: Vec<String>,
}

impl Parameters {
    /// Compiles the query parameters of one operation of the document.
    ///
    /// # Errors
    /// The parameter whose schema does not compile.
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
        Ok(Self { known: compiled?, required })
    }

    /// Reads and checks a query.
    ///
    /// # Errors
    /// 400 for a parameter that is unknown, repeated or unreadable; 422 naming each wrong one.
    pub fn check(&self, query: &str) -> Result<Checked, Problem> {
        let mut members = Map::new();
        let mut errors = Vec::new();
        for (name, text) in pairs(query)? {
            let Some((schema, validator)) = self.known.get(&name) else {
                return Err(at_parameter(Code::UnknownParameter, &name, FieldCode::UnknownField));
            };
            if members.contains_key(&name) {
                return Err(at_parameter(Code::RepeatedParameter, &name, FieldCode::Repeated));
            }
            let value = typed(&text, schema);
            errors.extend(wrong(&name, &text, &value, validator));
            members.insert(name, value);
        }
        let missing = self.required.iter().filter(|it| !members.contains_key(*it));
        errors.extend(missing.map(|it| FieldError::new(it, FieldCode::Required)));
        if errors.is_empty() {
            Ok(Checked(members))
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

/// A number as it is always written: without a plus, without zeros in front.
pub(crate) fn decimal(text: &str) -> Option<i64> {
    text.parse().ok().filter(|it: &i64| it.to_string() == text)
}

/// A parameter's text as the JSON that its schema speaks of; a list is separated by commas.
fn typed(text: &str, schema: &Value) -> Value {
    let has_type = |name: &str| match &schema["type"] {
        Value::String(one) => one == name,
        Value::Array(several) => several.iter().any(|it| it == name),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    };
    if has_type("array") {
        return text.split(',').map(|it| typed(it, &schema["items"])).collect();
    }
    let number = || decimal(text).map(Value::from);
    let truth = || text.parse::<bool>().map(Value::from);
    match () {
        () if has_type("integer") => number().unwrap_or_else(|| Value::from(text)),
        () if has_type("boolean") => truth().unwrap_or_else(|_| Value::from(text)),
        () => Value::from(text),
    }
}

fn wrong(name: &str, text: &str, value: &Value, validator: &Validator) -> Option<FieldError> {
    if text.contains('\0') {
        return Some(FieldError::new(name, FieldCode::ForbiddenCharacter));
    }
    let mut codes = validator.iter_errors(value).flat_map(|it| field_errors(&it));
    codes.next().map(|it| FieldError::new(name, it.code))
}
