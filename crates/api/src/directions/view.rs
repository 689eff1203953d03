//! How directions are shown.

use domain::Role;
use serde::Serialize;
use utoipa::ToSchema;

use crate::directions::store::DirectionRow;
use crate::http::caller::Caller;
use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;

/// A direction of support.
#[derive(Debug, Serialize, ToSchema)]
pub struct Direction {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The name, as people see it.
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

    /// Customers see no engineers.
    pub fn seen_by(caller: &Caller, row: DirectionRow, engineers: Vec<Ref>) -> Self {
        Self::new(row, if caller.role == Role::Customer { Vec::new() } else { engineers })
    }
}

pub type DirectionPage = Page<Direction>;

impl Listed for Direction {
    const PAGE_NAME: &'static str = "DirectionPage";
    const PAGE_DESCRIPTION: &'static str = "A page of directions.";
    const ORDER: &'static str = "In order of creation.";
}
