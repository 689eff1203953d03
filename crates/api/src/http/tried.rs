//! A body whose rules are checked even if it violates its schema, so that all mistakes are reported at once.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use diesel::PgConnection;
use domain::{FieldCode, FieldError};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::http::validation::{BodyWithErrors, Schemas, typed};
use crate::problem::{Place, Problem};

/// A body, with the violations of its schema.
#[derive(Debug)]
pub struct Tried<T> {
    /// The body, with stand-ins for members that are wrong; none if it cannot be repaired in this way.
    body: Option<T>,
    errors: Vec<FieldError>,
    /// Whether something that was sent is left out, with no stand-in.
    has_gaps: bool,
}

impl<T> Tried<T> {
    /// Whether it can be read, and a condition holds for it.
    pub fn has(&self, condition: impl FnOnce(&T) -> bool) -> bool {
        self.body.as_ref().is_some_and(condition)
    }

    /// Does work with the body. If the schema was violated, the work only serves to find further mistakes: whatever it
    /// returns, an error is returned, and everything is rolled back.
    /// Errors: those of the work; `validation_failed` with the field errors of the schema and of the work.
    pub fn then<O>(
        self,
        work: impl FnOnce(T, &mut PgConnection) -> Result<O, Problem>,
    ) -> impl FnOnce(&mut PgConnection) -> Result<O, Problem> {
        let Self { body, errors, has_gaps } = self;
        move |conn| match body {
            Some(body) if errors.is_empty() => work(body, conn),
            Some(body) => {
                let refused = work(body, conn).err().filter(|it| it.place == Place::Body);
                let mut others = refused.map(|it| it.errors).unwrap_or_default();
                others.retain(|it| !has_gaps || !goes_with_others(&it.code));
                Err(Problem::invalid(with_others(errors, others)))
            }
            None => Err(Problem::invalid(errors)),
        }
    }
}

/// Whether a mistake is one only because of what the other members are, or are not.
const fn goes_with_others(code: &FieldCode) -> bool {
    matches!(code, FieldCode::Required | FieldCode::NotApplicable | FieldCode::Conflicts(_))
}

/// The errors of the schema, and those of the rules about other members.
pub(crate) fn with_others(mut errors: Vec<FieldError>, others: Vec<FieldError>) -> Vec<FieldError> {
    let wrong: Vec<String> = errors.iter().map(|it| first_member(it).to_owned()).collect();
    let is_right = |it: &FieldError| wrong.iter().all(|name| name != first_member(it));
    errors.extend(others.into_iter().filter(is_right));
    errors
}

/// The member of the body that an error is about.
fn first_member(error: &FieldError) -> &str {
    error.pointer.split('/').nth(1).unwrap_or_default()
}

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Tried<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let schemas = req.app_data::<Data<Schemas>>().cloned();
        let checked = BodyWithErrors::<T>::from_request(req, payload);
        Box::pin(async move {
            let BodyWithErrors { body, typed: read } = checked.await?;
            Ok(match read {
                Ok(body) => Self { body: Some(body), errors: Vec::new(), has_gaps: false },
                Err(errors) => {
                    let tried = schemas.and_then(|it| it.with_stand_ins(&T::name(), body, &errors));
                    let (body, has_gaps) = tried.unwrap_or_default();
                    Self { body: typed(&body).ok(), errors, has_gaps }
                }
            })
        })
    }
}

/// A body without its wrong members; required ones that are absent get a stand-in. Also whether any other than an
/// unknown one is left out.
pub(crate) fn with_stand_ins(
    body: Value,
    errors: &[FieldError],
    stand_ins: &Map<String, Value>,
) -> (Value, bool) {
    let Value::Object(mut members) = body else { return (Value::Null, true) };
    let mut has_gaps = false;
    for error in errors {
        let name = first_member(error).replace("~1", "/").replace("~0", "~");
        let is_left_out = members.shift_remove(&name).is_some();
        has_gaps |= is_left_out && !stand_ins.contains_key(&name) && !is_about_unknown(error);
    }
    for (name, stand_in) in stand_ins {
        members.entry(name).or_insert_with(|| stand_in.clone());
    }
    (members.into(), has_gaps)
}

/// Whether the body has no such member, so that no rule looks at it.
fn is_about_unknown(error: &FieldError) -> bool {
    let is_unknown = matches!(error.code, FieldCode::UnknownField | FieldCode::ReadOnlyField);
    is_unknown && error.pointer.matches('/').count() == 1
}

/// Stand-ins for the required members of a schema. They cause no errors about other members: no row has the id 0.
/// Words of a vocabulary have none, since rules depend on them.
pub(crate) fn stand_ins(schema: &Value) -> Map<String, Value> {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let stand_in = |name: &str| {
        let member = schema["properties"].get(name)?;
        let is_word = member.get("enum").is_some();
        let value = match member["type"].as_str().filter(|_| !is_word)? {
            "string" => json!("x"),
            "integer" => json!(0),
            "boolean" => json!(false),
            "array" => json!([]),
            _ => return None,
        };
        Some((name.to_owned(), value))
    };
    required.filter_map(stand_in).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_left_out_and_what_is_required_has_a_stand_in() {
        let schema = json!({
            "required": ["name", "role", "company_id"],
            "properties": {
                "name": { "type": "string" }, "company_id": { "type": "integer" },
                "role": { "$ref": "#/components/schemas/Role" }, "notes": { "type": "string" },
            },
        });
        let body = json!({ "name": "", "role": "engineer", "notes": 5, "a/b": 1 });
        let pointers = ["/name", "/company_id", "/notes", "/a~1b"];
        let errors = pointers.map(|it| FieldError::new(it, FieldCode::Required));

        let (tried, has_gaps) = with_stand_ins(body, &errors, &stand_ins(&schema));

        assert_eq!(tried, json!({ "name": "x", "role": "engineer", "company_id": 0 }));
        assert!(has_gaps, "notes");
    }

    /// What rules say of members that go with others is only believed where nothing is left out.
    #[test]
    fn what_a_body_does_not_have_leaves_no_gap() {
        let stand_ins = Map::from_iter([("name".to_owned(), json!("x"))]);
        let has_gaps = |pointer: &str, code| {
            let body = json!({ "name": "", "colour": 1, "action": { "colour": 1 } });
            with_stand_ins(body, &[FieldError::new(pointer, code)], &stand_ins).1
        };

        assert!(!has_gaps("/name", FieldCode::Blank));
        assert!(!has_gaps("/colour", FieldCode::UnknownField));
        assert!(has_gaps("/action/colour", FieldCode::UnknownField));
        assert!(has_gaps("/action", FieldCode::Required));
    }
}
