//! Requests that were not registered (3.4): stored, listed, registered later or confirmed.

pub(crate) mod confirm;
pub(crate) mod filter;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod register;
pub(crate) mod store;
pub(crate) mod view;
