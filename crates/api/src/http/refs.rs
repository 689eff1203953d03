//! How one thing names another in an answer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A reference to another resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ref {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The name to show, in the caller's language.
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
