//! What admins settle: when support works (2.3) and how long things may take (2.4).
//!
//! The settings have one version, which the statement that finds the caller answers as well: as
//! long as it is the one that this process has read, nothing is read again.

pub mod auto_close;
pub mod calendar;
pub mod days;
pub mod sla;
pub mod working_time;

pub mod current;
pub mod store;

pub use current::{current, latest};
