//! The audit log: who did what outside the history of tickets.
//!
//! Sign-ins, passwords, sessions and tokens write their entries where they happen ([`entry::Entry`]); changes
//! to the directory, the catalogue, webhooks or settings are recorded through [`audited::Audited`]. Either way
//! the entry is written in the transaction of the change.

pub(crate) mod audited;
pub(crate) mod entity;
pub(crate) mod entry;
pub(crate) mod filter;
pub(crate) mod list;
pub(crate) mod minutes;
pub(crate) mod store;
