//! What could be added to a ticket (3.1, 3.2).

use domain::Language;
use domain::registration::Field;
use serde::Serialize;
use utoipa::ToSchema;

/// A field that would help.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hint {
    /// The name of the field.
    #[schema(example = "software_version")]
    pub field: &'static str,
    /// What to enter, in the caller's language.
    pub text: &'static str,
    /// The clause that requires it.
    pub clause: &'static str,
}

impl Hint {
    pub fn new(field: &'static Field, language: Language) -> Self {
        let text = field.meaning.text_in(language);
        Self { field: field.name, text, clause: field.clause }
    }
}
