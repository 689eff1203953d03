//! What old scripts of a Redmine ask for: the same addresses and shapes, under our rules. Reads alone.
#![expect(
    clippy::indexing_slicing,
    reason = "JSON that is built here, or was kept: what it does not have is null"
)]

mod answer;
mod caller;
mod files;
mod filters;
mod issue;
mod issues;
mod journals;
mod lists;
mod numbers;
mod people;
mod query;

use actix_web::web::{ServiceConfig, get, to};
use actix_web::{HttpRequest, HttpResponse};

use crate::redmine::answer::Answer;

pub fn routes(app: &mut ServiceConfig) {
    app.route("/issues.json", get().to(issues::list))
        .route("/projects/{project}/issues.json", get().to(issues::list_of_project))
        .route("/issues/{id}.json", get().to(issues::show))
        .route("/issues/{id}/relations.json", get().to(issues::relations))
        .route("/projects.json", get().to(people::projects))
        .route("/projects/{project}.json", get().to(people::project))
        .route("/projects/{project}/memberships.json", get().to(people::memberships))
        .route("/projects/{project}/versions.json", get().to(lists::versions))
        .route("/projects/{project}/issue_categories.json", get().to(lists::categories))
        .route("/users/current.json", get().to(people::current))
        .route("/my/account.json", get().to(people::current))
        .route("/users/{id}.json", get().to(people::user))
        .route("/issue_statuses.json", get().to(lists::statuses))
        .route("/trackers.json", get().to(lists::trackers))
        .route("/roles.json", get().to(lists::roles))
        .route("/queries.json", get().to(lists::queries))
        .route("/enumerations/issue_priorities.json", get().to(lists::priorities))
        .route("/custom_fields.json", get().to(lists::custom_fields))
        .route("/search.json", get().to(issues::search))
        .route("/attachments/{id}.json", get().to(files::show))
        .route("/attachments/download/{id}", get().to(files::download))
        .route("/attachments/download/{id}/{name}", get().to(files::download_named))
        .default_service(to(not_offered));
}

/// Other bodies than JSON, other areas, and whatever writes.
async fn not_offered(req: HttpRequest) -> HttpResponse {
    let path = req.path();
    if [".xml", ".atom", ".csv", ".pdf"].iter().any(|it| path.ends_with(it)) {
        return Answer::errors(406, "Only JSON is served here: ask for .json");
    }
    if req.method() != actix_web::http::Method::GET {
        return Answer::errors(405, "Only reading is offered here; writing is done by /api/v1");
    }
    Answer::errors(404, "This is not offered here, or it does not exist")
}
