//! Directions of support («Направление»), and the engineers of each.

pub(crate) mod assignment;
pub(crate) mod create;
pub(crate) mod engineers;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod store;
pub(crate) mod update;
pub(crate) mod view;
