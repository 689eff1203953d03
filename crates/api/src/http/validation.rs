//! A checked body: what the document says is what is enforced.
//!
//! The body is parsed once, checked against the operation's own schema so that every wrong
//! field is reported at once, and only then turned into a type.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use domain::{FieldCode, FieldError, Format, JsonType};
use jsonschema::Validator;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use validator::ValidateEmail as _;

use crate::http::body_schemas::{BodyOf, COMPONENTS, bodies};
use crate::http::json::{forbidden_characters, member, parse};
use crate::http::one_line::OneLine;
use crate::http::operation::SentBody;
use crate::http::tried::{stand_ins, with_stand_ins};
use crate::http::visible::{VISIBLE, require_visible};
use crate::http::{body, dates};
use crate::problem::{Code, Problem};

/// The maximum number of reported field errors; a body with more is wrong throughout.
pub const MAX_ERRORS: usize = 100;

/// The largest JSON body, bytes.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// A body that passed its schema.
#[derive(Debug)]
pub struct Valid<T>(pub T);

/// The compiled schemas of all bodies of requests, by name.
#[derive(Debug)]
pub struct Schemas(HashMap<String, BodySchema>);

#[derive(Debug)]
struct BodySchema {
    validator: Validator,
    lines: OneLine,
    /// The pointers of members that the resource shows but a change of it may not contain.
    read_only: HashSet<String>,
    /// Stand-ins for required members that are wrong.
    stand_ins: Map<String, Value>,
    /// Whether it may be left out, which says as much as an empty object.
    is_optional: bool,
}

impl BodySchema {
    fn compile(body: BodyOf<'_>, components: &Value) -> Result<Self, String> {
        let BodyOf { name, changed, is_optional } = body;
        let schema = components.get(name).unwrap_or(&Value::Null);
        let members = changed.and_then(|it| components.get(it)?.get("properties")?.as_object());
        let shown = members.into_iter().flat_map(Map::keys);
        let read_only = shown.filter(|it| schema["properties"].get(it).is_none());
        Ok(Self {
            validator: compile(name, schema, components)?,
            lines: OneLine::of(schema, components),
            read_only: read_only.map(|it| member("", it)).collect(),
            stand_ins: stand_ins(schema),
            is_optional,
        })
    }

    /// All field errors of a body.
    fn errors(&self, body: &Value) -> Vec<FieldError> {
        let errors = self.validator.iter_errors(body).flat_map(|it| field_errors(&it));
        let named = |it: FieldError| {
            let is_shown =
                it.code == FieldCode::UnknownField && self.read_only.contains(&it.pointer);
            if is_shown { FieldError { code: FieldCode::ReadOnlyField, ..it } } else { it }
        };
        let mut errors: Vec<FieldError> = errors.map(named).take(MAX_ERRORS).collect();
        forbidden_characters(body, &mut String::new(), &self.lines, &mut errors);
        errors.sort_by(|one, other| one.pointer.cmp(&other.pointer));
        errors.dedup_by(|one, other| one.pointer == other.pointer);
        errors.truncate(MAX_ERRORS);
        errors
    }
}

impl Schemas {
    /// Compiles the schemas of a document.
    /// Errors: the schema that does not compile.
    pub fn new(document: &Value) -> Result<Self, String> {
        let components = document.pointer("/components/schemas").unwrap_or(&Value::Null);
        let compiled: Result<_, String> = bodies(document)
            .map(|it| Ok((it.name.to_owned(), BodySchema::compile(it, components)?)))
            .collect();
        compiled.map(Self)
    }

    /// Checks a part of a body as the schema of another body checks the whole.
    /// Errors: its field errors, with pointers below its own.
    pub fn check_part(&self, name: &str, part: &Value, at: &str) -> Result<(), Problem> {
        self.check(name, part)?.map_err(|errors| {
            let below =
                |it: FieldError| FieldError { pointer: format!("{at}{}", it.pointer), ..it };
            Problem::invalid(errors.into_iter().map(below).collect())
        })
    }

    /// A body that violates a schema, without the wrong members, and whether it has gaps where they were.
    pub fn with_stand_ins(
        &self,
        name: &str,
        body: Value,
        errors: &[FieldError],
    ) -> Option<(Value, bool)> {
        self.0.get(name).map(|it| with_stand_ins(body, errors, &it.stand_ins))
    }

