//! `Idempotency-Key`: a request that is repeated takes effect once and gets the same response.
//!
//! The response is written in the transaction of the effect: after a crash both exist or neither. A handler
//! takes [`idempotent::Idempotent`] in place of the database and passes its work to it.

pub(crate) mod idempotent;
pub(crate) mod key;
pub(crate) mod store;
