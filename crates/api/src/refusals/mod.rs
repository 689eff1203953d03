//! Requests that were not registered (3.4): kept, found, registered later or confirmed.

pub mod confirm;
pub mod list;
pub mod register;
pub mod show;
pub mod store;
pub mod view;
