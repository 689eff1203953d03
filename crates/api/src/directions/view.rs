//! How directions are shown.

use serde::Serialize;
use utoipa::ToSchema;

use crate::directions::store::DirectionRow;
use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;

/// A direction of support.
#[derive(Debug, Serialize, ToSchema)]
pub struct Direction {
    /// The unique identifier.
    pub id: i64,
    /// The name.
    pub name: String,
    /// The engineers of the direction; an empty list for customers.
    pub engineers: Vec<Ref>,
    /// The version number, incremented with every change.
    pub version: i32,
}

impl Direction {
    pub fn new(row: DirectionRow, engineers: Vec<Ref>) -> Self {
        Self { id: row.id, name: row.name, engineers, version: row.version }
    }
}

pub type DirectionPage = Page<Direction>;

impl Listed for Direction {
    const PAGE_NAME: &'static str = "DirectionPage";
    const PAGE_DESCRIPTION: &'static str = "A page of directions.";
    const ORDER: &'static str = "In order of creation.";
}
