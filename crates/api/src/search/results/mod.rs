//! Search as it is asked for and answered.

pub(crate) mod list;
pub(crate) mod suggestions;
mod texts;
pub(crate) mod view;
