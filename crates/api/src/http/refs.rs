//! How a response refers to another resource.

use domain::{Language, Role, Side};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::string_enum::DbEnum;

/// A reference to another resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ref {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The name to show, in the caller's language.
    pub name: String,
}

impl Ref {
    /// An id and its name.
    pub fn new(id: i64, name: impl Into<String>) -> Self {
        Self { id, name: name.into() }
    }

    /// A person, called by first and last name.
    pub fn person(id: i64, first_name: &str, last_name: &str) -> Self {
        Self { id, name: format!("{first_name} {last_name}") }
    }
}

/// Who said or did something, and on whose side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Person {
    /// The number of the user; null: the system.
    pub id: Option<i64>,
    /// The name to show, in the caller's language.
    pub name: String,
    /// On whose side they act.
    pub role: Side,
}

/// The columns of a person: number, first and last name, role.
pub type PersonColumns = (i64, String, String, DbEnum<Role>);

impl Person {
    /// Somebody; the system where there is nobody.
    pub fn of(person: Option<PersonColumns>, language: Language) -> Self {
        person.map_or_else(|| Self::system(language), Self::from)
    }

    fn system(language: Language) -> Self {
        let role = Side::System;
        Self { id: None, name: role.label().text_in(language).to_owned(), role }
    }
}

impl From<PersonColumns> for Person {
    fn from((id, first, last, role): PersonColumns) -> Self {
        Self { id: Some(id), name: format!("{first} {last}"), role: role.0.into() }
    }
}
