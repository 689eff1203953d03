//! The technical-support portal over HTTP and PostgreSQL.
//!
//! A request is read downwards: `routes` → `gate` (who, may they, the query) → the operation
//! (`tickets/transition.rs`, …) → the rules in `domain` → the slice's `store` → the answer.

pub mod answer;
pub mod answer_templates;
pub mod auth;
pub mod conditional;
pub mod config;
pub mod gate;
pub mod idempotency;
pub mod json;
pub mod listen;
pub mod named;
pub mod openapi;
pub mod page;
pub mod problem;
pub mod problem_codes;
pub mod problem_page;
pub mod query;
pub mod reference;
pub mod render;
pub mod rights;
pub mod routes;
pub mod server;
pub mod service;
pub mod valid;

pub mod accounts;
pub mod api_tokens;
pub mod attachments;
pub mod audit;
pub mod clock;
pub mod comments;
pub mod companies;
pub mod demo;
pub mod directions;
pub mod events;
pub mod inbound;
pub mod me;
pub mod notifications;
pub mod products;
pub mod projects;
pub mod refusals;
pub mod releases;
pub mod sandbox;
pub mod settings;
pub mod tickets;
pub mod uploads;
pub mod users;
pub mod webhooks;

pub mod db;
pub mod health;
pub mod jobs;
pub mod logging;
pub mod mail;
pub mod metrics;
pub mod migrations;
pub mod postgres;
pub mod roles;
#[expect(missing_docs, reason = "generated from the migrations, where the columns are explained")]
pub mod schema;
pub mod storage;
pub mod word;

/// Where the API lives.
pub const BASE: &str = "/api/v1";
