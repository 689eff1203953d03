//! The words of a document, as PostgreSQL stores them.

/// The type of a column that is only written and compared in statements of our own.
#[derive(Debug, Clone, Copy, diesel::sql_types::SqlType, diesel::query_builder::QueryId)]
#[diesel(postgres_type(name = "tsvector"))]
pub struct Tsvector;
