//! How one thing names another in an answer.

use serde::Serialize;
use utoipa::ToSchema;

/// A thing that an answer refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ref {
    /// Its id.
    pub id: i64,
    /// What people call it.
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
