//! What is said in tickets (section 4 of the regulation).

pub mod create;
pub mod list;
pub mod read;
pub mod store;
pub mod view;
