//! `POST /uploads`.

use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::Data;
use actix_web::{HttpRequest, post};
use diesel::PgConnection;
use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::Quota;
use crate::db::clock::real_now;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::fingerprint::Fingerprint;
use crate::http::request_db::RequestDb;
use crate::http::response::{ApiResponse, WithEtag, location};
use crate::http::service::Service;
use crate::idempotency::idempotent::Idempotent;
use crate::limits::slots::{NoSlot, Slot, Slots};
use crate::problem::{Code, Problem};
use crate::storage::Storage;
use crate::uploads::receive::{Receiving, Sent, too_large};
use crate::uploads::store;
use crate::uploads::store::{Begun, Received, UploadRow};

/// The maximum number of uploads of one person at once.
pub(crate) const MAX_OF_PERSON: usize = 5;

/// The maximum number of uploads of a process at once.
const MAX_OF_PROCESS: usize = 200;

/// Seconds after which to try again to upload.
const RETRY: u32 = 10;

/// The running uploads, and the daily quota of a person.
pub struct Uploading {
    slots: Arc<Slots>,
    quota: Quota,
}

impl Uploading {
    pub fn new(quota: Quota) -> Self {
        Self { slots: Arc::new(Slots::new(MAX_OF_PERSON, MAX_OF_PROCESS)), quota }
    }

    fn enter(&self, user_id: i64) -> Result<Slot, Problem> {
        self.slots.enter(user_id).map_err(|full| {
            let problem = match full {
                NoSlot::OfPerson => Problem::new(Code::TooManyAtOnce),
                NoSlot::OfAll => {
                    Problem::unavailable("the maximum number of uploads is in progress")
                }
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
    pub expires_at: Timestamp,
}

impl From<UploadRow> for Upload {
    fn from(row: UploadRow) -> Self {
        Self {
            id: row.id,
            filename: row.filename,
            size: row.size,
            content_type: row.content_type,
            sha256: hex(&row.sha256),
            expires_at: row.expires_at.into(),
        }
    }
}

/// Upload a file
///
/// The file is stored for 24 hours, within which a ticket, a comment or a transition of the same user can use
/// it, once. The content is streamed to storage; a file over the limit returns 413, and an interrupted upload
/// leaves nothing behind. A user may send five files at once, and by default 500 files and 20 GiB a day. Two
/// requests with the same `Idempotency-Key` count as the same if the file has the same name and content.
#[utoipa::path(
    tag = "uploads",
    operation_id = "uploads_create",
    params(Idempotent),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "The file, stored for a day", body = Upload)),
)]
#[post("/uploads")]
pub async fn create(
    req: HttpRequest,
    once: Idempotent,
    db: RequestDb,
    (storage, service, uploading): (Data<Storage>, Data<Service>, Data<Uploading>),
    caller: Caller,
    form: Multipart,
) -> Result<ApiResponse, Problem> {
    let context = UploadContext {
        req: &req,
        db: &db,
        storage: &storage,
        service: &service,
        uploading: &uploading,
    };
    let _place = uploading.enter(caller.user_id)?;
    let (begun, received) = context.take(store::new_id(), Sent::Form(form), &caller).await?;
    Fingerprint::store_file(&req, &received.filename, &received.sha256);
    let completed = once.run(completion(begun.clone(), received)).await;
    if completed.as_ref().is_ok_and(|it| !it.is_replayed()) {
        return completed;
    }
    // Refused, or a repeated request: this copy of the file is not needed.
    storage.remove(&begun.storage_key).await?;
    db.run(move |conn| Ok(begun.forget(conn)?)).await?;
    completed
}

/// What is needed to receive a file.
pub struct UploadContext<'a> {
    pub req: &'a HttpRequest,
    pub db: &'a RequestDb,
    pub storage: &'a Storage,
    pub service: &'a Service,
    pub uploading: &'a Uploading,
}

impl UploadContext<'_> {
    /// Receives a file under an id without completing it: its bytes are stored and its row has begun.
    /// The caller holds a slot.
    /// Errors: why the file is refused; nothing is left of it.
    async fn take(
        &self,
        id: String,
        sent: Sent,
        caller: &Caller,
    ) -> Result<(Begun, Received), Problem> {
        let limit = self.service.upload_limit;
        let content_length = self.req.headers().get(CONTENT_LENGTH).and_then(|it| it.to_str().ok());
        // The form around the file takes a few hundred bytes.
        if content_length
            .and_then(|it| it.parse::<u64>().ok())
            .is_some_and(|it| it > limit + 64 * 1024)
        {
            return Err(too_large(limit));
        }
        let (user_id, now, quota) = (caller.user_id, caller.real_now, self.uploading.quota);
        let rules = Arc::clone(&caller.rules);
        let begin =
            move |conn: &mut _| store::begin(id, user_id, quota, &rules.calendar, now, conn);
        let begun = self.db.transaction(begin).await?;
        let (db, storage) = (self.db.clone(), self.storage.clone());
        let receiving = Receiving::begin(begun.clone(), db, storage, self.service.stall).await?;
        let received = receiving.receive(sent, limit).await?;
        Ok((begun, received))
    }

    /// Receives a complete file under an id chosen by the caller.
    /// Errors: why the file is refused; nothing is left of it.
    pub async fn receive_complete(
        &self,
        id: String,
        sent: Sent,
        caller: &Caller,
    ) -> Result<UploadRow, Problem> {
        let _place = self.uploading.enter(caller.user_id)?;
        let (begun, received) = self.take(id, sent, caller).await?;
        let complete = move |conn: &mut _| {
            let now = real_now(conn)?;
            Ok(begun.complete(&received, now, conn)?)
        };
        self.db.run(complete).await
    }
}

fn completion(
    begun: Begun,
    received: Received,
) -> impl FnOnce(&mut PgConnection) -> Result<Done<WithEtag<Upload>>, Problem> {
    move |conn| {
        let row = begun.complete(&received, real_now(conn)?, conn)?;
        let location = Some(location("/uploads", &row.id));
        Ok(Done::new(WithEtag { location, ..WithEtag::unversioned(row.into()) }))
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
