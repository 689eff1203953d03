//! `POST /companies`.

use actix_web::post;
use domain::business_number::is_bin;
use domain::{FieldCode, Format, RuleViolation};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::companies::store::{CompanyData, CompanyRow};
use crate::companies::view::Company;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::tried::Tried;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;

/// The company to create.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct CompanyCreate {
    /// The name, unique regardless of letter case.
    #[schema(max_length = 200, pattern = r"\S", example = "Сары-Арка Телеком")]
    pub name: String,
    /// The business identification number (БИН), or that of an individual entrepreneur (ИИН): 12 digits, the
    /// last of which is a check digit. Each number is registered once.
    #[schema(pattern = "^[0-9]{12}$", example = "941240000193")]
    pub bin: Option<String>,
    /// The address for letters and contracts.
    #[schema(max_length = 500, pattern = r"\S", example = "Астана, пр. Республики, 1")]
    pub address: Option<String>,
    /// The number and the date of the contract.
    #[schema(max_length = 200, pattern = r"\S", example = "№ 17 от 01.02.2026")]
    pub contract: Option<String>,
    /// What staff have to know about the company; no customer sees it.
    #[schema(max_length = 10_000, pattern = r"\S")]
    pub notes: Option<String>,
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
    body: Tried<CompanyCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |new: CompanyCreate, conn: &mut _| {
        check_bin(new.bin.as_deref())?;
        let about = CompanyData {
            name: new.name.trim().to_owned(),
            bin: new.bin,
            address: new.address.map(trimmed),
            contract: new.contract.map(trimmed),
            notes: new.notes.map(trimmed),
        };
        let row = CompanyRow::create(&about, caller.now, conn)?;
        audited.create(Entity::Company, row.id, conn)?;
        let location = location("/companies", row.id);
        Ok(Done::new(WithEtag::created(row.version, Company::from(row), location)))
    };
    once.run(body.then(work)).await
}

/// The last digit of a number checks the others.
/// Errors: a field error.
pub fn check_bin(bin: Option<&str>) -> Result<(), RuleViolation> {
    match bin {
        Some(bin) if !is_bin(bin) => {
            Err(RuleViolation::field("/bin", FieldCode::WrongFormat(Format::Bin)))
        }
        Some(_) | None => Ok(()),
    }
}

pub fn trimmed(text: String) -> String {
    text.trim().to_owned()
}
