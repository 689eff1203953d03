//! Search: names the folders below and has no code.

pub(crate) mod find;
pub(crate) mod index;
pub(crate) mod requests;
pub(crate) mod results;

pub use index::reindex::reindex;
