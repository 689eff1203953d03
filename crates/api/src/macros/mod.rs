//! Steps that support takes again and again, by direction and product (section 9 of the contract).

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod filter;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod store;
pub(crate) mod update;
pub(crate) mod view;
