//! Answers that support gives again and again, by direction and product (section 9 of the contract).

pub mod create;
pub mod edit;
pub mod list;
pub mod remove;
pub mod show;
pub mod view;

pub mod store;
