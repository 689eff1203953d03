//! How projects are shown.

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::page::{Listed, Page};
use crate::http::refs::Ref;
use crate::projects::store::{ProjectNames, ProjectRow};

/// A project.
#[derive(Debug, Serialize, ToSchema)]
pub struct Project {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// `<company> - <direction>`.
    #[schema(example = "Сары-Арка Телеком - Телефония")]
    pub name: String,
    /// The company that it belongs to.
    pub company: Ref,
    /// The direction of the project.
    pub direction: Ref,
    /// Whether new tickets may be created in the project: it is switched on, and its company is open.
    pub is_active: bool,
    /// The version number, incremented with every change.
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
            is_active: row.is_active && !names.is_company_closed,
            version: row.version,
        }
    }
}

pub type ProjectPage = Page<Project>;

impl Listed for Project {
    const PAGE_NAME: &'static str = "ProjectPage";
    const PAGE_DESCRIPTION: &'static str = "A page of projects.";
    const ORDER: &'static str = "In order of creation.";
}
