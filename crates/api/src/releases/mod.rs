//! Releases of products: tickets wait for them («Ждем релиза»), engineers provide them (2.2).

pub(crate) mod create;
pub(crate) mod files;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod publish;
pub(crate) mod store;
pub(crate) mod update;
pub(crate) mod view;
