//! What support has prepared, applied to a ticket: texts that are filled in, and macros.

pub(crate) mod answer_template;
pub(crate) mod run_macro;
pub(crate) mod values;
