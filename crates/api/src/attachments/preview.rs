//! `GET /attachments/{id}/preview`.

use actix_web::http::header::{
    CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue,
};
use actix_web::web::{Bytes, BytesMut, Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::attachments::content::{CSP, FileContent, LinkQuery, caching};
use crate::attachments::picture::{Format, small};
use crate::attachments::previews::Previews;
use crate::attachments::store;
use crate::attachments::store::AttachmentRow;
use crate::http::caller::Caller;
use crate::http::document::Gone;
use crate::http::not_modified::is_known;
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::http::response::short_hash;
use crate::problem::{Code, Problem};
use crate::storage::{Storage, failed};

/// The maximum size of a file with a preview, in bytes: a picture is decoded from memory.
const MAX_FILE: u64 = 64 * 1024 * 1024;

/// To be changed whenever previews are made differently, so that clients do not keep older ones.
const PREVIEW_VERSION: u8 = 1;

/// The longer side of a preview.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PreviewSize {
    /// 160 pixels, for a list.
    Small,
    /// 480 pixels, beside a text.
    #[default]
    Medium,
    /// 1280 pixels, for a screen.
    Large,
}

impl PreviewSize {
    const fn pixels(self) -> u32 {
        match self {
            Self::Small => 160,
            Self::Medium => 480,
            Self::Large => 1280,
        }
    }
}

/// Which preview of the picture to return.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PreviewQuery {
    /// The longer side: `small` 160, `medium` 480, `large` 1280 pixels.
    #[param(default = "medium", nullable = false)]
    pub size: Option<PreviewSize>,
}

/// Get a preview of a picture
///
/// A PNG, JPEG, GIF or WebP of at most 40 megapixels, scaled down: upright, of animations the first frame, and encoded
/// again without any metadata. Pictures with transparent parts become PNG, all others JPEG. Other and damaged files
/// have no preview: 404 `no_preview`.
#[utoipa::path(
    tag = "attachments",
    operation_id = "attachments_preview",
    params(
        ("id" = i64, Path, description = "The file"),
        PreviewQuery,
        LinkQuery,
        ("If-None-Match" = Option<String>, Header, max_length = 1000, nullable = false, description = "The ETag that the client already has"),
    ),
    responses(
        (status = 200, description = "The preview", content(
            (FileContent = "image/jpeg"), (FileContent = "image/png"),
        )),
        (status = 304, description = "The client already has the current preview"),
        Gone,
    ),
)]
#[get("/attachments/{id}/preview")]
pub async fn get(
    req: HttpRequest,
    db: RequestDb,
    storage: Data<Storage>,
    previews: Data<Previews>,
    caller: Caller,
    id: Path<i64>,
    Query(query): Query<PreviewQuery>,
) -> Result<HttpResponse, Problem> {
    let user_id = caller.user_id;
    let (row, _) = db.run(move |conn| Ok(store::find(*id, &caller, conn)?)).await?;
    if row.redacted_at.is_some() {
        return Err(Problem::new(Code::Redacted));
    }
    let none = || Problem::new(Code::NoPreview);
    let format = Format::of(&row.content_type).ok_or_else(none)?;
    let size = query.size.unwrap_or_default();
    let tag = tag(&row, size)?;
    if is_known(req.headers(), &tag) {
        let mut response = HttpResponse::NotModified();
        return Ok(response.insert_header((ETAG, tag)).insert_header(caching(&req)).finish());
    }
    let turn = previews.turn(user_id).await?;
    let bytes = content(&row, &storage).await?;
    let encoded = actix_web::web::block(move || {
        // The turn lasts as long as the work, even if nobody waits for it any more.
        let encoded = small(&bytes, format, size.pixels());
        drop(turn);
        encoded
    });
    // A decoder that panics over a hostile file has none, either.
    let encoded = encoded.await.map_err(|cause| cause.to_string()).flatten();
    let encoded = encoded.map_err(|cause| {
        log::info!("attachment {} has no preview: {cause}", row.id);
        none()
    })?;
    Ok(HttpResponse::Ok()
        .insert_header((ETAG, tag))
        .insert_header(caching(&req))
        .insert_header((CONTENT_TYPE, encoded.content_type))
        .insert_header((CONTENT_DISPOSITION, "inline"))
        .insert_header((CONTENT_SECURITY_POLICY, CSP))
        .body(encoded.bytes))
}

fn tag(row: &AttachmentRow, size: PreviewSize) -> Result<HeaderValue, Problem> {
    let hash = short_hash::<12>(&row.sha256);
    let tag = format!("\"{hash}.{}.{PREVIEW_VERSION}\"", size.pixels());
    HeaderValue::from_str(&tag).map_err(Problem::unexpected)
}

/// Errors: `no_preview` for a file that is too large.
async fn content(row: &AttachmentRow, storage: &Storage) -> Result<Bytes, Problem> {
    let size = u64::try_from(row.size).map_err(Problem::unexpected)?;
    if size > MAX_FILE {
        return Err(Problem::new(Code::NoPreview));
    }
    let parts = storage.read(&row.storage_key, 0..size).await?;
    let join = |mut all: BytesMut, part: Bytes| async move {
        all.extend_from_slice(&part);
        Ok(all)
    };
    Ok(parts.try_fold(BytesMut::new(), join).await.map_err(failed)?.freeze())
}
