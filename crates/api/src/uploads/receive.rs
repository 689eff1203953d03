//! The bytes of an upload, on their way to storage: hashed, sniffed and counted as they pass, in
//! constant memory.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::web::BytesMut;
use futures_util::StreamExt as _;
use object_store::MultipartUpload;
use sha2::{Digest as _, Sha256};
use tokio::time::{Duration, timeout};

use crate::http::request_db::RequestDb;
use crate::problem::{Code, Problem};
use crate::storage::{Storage, failed};
use crate::uploads::sniff::HEAD;
use crate::uploads::store::{Begun, Received};
use crate::uploads::{name, sniff};

/// Bytes that are sent to storage at once; a bucket takes no smaller parts.
pub(super) const PART: usize = 5 * 1024 * 1024;

/// How long the next bytes may take to arrive.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// How long a whole upload may take.
const MAX_UPLOAD: Duration = Duration::from_secs(6 * 3600);

/// An upload under way. Dropped before it is whole, it takes back what it has left behind.
pub struct Receiving {
    begun: Begun,
    db: RequestDb,
    storage: Storage,
    object: Option<Box<dyn MultipartUpload>>,
}

impl Receiving {
    /// Begins to write the object of an upload.
    ///
    /// # Errors
    /// `unavailable` where the storage is; the row is gone then.
    pub async fn begin(begun: Begun, db: RequestDb, storage: Storage) -> Result<Self, Problem> {
        let mut receiving = Self { begun, db, storage, object: None };
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

    /// Takes the one file of a form, at most `limit` bytes of it.
    ///
    /// # Errors
    /// Whatever is wrong with the form or its length; nothing is left behind then.
    pub async fn receive(mut self, form: Multipart, limit: u64) -> Result<Received, Problem> {
        let received = timeout(MAX_UPLOAD, self.read(form, limit)).await;
        match received.unwrap_or_else(|_| Err(Problem::new(Code::RequestTimeout))) {
            Ok(received) => {
                // From here on what is there is wanted.
                self.object = None;
                Ok(received)
            }
            Err(problem) => {
                if let Some(object) = self.object.take() {
                    let (begun, db) = (self.begun.clone(), self.db.clone());
                    // A task of its own: it goes on if nobody waits for the answer any more.
                    let given_up = give_up(object, begun, db, self.storage.clone());
                    if actix_web::rt::spawn(given_up).await.is_err() {
                        log::error!("a failed upload was not rolled back");
                    }
                }
                Err(problem)
            }
        }
    }

    async fn read(&mut self, mut form: Multipart, limit: u64) -> Result<Received, Problem> {
        let mut field = next_field(&mut form).await?.ok_or_else(|| missing("/file"))?;
        if field.name() != Some("file") {
            return Err(missing("/file"));
        }
        let given = field.content_disposition().and_then(|it| {
            let extended =
                it.get_filename_ext().map(|it| String::from_utf8_lossy(&it.value).into_owned());
            extended.or_else(|| it.get_filename().map(str::to_owned))
        });
        let filename = name::safe(given.as_deref().unwrap_or_default());
        let (content_type, size, sha256) = self.copy(&mut field, limit).await?;
        drop(field);
        if next_field(&mut form).await?.is_some() {
            return Err(Problem::new(Code::MalformedForm));
        }
        let object = self.object.as_mut().ok_or_else(|| Problem::unexpected("no object"))?;
        object.complete().await.map_err(failed)?;
        Ok(Received { filename, content_type, size, sha256 })
    }

    async fn copy(
        &mut self,
        field: &mut Field,
        limit: u64,
    ) -> Result<(&'static str, i64, Vec<u8>), Problem> {
        let object = self.object.as_mut().ok_or_else(|| Problem::unexpected("no object"))?;
        let mut hash = Sha256::new();
        let mut head = Vec::with_capacity(HEAD);
        let mut part = BytesMut::with_capacity(PART);
        let mut size: u64 = 0;
        while let Some(chunk) = next_bytes(field).await? {
            size += chunk.len() as u64;
            if size > limit {
                return Err(too_large(limit));
            }
            hash.update(&chunk);
            head.extend_from_slice(&chunk[..chunk.len().min(HEAD - head.len())]);
            part.extend_from_slice(&chunk);
            if part.len() >= PART {
                let full = part.split_to(PART).freeze();
                object.put_part(full.into()).await.map_err(failed)?;
                part.reserve(PART);
            }
        }
        // A bucket wants at least one part, be it empty.
        if !part.is_empty() || size == 0 {
            object.put_part(part.freeze().into()).await.map_err(failed)?;
        }
        let size = i64::try_from(size).map_err(Problem::unexpected)?;
        Ok((sniff::content_type(&head), size, hash.finalize().to_vec()))
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        // The connection was closed while the handler waited for bytes.
        if let Some(object) = self.object.take() {
            let (begun, db, storage) = (self.begun.clone(), self.db.clone(), self.storage.clone());
            actix_web::rt::spawn(give_up(object, begun, db, storage));
        }
    }
}

/// Takes back what an upload that failed has left: parts, object and row.
async fn give_up(
    mut object: Box<dyn MultipartUpload>,
    begun: Begun,
    db: RequestDb,
    storage: Storage,
) {
    take_back(&mut *object, &begun).await;
    if let Err(problem) = storage.remove(&begun.storage_key).await {
        log::warn!("upload {}: not rolled back: {problem}", begun.storage_key);
    }
    if let Err(problem) = db.run(move |conn| Ok(begun.forget(conn)?)).await {
        log::warn!("a failed upload was not deleted: {problem}");
    }
}

/// Takes back the parts of an object that was not completed.
pub(super) async fn take_back(object: &mut dyn MultipartUpload, begun: &Begun) {
    if let Err(cause) = object.abort().await {
        log::warn!("upload {}: its parts were not deleted: {cause}", begun.storage_key);
    }
}

/// What a file that is too large is answered.
pub fn too_large(limit: u64) -> Problem {
    Problem::new(Code::TooLarge).with("limit", limit)
}

fn missing(pointer: &str) -> Problem {
    use domain::{FieldCode, FieldError};
    Problem::invalid(vec![FieldError::new(pointer, FieldCode::Required)])
}

async fn next_field(form: &mut Multipart) -> Result<Option<Field>, Problem> {
    let next = timeout(MAX_PAUSE, form.next()).await;
    next.map_err(|_| Problem::new(Code::RequestTimeout))?.transpose().map_err(unreadable)
}

async fn next_bytes(field: &mut Field) -> Result<Option<actix_web::web::Bytes>, Problem> {
    let next = timeout(MAX_PAUSE, field.next()).await;
    next.map_err(|_| Problem::new(Code::RequestTimeout))?.transpose().map_err(unreadable)
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
