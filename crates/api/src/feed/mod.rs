//! The feed of events: by cursor, and as a stream.

pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod listener;
pub(crate) mod stream;
pub(crate) mod streams;
pub(crate) mod ticket;
