//! What is said in tickets (section 4 of the regulation).

pub mod create;
pub mod edit;
pub mod list;
pub mod read;
pub mod redact;
pub mod store;
pub mod stored;
pub mod versions;
pub mod view;
