//! Where the bytes of files are stored: a folder, or an S3 bucket.
//!
//! Names, types and rights are rows of the database; here a file is a random key and its bytes.

#[cfg(feature = "s3")]
mod bucket;

use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use actix_web::web::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    Error, GetOptions, GetRange, MultipartUpload, ObjectStore, ObjectStoreExt as _,
};

use crate::problem::Problem;

/// Where the bytes of files are stored.
#[derive(Debug, Clone)]
pub struct Storage {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    /// The folder, where it is one.
    folder: Option<PathBuf>,
}

/// An object that was listed.
#[derive(Debug, Clone)]
pub struct Stored {
    pub key: String,
    /// How long it has been there.
    pub age: Duration,
}

impl Storage {
    /// The storage of a setting: `file:///folder`, `s3://bucket/prefix`, or the default folder.
    /// Errors: the sentence that says what is wrong with the setting.
    pub fn new(url: Option<&str>, default: PathBuf) -> Result<Self, String> {
        match url.filter(|it| !it.is_empty()) {
            None => Self::in_folder(default),
            Some(url) => match url.split_once("://") {
                Some(("file", path)) if path.starts_with('/') => Self::in_folder(path.into()),
                Some(("s3", bucket)) => Self::in_bucket(bucket),
                Some(_) | None => Err(format!(
                    "HELPDESK_STORAGE_URL: {url} is neither file:///folder nor s3://bucket/prefix"
                )),
            },
        }
    }

    /// The size of the part that is held in memory for each incoming file, in bytes: a bucket
    /// accepts no smaller ones.
    pub fn part_size(&self) -> usize {
        if self.folder.is_some() { 256 * 1024 } else { 5 * 1024 * 1024 }
    }

    fn in_folder(folder: PathBuf) -> Result<Self, String> {
        use std::os::unix::fs::DirBuilderExt as _;

        let sentence = |cause: &dyn std::fmt::Display| format!("{}: {cause}", folder.display());
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(|it| sentence(&it))?;
        let store = LocalFileSystem::new_with_prefix(&folder).map_err(|it| sentence(&it))?;
        Ok(Self {
            store: Arc::new(store.with_fsync(true)),
            prefix: Path::default(),
            folder: Some(folder),
        })
    }

    #[cfg(feature = "s3")]
    fn in_bucket(address: &str) -> Result<Self, String> {
        let (store, prefix) = bucket::open(address)?;
        Ok(Self { store: Arc::new(store), prefix, folder: None })
    }

    #[cfg(not(feature = "s3"))]
    fn in_bucket(_: &str) -> Result<Self, String> {
        Err("HELPDESK_STORAGE_URL: this program was built without S3 (cargo feature s3)".into())
    }

    /// Checks that a bucket grants access. One that cannot be reached now may be reachable later: until then
    /// requests for files are `unavailable`, and everything else works.
    /// Errors: the sentence that says what the bucket refuses.
    pub async fn check(&self) -> Result<(), String> {
        if self.folder.is_some() {
            return Ok(());
        }
        let Some(Err(cause)) = self.store.list(Some(&self.prefix)).next().await else {
            return Ok(());
        };
        // A refused listing has no error kind of its own.
        let refused = self.store.head(&self.at("access")).await;
        if let Err(
            Error::NotFound { .. } | Error::PermissionDenied { .. } | Error::Unauthenticated { .. },
        ) = refused
        {
            return Err(format!("HELPDESK_STORAGE_URL: the bucket does not let us in: {cause}"));
        }
        log::error!("the bucket of HELPDESK_STORAGE_URL does not respond: {cause}");
        Ok(())
    }

    fn at(&self, key: &str) -> Path {
        self.prefix.clone().join(key)
    }

    /// Begins to write an object, which exists once all parts are complete.
    pub async fn begin(&self, key: &str) -> Result<Box<dyn MultipartUpload>, Problem> {
        self.store.put_multipart(&self.at(key)).await.map_err(failed)
    }

    /// Streams a part of an object.
    /// Errors: `unexpected` if the object is gone.
    pub async fn read(
        &self,
        key: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, Error>>, Problem> {
        if range.is_empty() {
            return Ok(futures_util::stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.store.get_opts(&self.at(key), options).await.map_err(failed)?;
        Ok(found.into_stream())
    }

    /// Whether an object is there.
    pub async fn has(&self, key: &str) -> Result<bool, Problem> {
        match self.store.head(&self.at(key)).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(cause) => Err(failed(cause)),
        }
    }

    /// Deletes an object; a missing one is not an error.
    pub async fn remove(&self, key: &str) -> Result<(), Problem> {
        match self.store.delete(&self.at(key)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(cause) => Err(failed(cause)),
        }
    }

    /// All objects, one after another, in no particular order.
    pub fn list(&self) -> BoxStream<'static, Result<Stored, Problem>> {
        let listed = self.store.list(Some(&self.prefix)).map_err(failed);
        let stored = listed.map_ok(|it| {
            let age = SystemTime::now().duration_since(it.last_modified.into()).unwrap_or_default();
            Stored { key: it.location.filename().unwrap_or_default().to_owned(), age }
        });
        stored.boxed()
    }

    /// Deletes half-written objects older than `age`, left by processes that were killed; returns how many. A
    /// bucket does so by a rule of its own.
    /// Errors: a folder that cannot be read.
    pub fn sweep_drafts(&self, age: Duration) -> std::io::Result<usize> {
        let Some(folder) = &self.folder else { return Ok(0) };
        let mut swept = 0;
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let is_old = entry.metadata()?.modified()?.elapsed().unwrap_or_default() > age;
            if is_old && is_draft(&entry.path()) {
                std::fs::remove_file(entry.path())?;
                swept += 1;
            }
        }
        Ok(swept)
    }
}

/// A folder's half-written objects have a `#` in their names.
fn is_draft(path: &FilePath) -> bool {
    path.file_name().and_then(|it| it.to_str()).is_some_and(|it| it.contains('#'))
}

/// A failure of the storage as a problem.
pub fn failed(cause: Error) -> Problem {
    if matches!(cause, Error::NotFound { .. }) {
        Problem::unexpected(cause)
    } else {
        Problem::unavailable(cause)
    }
}
