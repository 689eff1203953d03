//! `GET /companies`.

use actix_web::get;

use crate::companies::filter::CompanyFilter;
use crate::companies::store::CompanyRow;
use crate::companies::view::{Company, CompanyPage};
use crate::http::by_name::ByName;
use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;

/// List companies
#[utoipa::path(
    tag = "companies",
    operation_id = "companies_list",
    params(CompanyFilter, ByName, PageQuery),
    responses((status = 200, description = "A page of companies", body = CompanyPage)),
)]
#[get("/companies")]
pub async fn list(
    db: RequestDb,
    _caller: Caller,
    Query(query): Query<CompanyFilter>,
    Query(by): Query<ByName>,
    Query(page): Query<PageQuery>,
) -> Result<CompanyPage, Problem> {
    let page = page.bound_to(("companies", &query, &by))?;
    let work = move |conn: &mut _| {
        let rows = CompanyRow::page(&query, &by, page.after.clone(), page.limit, conn)?;
        Ok(page.cut(rows, |it| by.place(it.id, || it.about.name.clone())))
    };
    Ok(db.run(work).await?.map(Company::from))
}
