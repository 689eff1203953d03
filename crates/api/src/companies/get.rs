//! `GET /companies/{id}`.

use actix_web::get;
use actix_web::web::Path;

use crate::companies::store::CompanyRow;
use crate::companies::view::Company;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::WithEtag;
use crate::problem::Problem;

/// Get a company
#[utoipa::path(
    tag = "companies",
    operation_id = "companies_get",
    params(("id" = i64, Path, description = "The company")),
    responses((status = 200, description = "The company", body = Company)),
)]
#[get("/companies/{id}")]
pub async fn get(
    db: RequestDb,
    _caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<Company>, Problem> {
    let row = db.run(move |conn| Ok(CompanyRow::find(*id, conn)?)).await?;
    Ok(WithEtag::new(row.version, row.into()))
}
