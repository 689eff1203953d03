//! What to do to each ticket: the body of the single call, checked by its own schema.

use domain::{FieldCode, FieldError, JsonType};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::http::json::member;
use crate::http::validation::Schemas;
use crate::problem::Problem;
use crate::tickets::lifecycle::classify::Classification;
use crate::tickets::lifecycle::create_comment::CommentCreate;
use crate::tickets::lifecycle::transitions::TransitionCreate;
use crate::tickets::people::assign::Assignment;

domain::string_enum! {
    /// What to do to each ticket.
    BulkActionType {
        /// As `PUT /tickets/{id}/assignee` does.
        Assign = "assign",
        /// As `POST /tickets/{id}/transitions`.
        Move = "move",
        /// As `POST /tickets/{id}/comments`.
        Comment = "comment",
        /// As `PATCH /tickets/{id}`.
        Edit = "edit",
        /// As `PUT /tickets/{id}/watchers/{user_id}`, with `user_id`.
        Watch = "watch",
        /// As `PUT /tickets/{id}/topic`.
        Topic = "topic",
    }
}

/// An action, as it is sent and stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BulkAction {
    pub r#type: BulkActionType,
    #[serde(flatten)]
    pub members: Map<String, Value>,
}

const ABOUT: &str = "The action: its `type`, and the members of the body of the single call \
    (`Assignment`, `TransitionCreate`, `CommentCreate`, `TicketPatch`, `user_id`, `Classification`), \
    without files.";

impl PartialSchema for BulkAction {
    fn schema() -> RefOr<Schema> {
        let mut kind = Ref::from_schema_name("BulkActionType");
        kind.description = "What to do to each ticket.".to_owned();
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some(ABOUT))
            .property("type", kind)
            .required("type")
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .examples([json!({ "type": "assign", "assignee_id": 7, "reason": "Отпуск" })])
            .into()
    }
}

impl ToSchema for BulkAction {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push(("BulkActionType".to_owned(), BulkActionType::schema()));
    }
}

/// An action that can be done.
#[derive(Debug, Clone)]
pub enum Action {
    Assign(Assignment),
    Move(Box<TransitionCreate>),
    Comment(Box<CommentCreate>),
    /// The patch as it was sent.
    Edit(Value),
    Watch(Watcher),
    Topic(Classification),
}

/// Who is to watch.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watcher {
    pub user_id: i64,
}

impl BulkAction {
    /// The action, checked as the single call checks its body.
    /// Errors: what is wrong with it, below `/action`.
    pub fn checked(&self, schemas: &Schemas) -> Result<Action, Problem> {
        let schema = match self.r#type {
            BulkActionType::Assign => "Assignment",
            BulkActionType::Move => "TransitionCreate",
            BulkActionType::Comment => "CommentCreate",
            BulkActionType::Edit => "TicketPatch",
            BulkActionType::Topic => "Classification",
            BulkActionType::Watch => {
                check_watcher(&self.members)?;
                return self.read();
            }
        };
        schemas.check_part(schema, &Value::Object(self.members.clone()), "/action")?;
        // A file belongs to one ticket.
        if self
            .members
            .get("attachments")
            .and_then(Value::as_array)
            .is_some_and(|it| !it.is_empty())
        {
            return Err(wrong("/action/attachments", FieldCode::NotApplicable));
        }
        self.read()
    }

    /// The action, which was checked before it was stored.
    /// Errors: a field error where it cannot be read.
    pub fn read(&self) -> Result<Action, Problem> {
        let body = Value::Object(self.members.clone());
        Ok(match self.r#type {
            BulkActionType::Assign => Action::Assign(typed(body)?),
            BulkActionType::Move => Action::Move(Box::new(typed(body)?)),
            BulkActionType::Comment => Action::Comment(Box::new(typed(body)?)),
            BulkActionType::Edit => Action::Edit(body),
            BulkActionType::Topic => Action::Topic(typed(body)?),
            BulkActionType::Watch => Action::Watch(typed(body)?),
        })
    }
}

/// The single call has it in its path, which no schema checks.
/// Errors: what is wrong with `user_id`, and members besides it.
fn check_watcher(members: &Map<String, Value>) -> Result<(), Problem> {
    const USER_ID: &str = "user_id";
    let wrong_id = match members.get(USER_ID) {
        None => Some(FieldCode::Required),
        Some(value) => match value.as_i64() {
            None => Some(FieldCode::WrongType(vec![JsonType::Integer])),
            Some(..=0) => Some(FieldCode::TooSmall(1)),
            Some(1..) => None,
        },
    };
    let error = |name: &str, code| FieldError::new(member("/action", name), code);
    let unknown = members.keys().filter(|it| *it != USER_ID);
    let unknown = unknown.map(|it| error(it, FieldCode::UnknownField));
    let wrong_id = wrong_id.map(|it| error(USER_ID, it));
    let errors: Vec<FieldError> = unknown.chain(wrong_id).collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

fn typed<T: DeserializeOwned>(body: Value) -> Result<T, Problem> {
    serde_json::from_value(body).map_err(|_| wrong("/action", FieldCode::NotApplicable))
}

fn wrong(pointer: &str, code: FieldCode) -> Problem {
    Problem::invalid(vec![FieldError::new(pointer, code)])
}
