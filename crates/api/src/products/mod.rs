//! The catalogue of products («Наименование продукта»); each belongs to a direction.

pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod store;
pub(crate) mod update;
pub(crate) mod view;
