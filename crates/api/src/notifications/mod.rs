//! Notifications: who is concerned by an event, the inbox, each person's settings.

pub(crate) mod digest;
pub(crate) mod fan_out;
pub(crate) mod list;
pub(crate) mod mail;
pub(crate) mod people;
pub(crate) mod read;
pub(crate) mod refusal_notices;
pub(crate) mod settings;
pub(crate) mod store;
pub(crate) mod webhook_disabled;