    fn is_optional(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|it| it.is_optional)
    }

    /// Whether a body passes a schema; otherwise all its field errors.
    /// Errors: there is no such schema.
    pub fn check(&self, name: &str, body: &Value) -> Result<Result<(), Vec<FieldError>>, Problem> {
        let Some(schema) = self.0.get(name) else {
            return Err(Problem::unexpected(format!("no schema named {name}")));
        };
        let errors = schema.errors(body);
        Ok(if errors.is_empty() { Ok(()) } else { Err(errors) })
    }
}

/// Compiles one schema of the document.
/// Errors: the reason, with the name.
pub fn compile(name: &str, schema: &Value, components: &Value) -> Result<Validator, String> {
    let mut needed = Map::new();
    collect_referred(schema, components, &mut needed);
    let mut root = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [schema],
        "components": { "schemas": needed },
    });
    require_visible(&mut root);
    let options = jsonschema::options().should_validate_formats(true);
    let options = options.with_format("date", dates::is_date);
    let options = options.with_format("email", is_email_address);
    let options = options.with_format("date-time", dates::is_instant);
    options.build(&root).map_err(|cause| format!("schema {name}: {cause}"))
}

/// Whether a text is an e-mail address; the domain may be internationalised.
pub fn is_email_address(text: &str) -> bool {
    text.validate_email()
}

/// Collects what a schema refers to, directly or through others: the rest of the document would be
/// copied into each compiled schema.
fn collect_referred(schema: &Value, components: &Value, found: &mut Map<String, Value>) {
    let name = schema["$ref"].as_str().and_then(|it| it.strip_prefix(COMPONENTS));
    if let Some(name) = name.filter(|it| !found.contains_key(*it)) {
        found.insert(name.to_owned(), components[name].clone());
        collect_referred(&components[name], components, found);
    }
    let members = schema.as_object().into_iter().flat_map(Map::values);
    for part in members.chain(schema.as_array().into_iter().flatten()) {
        collect_referred(part, components, found);
    }
}

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Valid<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let checked = BodyWithErrors::<T>::from_request(req, payload);
        Box::pin(async move { checked.await?.typed.map(Valid).map_err(Problem::invalid) })
    }
}

/// A body with the errors of its schema: for operations that report more about a wrong body than its schema does.
#[derive(Debug)]
pub struct BodyWithErrors<T> {
    /// The body as it was sent.
    pub body: Value,
    /// The body as a type, or all field errors of the schema.
    pub typed: Result<T, Vec<FieldError>>,
}

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for BodyWithErrors<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_absent = has_no_body(req);
        let media = match is_absent && !req.headers().contains_key(CONTENT_TYPE) {
            true => Err(Problem::new(Code::MalformedBody)),
            false => check_media_type(req),
        };
        let schemas = req.app_data::<Data<Schemas>>().cloned();
        let bytes = body::bytes(req, payload);
        let req = req.clone();
        Box::pin(async move {
            let schemas = schemas.ok_or_else(|| Problem::unexpected("schemas are not set up"))?;
            let is_left_out = is_absent && schemas.is_optional(&T::name());
            media.or_else(|refused| if is_left_out { Ok(()) } else { Err(refused) })?;
            let bytes = bytes.await?;
            let body = if is_left_out { json!({}) } else { parse(&bytes)? };
            SentBody::store(&req, &body);
            let typed = schemas.check(&T::name(), &body)?.and_then(|()| typed(&body));
            Ok(Self { body, typed })
        })
    }
}

/// A body that passed its schema, or needs no check, as a type.
pub fn typed<T: DeserializeOwned>(body: &Value) -> Result<T, Vec<FieldError>> {
    // Only a value at the very limit of a type passes the schema and fails here.
    let edge = |_| vec![FieldError::new("", FieldCode::WrongFormat(Format::Other))];
    serde_json::from_value(body.clone()).map_err(edge)
}

/// Whether a request has no content.
pub fn has_no_body(req: &HttpRequest) -> bool {
    let length = req.headers().get(CONTENT_LENGTH).is_none_or(|it| it == "0");
    length && !req.headers().contains_key(TRANSFER_ENCODING)
}

