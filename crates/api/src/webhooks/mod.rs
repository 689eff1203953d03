//! Webhooks: where others are told of events, signed, each message until it is taken.

pub mod courier;
pub mod create;
pub mod deliveries;
pub mod delivery;
pub mod edit;
pub mod guard;
pub mod list;
pub mod message;
pub mod ping;
pub mod redeliver;
pub mod remove;
pub mod rotate;
pub mod schedule;
pub mod show;
pub mod signature;
pub mod store;
pub mod view;
