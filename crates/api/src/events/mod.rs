//! What happened to tickets: written once, in the transaction of the change, never touched
//! again. The same events make the history, the feed and what webhooks deliver.

pub mod body;
pub mod chain;
pub mod claims;
pub mod consumer;
pub mod event_type;
pub mod key;
pub mod list;
pub mod listener;
pub mod sealed;
pub mod store;
pub mod stream;
pub mod streams;
pub mod verify;
pub mod view;
