//! A body whose rules are tried even where it breaks its schema, so that all its mistakes are reported at once.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use diesel::PgConnection;
use domain::FieldError;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::http::validation::{BodyWithErrors, Schemas, typed};
use crate::problem::{Place, Problem};

/// A body, and what its schema says against it.
#[derive(Debug)]
pub struct Tried<T> {
    /// The body, if need be with stand-ins for what is wrong; none where there are no stand-ins.
    body: Option<T>,
    errors: Vec<FieldError>,
}

impl<T> Tried<T> {
    /// Whether it can be read, and has something.
    pub fn has(&self, something: impl FnOnce(&T) -> bool) -> bool {
        self.body.as_ref().is_some_and(something)
    }

    /// Does work with the body. A wrong one is only tried: whatever the work returns then, it is rolled back.
    /// Errors: those of the work; `validation_failed` with the field errors of the schema and of the work.
    pub fn then<O>(
        self,
        work: impl FnOnce(T, &mut PgConnection) -> Result<O, Problem>,
    ) -> impl FnOnce(&mut PgConnection) -> Result<O, Problem> {
        let Self { body, errors } = self;
        move |conn| match body {
            Some(body) if errors.is_empty() => work(body, conn),
            Some(body) => {
                let refused = work(body, conn).err().filter(|it| it.place == Place::Body);
                let others = refused.map(|it| it.errors).unwrap_or_default();
                Err(Problem::invalid(with_others(errors, others)))
            }
            None => Err(Problem::invalid(errors)),
        }
    }
}

/// The errors of a schema and those of rules, each member's once.
pub(crate) fn with_others(mut errors: Vec<FieldError>, others: Vec<FieldError>) -> Vec<FieldError> {
    let wrong: Vec<String> = errors.iter().map(|it| first_member(it).to_owned()).collect();
    let is_right = |it: &FieldError| wrong.iter().all(|name| name != first_member(it));
    errors.extend(others.into_iter().filter(is_right));
    errors
}

/// The member of the body that an error is in.
fn first_member(error: &FieldError) -> &str {
    error.pointer.split('/').nth(1).unwrap_or_default()
}

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Tried<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let schemas = req.app_data::<Data<Schemas>>().cloned();
        let assessed = BodyWithErrors::<T>::from_request(req, payload);
        Box::pin(async move {
            let BodyWithErrors { body, typed: read } = assessed.await?;
            Ok(match read {
                Ok(body) => Self { body: Some(body), errors: Vec::new() },
                Err(errors) => {
                    let body = schemas.and_then(|it| it.with_stand_ins(&T::name(), body, &errors));
                    Self { body: body.and_then(|it| typed(&it).ok()), errors }
                }
            })
        })
    }
}

/// A body without its wrong members; what is required has a stand-in.
pub(crate) fn with_stand_ins(
    body: Value,
    errors: &[FieldError],
    stand_ins: &Map<String, Value>,
) -> Value {
    let Value::Object(mut members) = body else { return Value::Null };
    for error in errors {
        members.shift_remove(&first_member(error).replace("~1", "/").replace("~0", "~"));
    }
    for (name, stand_in) in stand_ins {
        members.entry(name).or_insert_with(|| stand_in.clone());
    }
    members.into()
}

/// Stand-ins for the required members of a schema. They break no rule of another member: a number is the id of
/// nothing. Words have none, since rules depend on them.
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
    use domain::FieldCode;

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

        let tried = with_stand_ins(body, &errors, &stand_ins(&schema));

        assert_eq!(tried, json!({ "name": "x", "role": "engineer", "company_id": 0 }));
    }
}
