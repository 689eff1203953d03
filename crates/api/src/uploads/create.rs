//! `POST /uploads`.

use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::Quota;
use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::http::response::location;
use crate::http::service::Service;
use crate::limits::places::{NoPlace, Place, Places};
use crate::problem::{Code, Problem};
use crate::storage::Storage;
use crate::uploads::receive::{Receiving, too_large};
use crate::uploads::store;

/// The files that one person sends at once.
const MAX_OF_PERSON: usize = 5;

/// The files that a process takes at once.
const MAX_OF_PROCESS: usize = 200;

/// Seconds after which a file that was not taken is worth another try.
const RETRY: u32 = 10;

/// The files that are coming in, and how many of one person may in a day.
pub struct Uploading {
    places: Arc<Places>,
    quota: Quota,
}

impl Uploading {
    pub fn new(quota: Quota) -> Self {
        Self { places: Arc::new(Places::new(MAX_OF_PERSON, MAX_OF_PROCESS)), quota }
    }

    fn enter(&self, user_id: i64) -> Result<Place, Problem> {
        self.places.enter(user_id).map_err(|full| {
            let problem = match full {
                NoPlace::OfPerson => Problem::new(Code::TooManyAtOnce),
                NoPlace::OfAll => Problem::unavailable("as many files come in as there may be"),
            };
            Problem { retry_after: Some(RETRY), ..problem }
        })
    }
}

/// A file, as `multipart/form-data`.
#[derive(ToSchema)]
pub struct UploadForm {
    /// The file; its name is kept for display, its media type is detected from the content.
    #[schema(value_type = String, format = Binary)]
    #[expect(dead_code, reason = "read by the OpenAPI document alone")]
    file: Vec<u8>,
}

/// An uploaded file that has not been used yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct Upload {
    /// The id by which `attachments` of a ticket, a comment or a transition refer to the upload.
    #[schema(example = "up_8Zt5SNgkqLw0Xh3mYb7RvCeKdPj2UaFo9sQi6Tn1Wz4")]
    pub id: String,
    /// The sanitized file name.
    pub filename: String,
    /// The size in bytes.
    pub size: i64,
    /// The media type, detected from the content.
    #[schema(example = "text/plain")]
    pub content_type: String,
    /// The SHA-256 of the content, in hexadecimal.
    pub sha256: String,
    /// When the upload is deleted, unless it has been used.
    pub expires_at: DateTime<Utc>,
}

/// Upload a file
///
/// The file is stored for 24 hours, within which a ticket, a comment or a transition of the same
/// user can use it, once. The content is streamed to storage; a file over the limit returns 413,
/// and an interrupted upload leaves nothing behind. A user may send five files at once, and by default
/// 500 files and 20 GiB a day.
#[utoipa::path(
    tag = "uploads",
    operation_id = "uploads_create",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "The file, stored for a day", body = Upload)),
)]
#[post("/uploads")]
pub async fn create(
    req: HttpRequest,
    db: RequestDb,
    storage: Data<Storage>,
    service: Data<Service>,
    caller: Caller,
    uploading: Data<Uploading>,
    form: Multipart,
) -> Result<HttpResponse, Problem> {
    let limit = service.upload_limit;
    let told = req.headers().get(CONTENT_LENGTH).and_then(|it| it.to_str().ok());
    // The form around the file takes a few hundred bytes.
    if told.and_then(|it| it.parse::<u64>().ok()).is_some_and(|it| it > limit + 64 * 1024) {
        return Err(too_large(limit));
    }
    let _place = uploading.enter(caller.user_id)?;
    let (user_id, now, quota) = (caller.user_id, caller.real_now, uploading.quota);
    let begin = move |conn: &mut _| store::begin(user_id, quota, &caller.rules.calendar, now, conn);
    let begun = db.transaction(begin).await?;
    let receiving =
        Receiving::begin(begun.clone(), db.clone(), (**storage).clone(), service.stall).await?;
    let received = receiving.receive(form, limit).await?;
    let (id, storage_key) = (begun.id.clone(), begun.storage_key.clone());
    let noted = received.clone();
    let work = move |conn: &mut _| {
        let now = crate::db::clock::real_now(conn)?;
        Ok(begun.complete(&noted, now, conn)?)
    };
    let noted = db.run(work).await;
    if noted.is_err() {
        storage.remove(&storage_key).await?;
    }
    let expires_at = noted?;
    let location = location("/uploads", &id);
    let upload = Upload {
        id,
        filename: received.filename,
        size: received.size,
        content_type: received.content_type.to_owned(),
        sha256: hex(&received.sha256),
        expires_at,
    };
    Ok(HttpResponse::Created().insert_header(("location", location)).json(upload))
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
