//! The HTTP toolkit of all operations; knows no slice.

pub mod accept;
pub(crate) mod by_name;
pub(crate) mod caller;
pub(crate) mod chronology;
pub(crate) mod client_address;
pub mod csv;
pub(crate) mod dates;
pub(crate) mod document;
pub(crate) mod egress;
pub(crate) mod fingerprint;
mod forwarded;
pub(crate) mod json;
pub(crate) mod language;
pub(crate) mod local_time;
pub mod logging;
pub(crate) mod not_modified;
pub(crate) mod one_line;
pub(crate) mod operation;
pub(crate) mod page;
pub(crate) mod permissions;
pub(crate) mod query;
pub(crate) mod refs;
pub(crate) mod request_db;
pub(crate) mod response;
pub mod scope;
pub(crate) mod service;
pub(crate) mod validation;
