//! What happened to tickets: written once, in the transaction of the change, and never modified. The same
//! events make up the history, the feed and what webhooks deliver.

pub(crate) mod chain;
pub(crate) mod change_renderer;
pub(crate) mod conceal;
pub(crate) mod consumer;
pub(crate) mod done;
pub(crate) mod event_type;
pub(crate) mod feed;
pub(crate) mod filter;
pub(crate) mod payload;
pub(crate) mod reader;
pub(crate) mod sequence;
pub(crate) mod store;
pub(crate) mod summary;
pub(crate) mod text_hash;
pub(crate) mod view;
