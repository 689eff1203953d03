//! Customer organisations («Заказчик»).

pub(crate) mod create;
pub(crate) mod filter;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod store;
pub(crate) mod update;
pub(crate) mod view;
