//! E-mail: what waits to be sent, what it says, how it leaves.

pub(crate) mod letter;
pub(crate) mod outage;
pub mod outbox;
pub(crate) mod page;
pub(crate) mod reply_address;
pub(crate) mod sending;
pub(crate) mod texts;
pub mod transport;
