//! The files of a mail, stored as uploads of its sender for the comment.

use std::collections::HashSet;

use actix_web::rt::Runtime;
use domain::mailed_files::{description, files_alone};
use domain::{Language, LeftOut, Visibility};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::attachments::attach::{AttachmentCreate, MAX_AT_ONCE, MAX_OF_TICKET};
use crate::attachments::store::{count, known_hashes};
use crate::config::Quota;
use crate::db::Db;
use crate::db::clock::real_now;
use crate::http::caller::Caller;
use crate::inbound::parts::MailFile;
use crate::problem::{Code, Problem};
use crate::storage::Storage;
use crate::uploads::name;
use crate::uploads::store::{begin, forget_all, new_id};
use crate::uploads::store_bytes::store_upload;

/// What became of the files of a mail.
#[derive(Debug, Default)]
pub struct Files {
    /// Files for the comment.
    pub attachments: Vec<AttachmentCreate>,
    pub names: Vec<String>,
    /// Files that were left out.
    pub left_out: Vec<LeftFile>,
}

/// A file that was left out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LeftFile {
    /// The name that the sender gave it.
    pub filename: String,
    /// Why the comment or the ticket does not have it.
    pub reason: LeftOut,
}

impl LeftFile {
    pub fn new(name: &str, reason: LeftOut) -> Self {
        Self { filename: name::safe(name), reason }
    }

    /// Some as they are stored.
    pub fn stored(files: &[Self]) -> Result<Option<Value>, Problem> {
        let stored = (!files.is_empty()).then(|| serde_json::to_value(files));
        stored.transpose().map_err(Problem::unexpected)
    }

    /// Those that were stored with a mail.
    pub fn read(stored: Option<Value>) -> Result<Vec<Self>, Problem> {
        let files = stored.map(serde_json::from_value).transpose();
        Ok(files.map_err(Problem::unexpected)?.unwrap_or_default())
    }
}

/// A file of a mail that was not used.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MailedFile {
    /// What its sender calls it.
    pub filename: String,
    /// The size in bytes.
    pub size: i64,
}

impl From<&MailFile> for MailedFile {
    fn from(it: &MailFile) -> Self {
        let size = i64::try_from(it.bytes.len()).unwrap_or(i64::MAX);
        Self { filename: name::safe(&it.name), size }
    }
}

/// Where the files of mails are stored, and the limits.
#[derive(Clone, Copy)]
pub struct MailFileStore<'a> {
    pub db: &'a Db,
    pub storage: &'a Storage,
    /// The maximum size of a file, in bytes.
    pub upload_limit: u64,
    /// The maximum number of files per person and day.
    pub quota: Quota,
}

impl Files {
    /// Stores the files of a mail for the ticket `to`, or for a new one. Unused ones
    /// are swept like any upload.
    /// Errors: transient failures of the database or the storage.
    pub fn store_all(
        mailed: &[MailFile],
        subject: &str,
        to: Option<(i64, Visibility)>,
        writer: &Caller,
        file_store: MailFileStore<'_>,
    ) -> Result<Self, Problem> {
        let hashes: Vec<Vec<u8>> =
            mailed.iter().map(|it| Sha256::digest(&it.bytes).to_vec()).collect();
        let (there, known) = file_store.db.transaction_here(|conn| {
            let Some((ticket_id, visibility)) = to else { return Ok((0, Vec::new())) };
            let is_internal = visibility == Visibility::Internal;
            let there = count(ticket_id, conn)?;
            Ok((there, known_hashes(ticket_id, is_internal, &hashes, conn)?))
        })?;
        let mut known = HashSet::<Vec<u8>>::from_iter(known);
        let room = usize::try_from(MAX_OF_TICKET - there).unwrap_or(0).min(MAX_AT_ONCE);
        let about = description(subject, writer.language);
        let runtime = Runtime::new().map_err(Problem::unexpected)?;
        let mut files = Self::default();
        let keep = |file: &MailFile, hash, files: &mut Self| {
            runtime
                .block_on(upload(file, hash, writer, file_store))
                .inspect_err(|_| files.forget(file_store))
        };
        for (file, hash) in mailed.iter().zip(hashes) {
            // The picture of a signature is in every mail.
            if file.is_embedded && known.contains(&hash) {
                continue;
            }
            known.insert(hash.clone());
            let upload = if file.bytes.len() as u64 > file_store.upload_limit {
                Err(LeftOut::TooLarge)
            } else if files.attachments.len() == room {
                Err(LeftOut::TooMany)
            } else {
                keep(file, hash, &mut files)?
            };
            files.record(file, upload, &about);
        }
        Ok(files)
    }

    /// The text; if there is none, a sentence about the files.
    pub fn or_their_names(&self, text: String, language: Language) -> String {
        if text.trim().is_empty() { files_alone(&self.names, language) } else { text }
    }

    /// Deletes the stored files, since the mail will be delivered again. Leftovers are swept like any upload.
    pub fn forget(&self, file_store: MailFileStore<'_>) {
        let ids: Vec<&str> = self.attachments.iter().map(|it| it.upload_id.as_str()).collect();
        if ids.is_empty() {
            return;
        }
        if let Err(problem) = file_store.db.transaction_here(|conn| Ok(forget_all(&ids, conn)?)) {
            log::warn!("the files of a mail that comes again stay for a day: {problem}");
        }
    }

    fn record(&mut self, file: &MailFile, upload: Result<String, LeftOut>, about: &str) {
        match upload {
            Ok(upload_id) => {
                let description = Some(about.to_owned());
                self.attachments.push(AttachmentCreate { upload_id, description });
                self.names.push(name::safe(&file.name));
            }
            Err(reason) => self.left_out.push(LeftFile::new(&file.name, reason)),
        }
    }
}

/// Stores a file as an upload; returns its id, or why it was left out.
async fn upload(
    file: &MailFile,
    sha256: Vec<u8>,
    writer: &Caller,
    file_store: MailFileStore<'_>,
) -> Result<Result<String, LeftOut>, Problem> {
    let calendar = &writer.rules.calendar;
    let begin = |conn: &mut _| {
        begin(new_id(), writer.user_id, file_store.quota, calendar, real_now(conn)?, conn)
    };
    let begun = file_store.db.transaction_here(begin);
    let begun = match begun {
        Err(problem) if matches!(problem.code, Code::QuotaExceeded | Code::TooManyUploads) => {
            return Ok(Err(LeftOut::TooManyToday));
        }
        begun => begun?,
    };
    let received =
        match store_upload(&begun, &file.name, &file.bytes, sha256, file_store.storage).await {
            Ok(received) => received,
            Err(problem) => {
                file_store.db.transaction_here(|conn| Ok(begun.forget(conn)?))?;
                return Err(problem);
            }
        };
    file_store
        .db
        .transaction_here(|conn| Ok(begun.complete(&received, real_now(conn)?, conn)?))?;
    Ok(Ok(begun.id))
}
