//! Articles: published solutions, shared across companies.

pub(crate) mod archive;
pub(crate) mod content;
pub(crate) mod create;
pub(crate) mod feedback;
pub(crate) mod filter;
pub(crate) mod from_ticket;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod publish;
pub(crate) mod redact;
pub(crate) mod store;
pub(crate) mod update;
pub(crate) mod versions;
pub(crate) mod view;
