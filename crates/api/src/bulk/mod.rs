//! One action on many tickets: each as its own call would do it.

pub(crate) mod action;
pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod job;
pub(crate) mod perform;
pub(crate) mod store;
pub(crate) mod view;
