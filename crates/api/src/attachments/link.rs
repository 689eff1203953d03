//! `POST /attachments/{id}/link`.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Data, Json, Path};
use actix_web::{Responder, post};
use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::BASE;
use crate::attachments::picture::Format;
use crate::attachments::store;
use crate::credentials::file_link::FileLink;
use crate::credentials::token::Keys;
use crate::http::caller::Caller;
use crate::http::document::Gone;
use crate::http::request_db::RequestDb;
use crate::http::service::Service;
use crate::problem::{Code, Problem};

/// URLs of a file that work without a header.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttachmentLink {
    /// The file, as a download.
    pub url: String,
    /// Its preview, to which `&size=` may be added; null for a file that has none.
    #[schema(format = "uri")]
    pub preview_url: Option<String>,
    /// When both stop working.
    pub expires_at: Timestamp,
}

/// Get a link to a file
///
/// For browsers, which send no `Authorization` with `<a href>` and `<img src>`: the URL opens this file alone, for
/// five minutes, as often as needed and in parts. Whoever has it can read the file as you could at that moment: it stops
/// working with your session, your account or your access to the file. A download that has begun continues.
#[utoipa::path(
    tag = "attachments",
    operation_id = "attachments_link_create",
    params(("id" = i64, Path, description = "The file")),
    responses((status = 200, description = "The link", body = AttachmentLink), Gone),
)]
#[post("/attachments/{id}/link")]
pub async fn create(
    db: RequestDb,
    keys: Data<Keys>,
    service: Data<Service>,
    caller: Caller,
    id: Path<i64>,
) -> Result<impl Responder, Problem> {
    let link = FileLink::new(caller.user_id, caller.granted_by()?, *id, caller.real_now);
    let (row, _) = db.run(move |conn| Ok(store::find(*id, &caller, conn)?)).await?;
    if row.redacted_at.is_some() {
        return Err(Problem::new(Code::Redacted));
    }
    let token = link.signed(&keys)?;
    let at = |what: &str| {
        format!("{}{BASE}/attachments/{}/{what}?link={token}", service.public_url, row.id)
    };
    let body = AttachmentLink {
        url: at("content"),
        preview_url: Format::of(&row.content_type).map(|_| at("preview")),
        expires_at: link.expires_at().into(),
    };
    Ok(Json(body).customize().insert_header((CACHE_CONTROL, "no-store")))
}
