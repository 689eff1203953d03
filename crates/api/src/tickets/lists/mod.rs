//! Reading tickets.

pub(crate) mod get;
pub(crate) mod list;
