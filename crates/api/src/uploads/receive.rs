//! The bytes of an upload, on their way to storage: hashed, sniffed and counted as they
//! pass, in constant memory.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::error::PayloadError;
use actix_web::web::{Bytes, BytesMut, Payload};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use object_store::MultipartUpload;
use sha2::{Digest as _, Sha256};
use tokio::time::{Duration, Instant, timeout};

use crate::http::request_db::RequestDb;
use crate::problem::{Code, Problem};
use crate::storage::{Storage, failed};
use crate::uploads::sniff::HEAD;
use crate::uploads::store::{Begun, Received};
use crate::uploads::{name, sniff};

/// The minimum rate of an upload, in bytes per second, after its start.
const MIN_RATE: u64 = 1024;
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// How long a whole upload may take.
const MAX_UPLOAD: Duration = Duration::from_secs(6 * 3600);

/// A file as it is sent.
pub enum Sent {
    /// As the one part of a form.
    Form(Multipart),
    /// As the whole body, with its name.
    Body { filename: String, bytes: Payload },
}

/// An upload in progress. Dropped before it is complete, it is rolled back.
pub struct Receiving {
    begun: Begun,
    db: RequestDb,
    storage: Storage,
    /// How long the next bytes may take to arrive.
    max_pause: Duration,
    object: Option<Box<dyn MultipartUpload>>,
}

impl Receiving {
    /// Begins to write the object of an upload.
    /// Errors: the row is gone then.
    pub async fn begin(
        begun: Begun,
        db: RequestDb,
        storage: Storage,
        max_pause: Duration,
    ) -> Result<Self, Problem> {
        let mut receiving = Self { begun, db, storage, max_pause, object: None };
        match receiving.storage.begin(&receiving.begun.storage_key).await {
            Ok(object) => receiving.object = Some(object),
            Err(problem) => {
                let begun = receiving.begun.clone();
                receiving.db.run(move |conn| Ok(begun.forget(conn)?)).await?;
                return Err(problem);
            }
        }
        Ok(receiving)
    }

    /// Takes the one file that is sent, at most `limit` bytes of it.
    /// Errors: whatever is wrong with the form or its length; nothing is left behind then.
    pub async fn receive(mut self, sent: Sent, limit: u64) -> Result<Received, Problem> {
        let received = timeout(MAX_UPLOAD, self.read(sent, limit)).await;
        match received.unwrap_or_else(|_| Err(Problem::new(Code::RequestTimeout))) {
            Ok(received) => {
                // From here on the upload is kept.
                self.object = None;
                Ok(received)
            }
            Err(problem) => {
                if let Some(object) = self.object.take() {
                    let (begun, db) = (self.begun.clone(), self.db.clone());
                    // A task of its own, which continues even if nobody waits for the response any more.
                    let given_up = abort(object, begun, db, self.storage.clone());
                    if actix_web::rt::spawn(given_up).await.is_err() {
                        log::error!("a failed upload was not rolled back");
                    }
                }
                Err(problem)
            }
        }
    }

    async fn read(&mut self, sent: Sent, limit: u64) -> Result<Received, Problem> {
        let received = match sent {
            Sent::Form(form) => self.read_form(form, limit).await?,
            Sent::Body { filename, bytes } => {
                let copied = self.copy(&mut bytes.map_err(broken_off), limit).await?;
                received(&filename, copied)
            }
        };
        let object = self.object.as_mut().ok_or_else(|| Problem::unexpected("no object"))?;
        object.complete().await.map_err(failed)?;
        Ok(received)
    }

    async fn read_form(&mut self, mut form: Multipart, limit: u64) -> Result<Received, Problem> {
        let mut field = self.next_field(&mut form).await?.ok_or_else(|| missing("/file"))?;
        if field.name() != Some("file") {
            return Err(Problem::new(Code::MalformedForm));
        }
        let filename = field.content_disposition().and_then(|it| {
            let extended =
                it.get_filename_ext().map(|it| String::from_utf8_lossy(&it.value).into_owned());
            extended.or_else(|| it.get_filename().map(str::to_owned))
        });
        let copied = self.copy(&mut (&mut field).map_err(unreadable), limit).await?;
        drop(field);
        if self.next_field(&mut form).await?.is_some() {
            return Err(Problem::new(Code::MalformedForm));
        }
        Ok(received(filename.as_deref().unwrap_or_default(), copied))
    }

