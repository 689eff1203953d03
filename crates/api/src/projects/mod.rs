//! Projects «Компания - Направление»: one for each company and direction that work together.

pub(crate) mod create;
pub(crate) mod engineers;
pub(crate) mod filter;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod members;
pub(crate) mod store;
pub(crate) mod update;
pub(crate) mod view;
