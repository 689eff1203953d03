//! A Redmine-compatible API for old scripts: the same URLs and formats, under our rules.
#![expect(
    clippy::indexing_slicing,
    reason = "JSON that is built here, or was kept: what it does not have is null"
)]

mod body;
mod caller;
mod children;
mod create;
mod dates;
mod details;
mod error;
pub(crate) mod fields;
mod files;
mod filters;
mod issue;
mod issue_request;
mod issues;
mod journals;
mod lists;
mod numbers;
mod old_links;
mod people;
mod product;
mod project_filter;
mod queries;
mod query;
mod relations;
mod sorting;
mod times;
mod tree;
mod update;
mod uploads;
mod users;
mod versions;
mod watchers;

use actix_web::http::{Method, StatusCode};
use actix_web::web::{ServiceConfig, delete, get, patch, post, put, to};
use actix_web::{HttpRequest, HttpResponse};

pub use error::RedmineError;
pub use old_links::Pages;

pub fn routes(app: &mut ServiceConfig) {
    app.route("/issues.json", get().to(issues::list))
        .route("/projects/{project}/issues.json", get().to(issues::list_of_project))
        .route("/issues/{id}.json", get().to(issues::show))
        .route("/issues.json", post().to(create::create))
        .route("/projects/{project}/issues.json", post().to(create::create_in_project))
        .route("/issues/{id}.json", put().to(update::update))
        .route("/issues/{id}.json", patch().to(update::update))
        .route("/issues/{id}/watchers.json", post().to(watchers::add))
        .route("/issues/{id}/watchers/{user}.json", delete().to(watchers::remove))
        .route("/issues/{id}/relations.json", get().to(relations::list))
        .route("/issues/{id}/relations.json", post().to(relations::create))
        .route("/relations/{id}.json", get().to(relations::show))
        .route("/relations/{id}.json", delete().to(relations::delete))
        .route("/uploads.json", post().to(uploads::create))
        .route("/projects.json", get().to(people::projects))
        .route("/projects/{project}.json", get().to(people::project))
        .route("/projects/{project}/memberships.json", get().to(people::memberships))
        .route("/projects/{project}/versions.json", get().to(versions::list))
        .route("/versions/{id}.json", get().to(versions::show))
        .route("/projects/{project}/issue_categories.json", get().to(lists::categories))
        .route("/users/current.json", get().to(users::current))
        .route("/my/account.json", get().to(users::current))
        .route("/users.json", get().to(users::list))
        .route("/groups.json", get().to(users::groups))
        .route("/users/{id}.json", get().to(users::user))
        .route("/issue_statuses.json", get().to(lists::statuses))
        .route("/trackers.json", get().to(lists::trackers))
        .route("/roles.json", get().to(lists::roles))
        .route("/roles/{id}.json", get().to(lists::role))
        .route("/enumerations/time_entry_activities.json", get().to(lists::activities))
        .route("/queries.json", get().to(queries::list))
        .route("/enumerations/issue_priorities.json", get().to(lists::priorities))
        .route("/custom_fields.json", get().to(lists::custom_fields))
        .route("/search.json", get().to(issues::search))
        .route("/attachments/{id}.json", get().to(files::show))
        .route("/attachments/download/{id}", get().to(files::download))
        .route("/attachments/download/{id}/{name}", get().to(files::download_named))
        .route("/issues/{id:[0-9]+}", get().to(old_links::issue))
        .route("/attachments/{id:[0-9]+}", get().to(old_links::file))
        .route("/attachments/{id:[0-9]+}/{name}", get().to(old_links::file_named))
        .default_service(to(not_offered));
}

/// Other formats, unsupported resources, and unsupported methods.
async fn not_offered(req: HttpRequest) -> HttpResponse {
    let path = req.path();
    if path.ends_with("/issues") {
        return HttpResponse::NotAcceptable().body("Only JSON is served here: ask for issues.json");
    }
    if [".xml", ".atom", ".csv", ".pdf"].iter().any(|it| path.ends_with(it)) {
        let sentence = "Only JSON is served here: ask for .json";
        return RedmineError::errors(StatusCode::NOT_ACCEPTABLE, &[sentence]);
    }
    if matches!(*req.method(), Method::GET | Method::HEAD) {
        let sentence = "This is not offered here, or it does not exist";
        return RedmineError::errors(StatusCode::NOT_FOUND, &[sentence]);
    }
    let sentence =
        "This is not offered here: issues are made and changed, with files, watchers and relations";
    RedmineError::errors(StatusCode::METHOD_NOT_ALLOWED, &[sentence])
}
