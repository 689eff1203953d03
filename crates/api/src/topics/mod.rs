//! What tickets are about, in the words of each direction: reports are grouped by them.

pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod store;
pub(crate) mod update;
pub(crate) mod view;
