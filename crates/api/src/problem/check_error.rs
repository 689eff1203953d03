//! Wrong fields in a successful response: the result of a check.

use domain::{FieldError, Language};
use serde::Serialize;
use utoipa::ToSchema;

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckError {
    /// The field, as a JSON Pointer (RFC 6901).
    #[schema(example = "/subject")]
    pub pointer: String,
    /// The stable code that clients branch on.
    #[schema(example = "required")]
    pub code: &'static str,
    /// What to do about it, in the caller's language.
    pub detail: String,
    /// The clause of the regulation.
    pub clause: Option<&'static str>,
}

impl CheckError {
    pub fn new(error: &FieldError, language: Language) -> Self {
        Self {
            pointer: error.pointer.clone(),
            code: error.code.as_str(),
            detail: error.code.detail(language),
            clause: error.clause,
        }
    }
}
