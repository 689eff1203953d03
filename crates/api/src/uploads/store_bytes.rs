//! Stores the bytes of a file that is already in memory (it came by e-mail).

use actix_web::web::Bytes;
use object_store::{Error, MultipartUpload};

use crate::problem::Problem;
use crate::storage::{Storage, failed};
use crate::uploads::receive::delete_parts;
use crate::uploads::sniff::HEAD;
use crate::uploads::store::{Begun, Received};
use crate::uploads::{name, sniff};

/// Writes the object of an upload that has begun; `sha256` is that of the bytes.
/// Errors: nothing is left of the object then.
pub async fn store_upload(
    begun: &Begun,
    name: &str,
    bytes: &Bytes,
    sha256: Vec<u8>,
    storage: &Storage,
) -> Result<Received, Problem> {
    let mut object = storage.begin(&begun.storage_key).await?;
    if let Err(cause) = write(&mut *object, bytes.clone(), storage.part_size()).await {
        delete_parts(&mut *object, begun).await;
        return Err(failed(cause));
    }
    Ok(Received {
        filename: name::safe(name),
        content_type: sniff::content_type(bytes.get(..HEAD).unwrap_or(bytes)),
        size: i64::try_from(bytes.len()).map_err(Problem::unexpected)?,
        sha256,
    })
}

/// A bucket requires at least one part, even an empty one.
async fn write(
    object: &mut dyn MultipartUpload,
    mut rest: Bytes,
    part_size: usize,
) -> Result<(), Error> {
    loop {
        let part = rest.split_to(rest.len().min(part_size));
        object.put_part(part.into()).await?;
        if rest.is_empty() {
            break;
        }
    }
    object.complete().await?;
    Ok(())
}
