//! `GET /projects`.

use actix_web::get;

use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::projects::filter::ProjectFilter;
use crate::projects::store::ProjectRow;
use crate::projects::view::{Project, ProjectPage};

/// List projects
///
/// Customers see those of their company.
#[utoipa::path(
    tag = "projects",
    operation_id = "projects_list",
    params(ProjectFilter, PageQuery),
    responses((status = 200, description = "A page of projects", body = ProjectPage)),
)]
#[get("/projects")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(query): Query<ProjectFilter>,
    Query(page): Query<PageQuery>,
) -> Result<ProjectPage, Problem> {
    let page = page.bound_to(("projects", &query, caller.user_id))?;
    let work = move |conn: &mut _| {
        let rows = ProjectRow::page(&query, &caller, page.after, page.limit, conn)?;
        Ok(page.cut(rows, |(it, _)| it.id))
    };
    Ok(db.run(work).await?.map(Project::from))
}
