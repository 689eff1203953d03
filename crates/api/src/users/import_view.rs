//! A list of people, and the result of its import.

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::refs::Ref;
use crate::problem::check_error::CheckError;

/// The list, as CSV.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct PeopleTable(#[expect(dead_code, reason = "read by the document alone")] Vec<u8>);

/// The result of the import of a list of people.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeopleImport {
    /// Whether nothing was done.
    pub is_dry_run: bool,
    /// How many people were created, or would be.
    pub created: i64,
    /// How many already have an account.
    pub known: i64,
    /// How many rows are wrong; then nobody is created.
    pub invalid: i64,
    /// All rows, in their order.
    pub rows: Vec<ImportedRow>,
}

/// The result for one row.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedRow {
    /// The line of the file on which it begins; the header is on line 1.
    pub line: i64,
    /// The address in it, which need not be one.
    pub address: Option<String>,
    /// What the import did with the row.
    pub outcome: ImportOutcome,
    /// The user; null for one who does not exist yet, or whom the caller may not see.
    pub user: Option<Ref>,
    /// What is wrong in its cells.
    pub errors: Vec<CheckError>,
}

domain::string_enum! {
    /// The result for a row of a list.
    ImportOutcome {
        /// A user was created and invited, or would be.
        Created = "created",
        /// The address has an account, which was left as it is.
        Known = "known",
        /// Something in the row is wrong.
        Invalid = "invalid",
    }
}
