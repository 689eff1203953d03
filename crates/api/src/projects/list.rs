//! `GET /projects`.

use actix_web::get;

use crate::http::by_name::ByName;
use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::projects::filter::ProjectFilter;
use crate::projects::store::{ProjectNames, ProjectRow};
use crate::projects::view::{Project, ProjectPage, project_name};

/// List projects
///
/// Customers see those of their company.
#[utoipa::path(
    tag = "projects",
    operation_id = "projects_list",
    params(ProjectFilter, ByName, PageQuery),
    responses((status = 200, description = "A page of projects", body = ProjectPage)),
)]
#[get("/projects")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(query): Query<ProjectFilter>,
    Query(by): Query<ByName>,
    Query(page): Query<PageQuery>,
) -> Result<ProjectPage, Problem> {
    let page = page.bound_to(("projects", &query, &by, caller.user_id))?;
    let work = move |conn: &mut _| {
        let rows = ProjectRow::page(&query, &by, &caller, page.after.clone(), page.limit, conn)?;
        let name = |it: &ProjectNames| project_name(&it.company, &it.direction);
        Ok(page.cut(rows, |(it, names)| by.place(it.id, || name(names))))
    };
    Ok(db.run(work).await?.map(Project::from))
}
