//! Copies files from a Redmine to the storage, in constant memory, hashing them on the way.

use std::io::Read;

use actix_web::rt::Runtime;
use actix_web::web::Bytes;
use object_store::MultipartUpload;
use sha2::{Digest as _, Sha256};

use crate::credentials::secret;
use crate::storage::Storage;
use crate::uploads::sniff;
use crate::uploads::sniff::HEAD;

/// A file whose bytes lie in storage.
#[derive(Debug, Clone)]
pub struct Stored {
    pub storage_key: String,
    pub content_type: &'static str,
    pub size: i64,
    pub sha256: Vec<u8>,
}

/// Stores a stream; a failure leaves nothing behind.
/// Errors: the sentence that says why it could not be read or stored.
pub fn store(mut from: impl Read, storage: &Storage) -> Result<Stored, String> {
    let runtime = Runtime::new().map_err(|it| it.to_string())?;
    let (storage_key, _) = secret::random_token("f");
    runtime.block_on(async {
        let mut object = storage.begin(&storage_key).await.map_err(|it| it.to_string())?;
        match copy(&mut from, &mut *object, storage.part_size()).await {
            Ok((content_type, size, sha256)) => {
                Ok(Stored { storage_key, content_type, size, sha256 })
            }
            Err(cause) => {
                if let Err(cause) = object.abort().await {
                    log::warn!("{storage_key}: its parts were not deleted: {cause}");
                }
                Err(cause)
            }
        }
    })
}

async fn copy(
    from: &mut impl Read,
    object: &mut dyn MultipartUpload,
    part_size: usize,
) -> Result<(&'static str, i64, Vec<u8>), String> {
    let (mut hash, mut size, mut kind) = (Sha256::new(), 0_i64, None);
    loop {
        let mut part = Vec::new();
        let limit = u64::try_from(part_size).unwrap_or(u64::MAX);
        from.by_ref().take(limit).read_to_end(&mut part).map_err(|it| it.to_string())?;
        let is_last = part.len() < part_size;
        let head = part.get(..HEAD).unwrap_or(&part);
        kind.get_or_insert_with(|| sniff::content_type(head));
        hash.update(&part);
        size += i64::try_from(part.len()).unwrap_or(0);
        // A bucket requires at least one part, even an empty one.
        if !part.is_empty() || size == 0 {
            object.put_part(Bytes::from(part).into()).await.map_err(|it| it.to_string())?;
        }
        if is_last {
            break;
        }
    }
    object.complete().await.map_err(|it| it.to_string())?;
    Ok((kind.unwrap_or(sniff::UNKNOWN), size, hash.finalize().to_vec()))
}

/// The entity tag that a Redmine sends for content with this hash.
pub fn tag(sha256: &[u8]) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|it| format!("{it:02x}")).collect::<String>();
    format!("W/\"{}\"", hex(md5::Md5::digest(hex(sha256)).as_ref()))
}
