//! `PATCH /companies/{id}`.

use actix_web::patch;
use actix_web::web::Path;
use domain::ticket::Patch;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::companies::create::{check_bin, trimmed};
use crate::companies::store::{CompanyData, CompanyRow};
use crate::companies::view::Company;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::tried::Tried;
use crate::problem::Problem;

/// The changes to a company (RFC 7396: an absent member is unchanged, null clears it).
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct CompanyPatch {
    /// The new name of the company.
    #[schema(max_length = 200, pattern = r"\S", nullable = false)]
    pub name: Option<String>,
    /// The business identification number (БИН), or that of an individual entrepreneur (ИИН).
    #[serde(default)]
    #[schema(pattern = "^[0-9]{12}$", value_type = Option<String>)]
    pub bin: Patch<String>,
    /// The address for letters and contracts.
    #[serde(default)]
    #[schema(max_length = 500, pattern = r"\S", value_type = Option<String>)]
    pub address: Patch<String>,
    /// The number and the date of the contract.
    #[serde(default)]
    #[schema(max_length = 200, pattern = r"\S", value_type = Option<String>)]
    pub contract: Patch<String>,
    /// What staff have to know about the company; no customer sees it.
    #[serde(default)]
    #[schema(max_length = 10_000, pattern = r"\S", value_type = Option<String>)]
    pub notes: Patch<String>,
}

impl CompanyPatch {
    fn applied_to(self, about: CompanyData) -> CompanyData {
        CompanyData {
            name: self.name.map_or(about.name, trimmed),
            bin: self.bin.applied_to(about.bin),
            address: self.address.map(trimmed).applied_to(about.address),
            contract: self.contract.map(trimmed).applied_to(about.contract),
            notes: self.notes.map(trimmed).applied_to(about.notes),
        }
    }
}

/// Update a company
#[utoipa::path(
    tag = "companies",
    operation_id = "companies_update",
    params(("id" = i64, Path, description = "The company"), IfMatch),
    request_body = CompanyPatch,
    responses((status = 200, description = "The updated company", body = Company)),
)]
#[patch("/companies/{id}")]
pub async fn update(
    db: RequestDb,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    body: Tried<CompanyPatch>,
) -> Result<WithEtag<Company>, Problem> {
    let id = *id;
    let work = move |patch: CompanyPatch, conn: &mut _| {
        let row = CompanyRow::lock(id, conn)?;
        if_match.check(row.version)?;
        let about = patch.applied_to(row.about.clone());
        check_bin(about.bin.as_deref())?;
        row.save(about, conn)
    };
    let row = db.transaction(audited.update(Entity::Company(id), body.then(work))).await?;
    Ok(WithEtag::new(row.version, row.into()))
}
