//! How companies are shown.

use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::companies::store::CompanyRow;
use crate::http::page::{Listed, Page};

/// A customer organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Company {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The name, as people see it.
    pub name: String,
    /// When the company was created.
    pub created_at: Timestamp,
    /// The version number, incremented with every change.
    pub version: i32,
}

impl From<CompanyRow> for Company {
    fn from(row: CompanyRow) -> Self {
        Self { id: row.id, name: row.name, created_at: row.created_at.into(), version: row.version }
    }
}

pub type CompanyPage = Page<Company>;

impl Listed for Company {
    const PAGE_NAME: &'static str = "CompanyPage";
    const PAGE_DESCRIPTION: &'static str = "A page of companies.";
    const ORDER: &'static str = "In order of registration.";
}
