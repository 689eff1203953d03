//! Reading tickets.

pub(crate) mod condition;
pub(crate) mod counts;
pub(crate) mod export;
pub(crate) mod export_rows;
pub(crate) mod filter;
pub(crate) mod get;
pub(crate) mod id_or_none;
pub(crate) mod list;
pub(crate) mod listed;
pub(crate) mod questions;
pub(crate) mod total;
pub(crate) mod words;
