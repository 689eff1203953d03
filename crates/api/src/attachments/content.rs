//! `GET /attachments/{id}/content`.

use std::collections::BTreeMap;

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, Charset,
    ContentDisposition, DispositionParam, DispositionType, ETAG, ExtendedValue, HeaderName,
    HeaderValue, IF_RANGE, RANGE,
};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, get};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{Content, Ref, RefOr};
use utoipa::{IntoParams, IntoResponses, ToSchema};

use crate::attachments::range::{RequestedRange, requested_range};
use crate::attachments::store;
use crate::attachments::store::AttachmentRow;
use crate::auth::by_url::UrlCredential;
use crate::http::caller::Caller;
use crate::http::document::{Gone, RangeNotSatisfiable};
use crate::http::not_modified::is_known;
use crate::http::request_db::RequestDb;
use crate::problem::{Code, Problem};
use crate::storage::Storage;
use crate::uploads::create::hex;
use crate::uploads::sniff::{SERVED_TYPES, served_type};

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
            let response = SERVED_TYPES
                .into_iter()
                .fold(described, |it, kind| it.content(kind, content.clone()));
            (status.to_owned(), response.build().into())
        };
        [("200", "The whole file"), ("206", "The requested range")].map(of).into()
    }
}

/// A link in place of the `Authorization` header.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LinkQuery {
    /// What `POST /attachments/{id}/link` put into the URL, in place of `Authorization`.
    #[param(max_length = 2000, nullable = false)]
    #[expect(dead_code, reason = "it is read before the handler runs")]
    pub link: Option<String>,
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
        LinkQuery,
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
    download_response(&req, &row, &storage).await
}

/// A file that the caller may download, or the requested part of it.
pub async fn download_response(
    req: &HttpRequest,
    row: &AttachmentRow,
    storage: &Storage,
) -> Result<HttpResponse, Problem> {
    if row.redacted_at.is_some() {
        return Err(Problem::new(Code::Redacted));
    }
    let header = |name| req.headers().get(name).and_then(|it| it.to_str().ok());
    let tag = HeaderValue::from_str(&format!("\"{}\"", hex(&row.sha256)));
    let tag = tag.map_err(Problem::unexpected)?;
    let described = |status| {
        let mut response = described(row, &tag, status);
        response.insert_header(caching(req));
        response
    };
    if is_known(req.headers(), &tag) {
        return Ok(described(StatusCode::NOT_MODIFIED).finish());
    }
    let size = u64::try_from(row.size).map_err(Problem::unexpected)?;
    let is_same = header(IF_RANGE).is_none_or(|it| tag == it);
    let range = header(RANGE).filter(|_| is_same);
    let (status, part) = match requested_range(range, size) {
        RequestedRange::Whole => (StatusCode::OK, 0..size),
        RequestedRange::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        RequestedRange::Unsatisfiable => {
            return Err(Problem::new(Code::RangeNotSatisfiable).with("size", row.size));
        }
    };
    let mut response = described(status);
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

/// Nothing in a file runs, whatever opens it.
pub const CSP: &str = "sandbox; default-src 'none'";

/// How long a file may be stored on the way: what was opened by a link, nowhere.
pub fn caching(req: &HttpRequest) -> (HeaderName, &'static str) {
    let is_link = UrlCredential::Link.in_query(req.query_string()).is_some();
    (CACHE_CONTROL, if is_link { "private, no-store" } else { "private, no-cache" })
}

/// The headers of every response with a file (checklist AT04).
fn described(row: &AttachmentRow, tag: &HeaderValue, status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((ETAG, tag.clone()))
        .insert_header((ACCEPT_RANGES, "bytes"))
        .insert_header((CONTENT_SECURITY_POLICY, CSP))
        .insert_header((CONTENT_TYPE, served_type(&row.content_type)))
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
