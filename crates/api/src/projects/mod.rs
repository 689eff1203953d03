//! Projects «Компания - Направление»: one for each company and direction that work together.

pub(crate) mod store;

use actix_web::web::{Data, Json, Path};
use actix_web::{get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::Db;
use crate::directions::store::engineers_of;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::page::{DEFAULT_LIMIT, List, Paged};
use crate::http::query::Query;
use crate::http::refs::Ref;
use crate::http::response::{ApiResponse, IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::projects::store::{ProjectNames, ProjectRow};

/// A project.
#[derive(Debug, Serialize, ToSchema)]
pub struct Project {
    /// Its id.
    pub id: i64,
    /// `<company> - <direction>`.
    #[schema(example = "Сары-Арка Телеком - Телефония")]
    pub name: String,
    /// Whose it is.
    pub company: Ref,
    /// What it is about.
    pub direction: Ref,
    /// Whether new tickets may be filed in it.
    pub is_active: bool,
    /// Rises with every change.
    pub version: i32,
}

/// The name of a project, which is never stored.
pub fn project_name(company: &str, direction: &str) -> String {
    format!("{company} - {direction}")
}

impl From<(ProjectRow, ProjectNames)> for Project {
    fn from((row, names): (ProjectRow, ProjectNames)) -> Self {
        Self {
            id: row.id,
            name: project_name(&names.company, &names.direction),
            company: Ref::new(row.company_id, names.company),
            direction: Ref::new(row.direction_id, names.direction),
            is_active: row.is_active,
            version: row.version,
        }
    }
}

/// A page of projects.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectPage {
    /// In the order of their creation.
    pub items: Vec<Project>,
    /// Where the next page begins; null on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

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
    /// How many items to answer.
    #[serde(skip_serializing_if = "crate::http::page::is_no_filter")]
    #[param(minimum = 1, maximum = 100, default = 25, nullable = false)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(skip_serializing_if = "crate::http::page::is_no_filter")]
    #[param(max_length = 500, nullable = false)]
    pub cursor: Option<String>,
}

/// A new project.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectCreate {
    /// The company.
    #[schema(minimum = 1)]
    pub company_id: i64,
    /// The direction.
    #[schema(minimum = 1)]
    pub direction_id: i64,
}

/// What is to change about a project.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectPatch {
    /// Whether new tickets may be filed in it.
    #[schema(nullable = false)]
    pub is_active: Option<bool>,
}

/// The engineers one may ask for.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectEngineers {
    /// The engineers of the project's direction.
    pub items: Vec<Ref>,
}

/// List projects
///
/// Customers see those of their company.
#[utoipa::path(
    tag = "projects",
    operation_id = "projects_list",
    params(ProjectQuery),
    responses((status = 200, description = "A page of projects", body = ProjectPage)),
)]
#[get("/projects")]
pub async fn list(
    db: Data<Db>,
    caller: Caller,
    Query(query): Query<ProjectQuery>,
) -> Result<Paged<ProjectPage>, Problem> {
    let list = List::new(("projects", &query, caller.company_id));
    let after = list.after(query.cursor.as_deref())?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let work = move |conn: &mut _| Ok(ProjectRow::page(&query, &caller, after, limit, conn)?);
    let (rows, next_cursor) = list.page(db.run(work).await?, limit, |(it, _)| it.id);
    Ok(Paged::new(next_cursor, |next_cursor| ProjectPage {
        items: rows.into_iter().map(Project::from).collect(),
        next_cursor,
    }))
}

/// Create a project
#[utoipa::path(
    tag = "projects",
    operation_id = "projects_create",
    request_body = ProjectCreate,
    responses((status = 201, description = "The project", body = Project)),
)]
#[post("/projects")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    Valid(new): Valid<ProjectCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut _| {
        let id = ProjectRow::create(&new, caller.now, conn)?;
        audited.create(Entity::Project, id, conn)?;
        let project = Project::from(ProjectRow::find(id, &caller, conn)?);
        Ok(Done::new(WithEtag::created(project.version, project, format!("/api/v1/projects/{id}"))))
    };
    once.run(work).await
}

/// Show a project
#[utoipa::path(
    tag = "projects",
    operation_id = "projects_get",
    params(("id" = i64, Path, description = "The project")),
    responses((status = 200, description = "The project", body = Project)),
)]
#[get("/projects/{id}")]
pub async fn get(
    db: Data<Db>,
    caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<Project>, Problem> {
    let work = move |conn: &mut _| Ok(ProjectRow::find(*id, &caller, conn)?);
    let project: Project = db.run(work).await?.into();
    Ok(WithEtag::new(project.version, project))
}

/// Switch a project on or off
///
/// One that is switched off takes no new tickets; those it has go on.
#[utoipa::path(
    tag = "projects",
    operation_id = "projects_update",
    params(("id" = i64, Path, description = "The project")),
    request_body = ProjectPatch,
    responses((status = 200, description = "The project, changed", body = Project)),
)]
#[patch("/projects/{id}")]
pub async fn update(
    db: Data<Db>,
    caller: Caller,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    Valid(patch): Valid<ProjectPatch>,
) -> Result<WithEtag<Project>, Problem> {
    let id = *id;
    let work = move |conn: &mut _| {
        let row = ProjectRow::lock(id, conn)?;
        if_match.check(row.version)?;
        row.edit(&patch, conn)?;
        Ok(ProjectRow::find(id, &caller, conn)?)
    };
    let project: Project = db.transaction(audited.update(Entity::Project(id), work)).await?.into();
    Ok(WithEtag::new(project.version, project))
}

/// List the engineers of a project
///
/// 3.3, «Назначена (если известно)»: those that a new ticket may ask for.
#[utoipa::path(
    tag = "projects",
    operation_id = "projects_engineers_list",
    params(("id" = i64, Path, description = "The project")),
    responses((status = 200, description = "The engineers of its direction", body = ProjectEngineers)),
)]
#[get("/projects/{id}/engineers")]
pub async fn list_engineers(
    db: Data<Db>,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<ProjectEngineers>, Problem> {
    let work = move |conn: &mut _| {
        let (row, _) = ProjectRow::find(*id, &caller, conn)?;
        Ok(engineers_of(&[row.direction_id], conn)?)
    };
    let items = db.run(work).await?.into_iter().map(|(_, it)| it).collect();
    Ok(Json(ProjectEngineers { items }))
}
