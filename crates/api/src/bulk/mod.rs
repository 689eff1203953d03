//! One action on many tickets, each handled as by a single call.

pub(crate) mod action;
pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod job;
pub(crate) mod perform;
pub(crate) mod store;
pub(crate) mod view;
