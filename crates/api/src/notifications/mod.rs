//! What people are told: who is concerned by an event, the inbox, what each person wants.

pub(crate) mod digest;
pub(crate) mod fan_out;
pub(crate) mod list;
pub(crate) mod mail;
pub(crate) mod people;
pub(crate) mod read;
pub(crate) mod refused;
pub(crate) mod settings;
pub(crate) mod store;
pub(crate) mod webhook_disabled;
