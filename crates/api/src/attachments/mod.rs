//! Files of tickets, comments, refused requests and releases (2.2, 3.3, 4.2.4, 4.2.5).

pub mod attach;
pub mod content;
pub mod list;
pub mod range;
pub mod redact;
pub mod show;
pub mod store;
pub mod view;