fn check_media_type(req: &HttpRequest) -> Result<(), Problem> {
    let header = req.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or("");
    let mut parts = header.split(';').map(str::trim);
    let media = parts.next().unwrap_or("").to_ascii_lowercase();
    let is_patch = req.method() == actix_web::http::Method::PATCH;
    let is_json =
        media == "application/json" || is_patch && media == "application/merge-patch+json";
    let is_utf8 = parts.all(|it| {
        let charset = it.to_ascii_lowercase();
        !charset.starts_with("charset=") || charset.trim_matches('"').ends_with("utf-8")
    });
    if is_json && is_utf8 { Ok(()) } else { Err(Problem::new(Code::UnsupportedMediaType)) }
}

/// Turns one error of the schema into field errors.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other cases are the library's, and may grow"
)]
pub fn field_errors(error: &jsonschema::ValidationError<'_>) -> Vec<FieldError> {
    use jsonschema::error::ValidationErrorKind as Kind;

    let at = error.instance_path().as_str();
    let one = |code| vec![FieldError::new(at, code)];
    match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let missing = FieldError::new(member(at, name), FieldCode::Required);
            // The description of a file has a clause of its own.
            let is_of_file = name == "description" && at.starts_with("/attachments/");
            vec![if is_of_file { missing.by_clause("4.2.5") } else { missing }]
        }
        Kind::AdditionalProperties { unexpected } => {
            let unknown = |name| FieldError::new(member(at, name), FieldCode::UnknownField);
            unexpected.iter().map(|name| unknown(name)).collect()
        }
        // A blank description has a clause of its own.
        Kind::Pattern { pattern } if pattern == VISIBLE && at == "/description" => {
            vec![FieldError::new(at, FieldCode::Blank).by_clause("3.4.1.1")]
        }
        Kind::Pattern { pattern }
            if pattern == VISIBLE
                && at.starts_with("/attachments/")
                && at.ends_with("/description") =>
        {
            vec![FieldError::new(at, FieldCode::Blank).by_clause("4.2.5")]
        }
        Kind::Pattern { pattern } if pattern == VISIBLE => one(FieldCode::Blank),
        Kind::Pattern { pattern } => one(FieldCode::WrongFormat(Format::of_pattern(pattern))),
        Kind::Format { format } => one(FieldCode::WrongFormat(Format::of_schema(format))),
        Kind::MaxLength { limit } => one(FieldCode::TooLong(*limit)),
        Kind::MaxItems { limit } => one(FieldCode::TooMany(*limit)),
        Kind::MinLength { limit } => one(FieldCode::TooShort(*limit)),
        Kind::MinItems { limit } => one(FieldCode::TooFew(*limit)),
        Kind::MinProperties { .. } => one(FieldCode::Required),
        Kind::Maximum { limit } => one(FieldCode::TooLarge(limit.as_i64().unwrap_or(i64::MAX))),
        Kind::Minimum { limit } => one(FieldCode::TooSmall(limit.as_i64().unwrap_or(i64::MIN))),
        Kind::UniqueItems => one(FieldCode::Repeated),
        Kind::Enum { options } => one(FieldCode::NotOneOf(words(options))),
        Kind::Type { kind } => one(FieldCode::WrongType(types(kind))),
        // Nullable enums: the branch that is not `null` says what is wrong.
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => {
            let nested = context.iter().flatten().filter(
                |it| !matches!(it.kind(), Kind::Type { kind } if types(kind) == [JsonType::Null]),
            );
            let nested: Vec<FieldError> = nested.flat_map(field_errors).collect();
            if nested.is_empty() { one(FieldCode::WrongFormat(Format::Other)) } else { nested }
        }
        _ => one(FieldCode::WrongFormat(Format::Other)),
    }
}

fn types(kind: &jsonschema::error::TypeKind) -> Vec<JsonType> {
    use jsonschema::error::TypeKind;
    let known = |name: String| name.parse().ok();
    match kind {
        TypeKind::Single(name) => known(name.to_string()).into_iter().collect(),
        TypeKind::Multiple(names) => names.iter().filter_map(|it| known(it.to_string())).collect(),
    }
}

fn words(options: &Value) -> Vec<String> {
    let words = options.as_array().into_iter().flatten().filter_map(Value::as_str);
    words.map(str::to_owned).collect()
}
