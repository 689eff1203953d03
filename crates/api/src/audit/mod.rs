//! The audit log: who did what outside the history of tickets.
//!
//! Sign-ins, passwords, sessions and tokens write their entries where they happen
//! ([`entry::Entry`]). For every operation that changes the directory, the catalogue, webhooks or
//! settings the gate opens a [`record::Record`], and the database writes its entry in the
//! transaction of the change: there are both or neither.

pub(crate) mod entry;
pub(crate) mod list;
pub(crate) mod record;
pub(crate) mod snapshot;
pub(crate) mod store;
