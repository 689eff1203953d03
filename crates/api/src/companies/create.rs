//! `POST /companies`.

use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::companies::store::CompanyRow;
use crate::companies::view::Company;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;

/// The company to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct CompanyCreate {
    /// The name, unique regardless of letter case.
    #[schema(max_length = 200, pattern = r"\S", example = "Сары-Арка Телеком")]
    pub name: String,
}

/// Create a company
#[utoipa::path(
    tag = "companies",
    operation_id = "companies_create",
    params(Idempotent),
    request_body = CompanyCreate,
    responses((status = 201, description = "The company", body = Company)),
)]
#[post("/companies")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    Valid(new): Valid<CompanyCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut _| {
        let row = CompanyRow::create(&new.name, caller.now, conn)?;
        audited.create(Entity::Company, row.id, conn)?;
        let location = location("/companies", row.id);
        Ok(Done::new(WithEtag::created(row.version, Company::from(row), location)))
    };
    once.run(work).await
}
