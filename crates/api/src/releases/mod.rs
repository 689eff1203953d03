//! Releases of products: tickets wait for them («Ждем релиза»), engineers hand them out (2.2).

pub mod create;
pub mod edit;
pub mod files;
pub mod list;
pub mod publish;
pub mod show;
pub mod view;

pub mod settle;
pub mod store;
