//! The types of events: one name everywhere.

pub use domain::EventType;
