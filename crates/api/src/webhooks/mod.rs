//! Webhooks: other systems receive events as signed messages, each retried until it is accepted.

pub(crate) mod client;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod deliveries;
pub(crate) mod delivery;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod message;
pub(crate) mod ping;
pub(crate) mod redeliver;
pub(crate) mod rotate;
pub(crate) mod schedule;
pub(crate) mod sending;
pub(crate) mod signature;
pub(crate) mod store;
pub(crate) mod update;
pub(crate) mod view;
pub(crate) mod viewer;
