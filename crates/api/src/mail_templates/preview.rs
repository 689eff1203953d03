//! `GET /mail-templates/{kind}/preview`.

use actix_web::get;
use actix_web::web::{Data, Json, Path};
use domain::{Language, Status};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::caller::Caller;
use crate::http::query::Query;
use crate::jobs::context::JobContext;
use crate::mail_templates::samples;
use crate::problem::{Code, Problem};

/// How a mail is to be shown.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PreviewQuery {
    /// The language of its reader; by default yours.
    #[param(nullable = false)]
    pub language: Option<Language>,
    /// Of `status_changed`: the status after the change; `feedback` by default.
    #[param(nullable = false)]
    pub status: Option<Status>,
}

/// What a mail looks like.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailPreview {
    /// The subject line of the mail.
    pub subject: String,
    /// The mail as plain text.
    pub text: String,
    /// The mail as HTML.
    pub html: String,
}

/// Preview a kind of mail
///
/// What a mail of a kind looks like, with made-up contents and this installation's links. A kind is one
/// of the kinds of notifications, or `invitation`, `password_reset`, `password_changed`,
/// `address_changed`, `company_report`, `digest`, `mail_refused`.
///
/// Errors: `not_found`: there is no such kind of mail.
#[utoipa::path(
    tag = "settings",
    operation_id = "mail_templates_preview",
    params(("kind" = String, Path, description = "The kind of mail", max_length = 40, example = "commented"), PreviewQuery),
    responses((status = 200, description = "The mail", body = MailPreview)),
)]
#[get("/mail-templates/{kind}/preview")]
pub async fn preview(
    caller: Caller,
    jobs: Data<JobContext>,
    kind: Path<String>,
    Query(query): Query<PreviewQuery>,
) -> Result<Json<MailPreview>, Problem> {
    let language = query.language.unwrap_or(caller.language);
    let status = query.status.unwrap_or(Status::Feedback);
    let reader = samples::reader(language, &caller, &jobs.post.links);
    let (subject, page) =
        samples::of_kind(&kind, status, &reader).ok_or_else(|| Problem::new(Code::NotFound))?;
    let (text, html) = page.render(&jobs.post.links)?;
    Ok(Json(MailPreview { subject, text, html }))
}
