//! `PATCH /companies/{id}`.

use actix_web::patch;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::companies::store::CompanyRow;
use crate::companies::view::Company;
use crate::http::request_db::RequestDb;
use crate::http::response::{IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::problem::Problem;

/// The changes to a company.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct CompanyPatch {
    /// The new name of the company.
    #[schema(max_length = 200, pattern = r"\S", nullable = false)]
    pub name: Option<String>,
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
    Valid(patch): Valid<CompanyPatch>,
) -> Result<WithEtag<Company>, Problem> {
    let id = *id;
    let work = move |conn: &mut _| {
        let row = CompanyRow::lock(id, conn)?;
        if_match.check(row.version)?;
        match patch.name {
            Some(name) if name.trim() != row.name => row.rename(&name, conn),
            Some(_) | None => Ok(row),
        }
    };
    let row = db.transaction(audited.update(Entity::Company(id), work)).await?;
    Ok(WithEtag::new(row.version, row.into()))
}
