//! Customer organisations («Заказчик»).

pub(crate) mod store;

use actix_web::web::{Data, Path};
use actix_web::{get, patch, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::companies::store::CompanyRow;
use crate::db::Db;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::page::{DEFAULT_LIMIT, List, PageQuery, Paged};
use crate::http::query::Query;
use crate::http::response::{ApiResponse, IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;

/// A customer organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Company {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Since when it is registered.
    pub created_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i32,
}

impl From<CompanyRow> for Company {
    fn from(row: CompanyRow) -> Self {
        Self { id: row.id, name: row.name, created_at: row.created_at, version: row.version }
    }
}

/// A page of companies.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyPage {
    /// In the order of their registration.
    pub items: Vec<Company>,
    /// Where the next page begins; null on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// What a company is registered with, or renamed to.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyCreate {
    /// Its name, unique whatever the case of its letters.
    #[schema(max_length = 200, pattern = r"\S", example = "Сары-Арка Телеком")]
    pub name: String,
}

/// What is to change about a company.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyPatch {
    /// Its new name.
    #[schema(max_length = 200, pattern = r"\S", nullable = false)]
    pub name: Option<String>,
}

/// List companies
#[utoipa::path(
    tag = "companies",
    operation_id = "companies_list",
    params(PageQuery),
    responses((status = 200, description = "A page of companies", body = CompanyPage)),
)]
#[get("/companies")]
pub async fn list(
    db: Data<Db>,
    _caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Paged<CompanyPage>, Problem> {
    let list = List::new("companies");
    let after = list.after(page.cursor.as_deref())?;
    let limit = page.limit.unwrap_or(DEFAULT_LIMIT);
    let rows = db.run(move |conn| Ok(CompanyRow::page(after, limit, conn)?)).await?;
    let (rows, next_cursor) = list.page(rows, limit, |it| it.id);
    Ok(Paged::new(next_cursor, |next_cursor| CompanyPage {
        items: rows.into_iter().map(Company::from).collect(),
        next_cursor,
    }))
}

/// Register a company
#[utoipa::path(
    tag = "companies",
    operation_id = "companies_create",
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
        let row = CompanyRow::create(&new, caller.now, conn)?;
        audited.create(Entity::Company, row.id, conn)?;
        let location = format!("/api/v1/companies/{}", row.id);
        Ok(Done::new(WithEtag::created(row.version, Company::from(row), location)))
    };
    once.run(work).await
}

/// Show a company
#[utoipa::path(
    tag = "companies",
    operation_id = "companies_get",
    params(("id" = i64, Path, description = "The company")),
    responses((status = 200, description = "The company", body = Company)),
)]
#[get("/companies/{id}")]
pub async fn get(
    db: Data<Db>,
    _caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<Company>, Problem> {
    let row = db.run(move |conn| Ok(CompanyRow::find(*id, conn)?)).await?;
    Ok(WithEtag::new(row.version, row.into()))
}

/// Rename a company
#[utoipa::path(
    tag = "companies",
    operation_id = "companies_update",
    params(("id" = i64, Path, description = "The company")),
    request_body = CompanyPatch,
    responses((status = 200, description = "The company, changed", body = Company)),
)]
#[patch("/companies/{id}")]
pub async fn update(
    db: Data<Db>,
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
