//! Saved lists of tickets.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod standard;
pub(crate) mod store;
pub(crate) mod update;
pub(crate) mod view;
