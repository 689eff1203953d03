//! Finds tickets: a query becomes a plan, and the plan finds candidates, for one reader.

pub(crate) mod articles;
pub(crate) mod candidates;
pub(crate) mod found;
pub(crate) mod tsquery;
pub(crate) mod vocabulary;

mod closeness;
mod hits;
