//! How one thing names another in an answer.

use serde::Serialize;
use utoipa::ToSchema;

/// A reference to another resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ref {
    /// The unique identifier.
    pub id: i64,
    /// The display name.
    pub name: String,
}

impl Ref {
    /// A thing and its name.
    pub fn new(id: i64, name: impl Into<String>) -> Self {
        Self { id, name: name.into() }
    }

    /// A person, called by first and last name.
    pub fn person(id: i64, first_name: &str, last_name: &str) -> Self {
        Self { id, name: format!("{first_name} {last_name}") }
    }
}