    async fn copy(
        &mut self,
        bytes: &mut (impl Stream<Item = Result<Bytes, Problem>> + Unpin),
        limit: u64,
    ) -> Result<Copied, Problem> {
        let (max_pause, part_size) = (self.max_pause, self.storage.part_size());
        let object = self.object.as_mut().ok_or_else(|| Problem::unexpected("no object"))?;
        let mut hash = Sha256::new();
        let mut head = Vec::with_capacity(HEAD);
        let mut part = BytesMut::new();
        let mut size: u64 = 0;
        let started = Instant::now();
        while let Some(chunk) = in_time(max_pause, bytes.next()).await? {
            size += chunk.len() as u64;
            if size > limit {
                return Err(too_large(limit));
            }
            if is_too_slow(size, started.elapsed()) {
                return Err(Problem::new(Code::RequestTimeout));
            }
            hash.update(&chunk);
            head.extend(chunk.iter().take(HEAD - head.len()));
            part.extend_from_slice(&chunk);
            if part.len() >= part_size {
                let full = part.split_to(part_size).freeze();
                object.put_part(full.into()).await.map_err(failed)?;
            }
        }
        // A bucket requires at least one part, even an empty one.
        if !part.is_empty() || size == 0 {
            object.put_part(part.freeze().into()).await.map_err(failed)?;
        }
        let size = i64::try_from(size).map_err(Problem::unexpected)?;
        Ok((sniff::content_type(&head), size, hash.finalize().to_vec()))
    }
}

impl Receiving {
    async fn next_field(&self, form: &mut Multipart) -> Result<Option<Field>, Problem> {
        in_time(self.max_pause, form.map_err(unreadable).next()).await
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        // The connection was closed while the handler waited for bytes.
        if let Some(object) = self.object.take() {
            let (begun, db, storage) = (self.begun.clone(), self.db.clone(), self.storage.clone());
            actix_web::rt::spawn(abort(object, begun, db, storage));
        }
    }
}

/// Deletes what a failed upload has left: parts, object and row.
async fn abort(
    mut object: Box<dyn MultipartUpload>,
    begun: Begun,
    db: RequestDb,
    storage: Storage,
) {
    delete_parts(&mut *object, &begun).await;
    if let Err(problem) = storage.remove(&begun.storage_key).await {
        log::warn!("upload {}: not rolled back: {problem}", begun.storage_key);
    }
    if let Err(problem) = db.run(move |conn| Ok(begun.forget(conn)?)).await {
        log::warn!("a failed upload was not deleted: {problem}");
    }
}

/// Deletes the parts of an incomplete object.
pub(super) async fn delete_parts(object: &mut dyn MultipartUpload, begun: &Begun) {
    if let Err(cause) = object.abort().await {
        log::warn!("upload {}: its parts were not deleted: {cause}", begun.storage_key);
    }
}

/// The problem for a file that is too large.
pub fn too_large(limit: u64) -> Problem {
    Problem::new(Code::TooLarge).with("limit", limit)
}

fn missing(pointer: &str) -> Problem {
    use domain::{FieldCode, FieldError};
    Problem::invalid(vec![FieldError::new(pointer, FieldCode::Required)])
}

async fn in_time<T>(
    max_pause: Duration,
    next: impl Future<Output = Option<Result<T, Problem>>>,
) -> Result<Option<T>, Problem> {
    let next = timeout(max_pause, next).await;
    next.map_err(|_| Problem::new(Code::RequestTimeout))?.transpose()
}

/// Whether a client keeps an upload alive with single bytes.
fn is_too_slow(size: u64, since: Duration) -> bool {
    since > START_TIMEOUT && size < since.as_secs() * MIN_RATE
}

/// The media type, the size and the SHA-256 of what was copied.
type Copied = (&'static str, i64, Vec<u8>);

fn received(name: &str, (content_type, size, sha256): Copied) -> Received {
    Received { filename: name::safe(name), content_type, size, sha256 }
}

/// A body that ends before it should.
fn broken_off(_: PayloadError) -> Problem {
    Problem::new(Code::BadRequest)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other cases are the library's, and may grow"
)]
fn unreadable(cause: MultipartError) -> Problem {
    match cause {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible => Problem::new(Code::UnsupportedMediaType),
        _ => Problem::new(Code::MalformedForm),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RS02: whoever sends an upload drop by drop is cut off, however long it may take as a whole.
    #[test]
    fn sec_rs02_a_trickling_upload_is_aborted() {
        let after = Duration::from_secs;

        assert!(!is_too_slow(1, after(30)));
        assert!(is_too_slow(60, after(61)));
        assert!(!is_too_slow(64 * 1024, after(61)));
        assert!(is_too_slow(64 * 1024, after(120)));
    }
}
