//! Tickets («Заявка»): from filing to closing.

pub(crate) mod comments;
pub(crate) mod deadlines;
pub(crate) mod files;
pub(crate) mod filing;
pub(crate) mod history;
pub(crate) mod lifecycle;
pub(crate) mod lists;
pub(crate) mod people;
pub(crate) mod prepared;
pub(crate) mod presence;
pub(crate) mod queue;
pub(crate) mod refusals;
pub(crate) mod registration;
pub(crate) mod search_results;
pub(crate) mod store;
pub(crate) mod view;
