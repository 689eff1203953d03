//! What people are told: who is concerned by an event, the inbox, what each person wants.

pub mod fan_out;
pub mod list;
pub mod people;
pub mod read;
pub mod refused;
pub mod settings;
pub mod store;
pub mod webhook_disabled;
