//! The technical-support portal over HTTP and PostgreSQL.
//!
//! Layers, the highest first; each uses only those below it (`docs/architecture.md`).

pub mod server;

pub mod fetch;
mod jobs;
mod mail_kinds;
pub(crate) mod mail_templates;
mod routes;

pub mod demo;
pub mod import;
pub mod inbound;
pub(crate) mod me;
pub(crate) mod redmine;
pub(crate) mod reference;
pub(crate) mod sandbox;

pub(crate) mod accounts;
pub(crate) mod bulk;
pub(crate) mod feed;
pub mod search;
pub(crate) mod search_requests;
pub(crate) mod tickets;
pub(crate) mod topics;
pub(crate) mod views;

pub(crate) mod answer_templates;
pub(crate) mod api_tokens;
pub(crate) mod articles;
mod attachments;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod companies;
pub(crate) mod credentials;
pub(crate) mod directions;
pub(crate) mod events;
pub(crate) mod figures;
pub(crate) mod idempotency;
pub(crate) mod macros;
pub mod mail;
pub(crate) mod notifications;
pub(crate) mod products;
pub(crate) mod projects;
pub(crate) mod releases;
pub mod reports;
pub(crate) mod settings;
pub mod storage;
pub(crate) mod uploads;
pub mod users;
pub(crate) mod webhooks;

pub(crate) mod limits;
pub(crate) mod worker;

pub mod http;
pub(crate) mod names;

pub mod visibility;

pub mod db;

pub mod config;
pub mod postgres;
pub(crate) mod problem;

/// Where the API lives.
pub const BASE: &str = "/api/v1";
