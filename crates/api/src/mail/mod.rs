//! E-mail: what waits to be sent, what it says, how it leaves.

pub mod address;
pub mod invitation;
pub mod notification;
pub mod outage;
pub mod outbox;
pub mod password;
pub mod refused;
pub mod templates;
pub mod transport;
pub mod words;
pub mod zone;
