//! What admins configure: when support works (2.3) and how long things may take (2.4).
//!
//! The settings have one version, which the statement that finds the caller also returns: as long as it is the
//! one that this process has read, nothing is read again.

pub(crate) mod articles;
pub(crate) mod calendar;
pub(crate) mod current;
pub(crate) mod days;
pub(crate) mod reports;
pub(crate) mod service_hours;
pub(crate) mod sla;
pub(crate) mod store;
pub(crate) mod working_time;

pub use crate::settings::current::{current, latest};
