//! `GET /projects`.

use actix_web::get;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::db::Db;
use crate::http::caller::Caller;
use crate::http::page::PageQuery;
use crate::http::query::Query;
use crate::problem::Problem;
use crate::projects::store::ProjectRow;
use crate::projects::view::{Project, ProjectPage};

/// Which projects to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProjectQuery {
    /// Those of one company.
    #[param(minimum = 1, nullable = false)]
    pub company_id: Option<i64>,
    /// Those of one direction.
    #[param(minimum = 1, nullable = false)]
    pub direction_id: Option<i64>,
}

/// List projects
///
/// Customers see those of their company.
#[utoipa::path(
    tag = "projects",
    operation_id = "projects_list",
    params(ProjectQuery, PageQuery),
    responses((status = 200, description = "A page of projects", body = ProjectPage)),
)]
#[get("/projects")]
pub async fn list(
    db: Data<Db>,
    caller: Caller,
    Query(query): Query<ProjectQuery>,
    Query(page): Query<PageQuery>,
) -> Result<ProjectPage, Problem> {
    let page = page.bound_to(("projects", &query, caller.user_id))?;
    let work = move |conn: &mut _| {
        let rows = ProjectRow::page(&query, &caller, page.after, page.limit, conn)?;
        Ok(page.cut(rows, |(it, _)| it.id))
    };
    Ok(db.run(work).await?.map(Project::from))
}
