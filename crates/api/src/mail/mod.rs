//! E-mail: what waits to be sent, what it says, how it leaves.

pub mod invitation;
pub mod outbox;
pub mod password;
pub mod transport;
