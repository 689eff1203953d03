//! `GET /attachments/{id}/content`.

use std::collections::BTreeMap;

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, Charset,
    ContentDisposition, DispositionParam, DispositionType, ETAG, ExtendedValue, IF_NONE_MATCH,
    IF_RANGE, RANGE,
};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, get};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{Content, Ref, RefOr};
use utoipa::{IntoResponses, ToSchema};

use crate::attachments::range::{RequestedRange, requested_range};
use crate::attachments::store;
use crate::attachments::store::AttachmentRow;
use crate::http::caller::Caller;
use crate::http::document::{Gone, RangeNotSatisfiable};
use crate::http::request_db::RequestDb;
use crate::problem::{Code, Problem};
use crate::storage::Storage;
use crate::uploads::create::hex;
use crate::uploads::sniff::{HANDED_OUT, handed_out};

/// The content of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct FileContent(#[expect(dead_code, reason = "read by the document alone")] Vec<u8>);

/// The file, or a part of it.
struct Downloaded;

impl IntoResponses for Downloaded {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let of = |(status, description): (&str, &str)| {
            let content = Content::new(Some(Ref::from_schema_name("FileContent")));
            let described = ResponseBuilder::new().description(description);
            let response = HANDED_OUT
                .into_iter()
                .fold(described, |it, kind| it.content(kind, content.clone()));
            (status.to_owned(), response.build().into())
        };
        [("200", "The whole file"), ("206", "The requested range")].map(of).into()
    }
}

/// Download an attachment
///
/// Always sent as a download, whatever the media type. `Range` resumes an interrupted download (one
/// range; several get the whole file); `If-None-Match` and `If-Range` compare with the `ETag`, which is the SHA-256
/// of the file. A file whose content has been permanently removed returns 410 `redacted`.
#[utoipa::path(
    tag = "attachments",
    operation_id = "attachments_download",
    params(
        ("id" = i64, Path, description = "The file"),
        ("Range" = Option<String>, Header, max_length = 100, nullable = false, description = "The requested range, as bytes=first-last"),
        ("If-None-Match" = Option<String>, Header, max_length = 1000, nullable = false, description = "The ETag that the client already has"),
        ("If-Range" = Option<String>, Header, max_length = 100, nullable = false, description = "The ETag that Range belongs to"),
    ),
    responses(
        Downloaded,
        (status = 304, description = "The client already has the current content"),
        Gone,
        RangeNotSatisfiable,
    ),
)]
#[get("/attachments/{id}/content")]
pub async fn download(
    req: HttpRequest,
    db: RequestDb,
    storage: Data<Storage>,
    caller: Caller,
    id: Path<i64>,
) -> Result<HttpResponse, Problem> {
    let (row, _) = db.run(move |conn| Ok(store::find(*id, &caller, conn)?)).await?;
    handed(&req, &row, &storage).await
}

/// A file that the caller may download, or the requested part of it.
pub async fn handed(
    req: &HttpRequest,
    row: &AttachmentRow,
    storage: &Storage,
) -> Result<HttpResponse, Problem> {
    if row.redacted_at.is_some() {
        return Err(Problem::new(Code::Redacted));
    }
    let header = |name| req.headers().get(name).and_then(|it| it.to_str().ok());
    let tag = format!("\"{}\"", hex(&row.sha256));
    let is_known = header(IF_NONE_MATCH).is_some_and(|known| {
        known
            .split(',')
            .any(|it| matches!(it.trim().trim_start_matches("W/"), it if it == tag || it == "*"))
    });
    if is_known {
        return Ok(described(row, &tag, StatusCode::NOT_MODIFIED).finish());
    }
    let size = u64::try_from(row.size).map_err(Problem::unexpected)?;
    let is_same = header(IF_RANGE).is_none_or(|it| it == tag);
    let range = header(RANGE).filter(|_| is_same);
    let (status, part) = match requested_range(range, size) {
        RequestedRange::Whole => (StatusCode::OK, 0..size),
        RequestedRange::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        RequestedRange::Unsatisfiable => {
            return Err(Problem::new(Code::RangeNotSatisfiable).with("size", row.size));
        }
    };
    let mut response = described(row, &tag, status);
    if status == StatusCode::PARTIAL_CONTENT {
        let content_range = format!("bytes {}-{}/{size}", part.start, part.end - 1);
        response.insert_header((CONTENT_RANGE, content_range));
    }
    let length = part.end - part.start;
    if length == 0 {
        return Ok(response.body(()));
    }
    let bytes = storage.read(&row.storage_key, part).await?;
    Ok(response.body(SizedStream::new(length, bytes)))
}

/// The headers of every response with a file (checklist AT04).
fn described(row: &AttachmentRow, tag: &str, status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((ETAG, tag))
        .insert_header((ACCEPT_RANGES, "bytes"))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header((CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((CONTENT_TYPE, handed_out(&row.content_type)))
        .insert_header(disposition(&row.filename))
        .insert_header(("repr-digest", format!("sha-256=:{}:", STANDARD.encode(&row.sha256))));
    response
}

/// The name in both forms for all clients: plain ASCII, and in full (RFC 6266, RFC 8187).
fn disposition(filename: &str) -> ContentDisposition {
    let plain = |it: char| if it.is_ascii_graphic() || it == ' ' { it } else { '_' };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(filename.chars().map(plain).collect()),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: filename.as_bytes().to_vec(),
            }),
        ],
    }
}
