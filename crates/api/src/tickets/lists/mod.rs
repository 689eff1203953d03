//! Reading tickets.

pub(crate) mod filter;
pub(crate) mod get;
pub(crate) mod list;
