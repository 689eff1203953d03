//! E-mail: the queue, the texts, the transport.

pub(crate) mod outage;
pub mod outbox;
pub(crate) mod outgoing;
pub(crate) mod page;
pub(crate) mod reply_address;
pub(crate) mod sending;
pub(crate) mod texts;
pub mod transport;
