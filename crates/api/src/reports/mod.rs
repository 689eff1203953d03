//! Reports (section 8 of the contract): figures from the facts that each step of a ticket leaves, and
//! from what is there now.

pub(crate) mod activity;
mod answering;
pub(crate) mod arrivals;
pub(crate) mod company;
pub(crate) mod company_mail;
pub(crate) mod dashboard;
pub(crate) mod deadlines;
pub(crate) mod flow;
mod groups;
mod numbers;
mod open;
pub(crate) mod quality;
mod query;
pub(crate) mod questions;
pub mod recount;
pub(crate) mod report;
mod request;
mod response;
mod running;
mod table;
pub(crate) mod times;
pub(crate) mod waits;
mod words;
pub(crate) mod workload;
mod workload_store;
