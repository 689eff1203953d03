//! How companies are shown, to staff only. Customers see the name of their own.

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
    /// The business identification number (БИН), or that of an individual entrepreneur (ИИН).
    pub bin: Option<String>,
    /// The address for letters and contracts.
    pub address: Option<String>,
    /// The number and the date of the contract.
    pub contract: Option<String>,
    /// What staff have to know about the company; no customer sees it.
    pub notes: Option<String>,
    /// Since when the company is closed and its people have no access; null: it is open.
    pub closed_at: Option<Timestamp>,
    /// When the company was created.
    pub created_at: Timestamp,
    /// The version number, incremented with every change.
    pub version: i32,
}

impl From<CompanyRow> for Company {
    fn from(row: CompanyRow) -> Self {
        Self {
            id: row.id,
            name: row.about.name,
            bin: row.about.bin,
            address: row.about.address,
            contract: row.about.contract,
            notes: row.about.notes,
            closed_at: row.closed_at.map(Timestamp),
            created_at: row.created_at.into(),
            version: row.version,
        }
    }
}

pub type CompanyPage = Page<Company>;

impl Listed for Company {
    const PAGE_NAME: &'static str = "CompanyPage";
    const PAGE_DESCRIPTION: &'static str = "A page of companies.";
    const ORDER: &'static str = "In order of registration.";
}
