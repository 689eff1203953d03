//! Search: names the folders below and has no code.

pub(crate) mod find;
pub(crate) mod index;

pub use index::reindex::reindex;
