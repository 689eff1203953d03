//! The files of a mail: kept as uploads of its writer, for the comment to use.

use actix_web::rt::Runtime;
use domain::mailed_files::{description, files_alone};
use domain::{Language, LeftOut, Visibility};
use serde::{Deserialize, Serialize};
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
use crate::uploads::keep::store_upload;
use crate::uploads::name;
use crate::uploads::store::{begin, forget_all, new_id};

/// What became of the files of a mail.
#[derive(Debug, Default)]
pub struct Files {
    /// Those that the comment is to have.
    pub attachments: Vec<AttachmentCreate>,
    pub names: Vec<String>,
    /// Those that it cannot have.
    pub left_out: Vec<LeftFile>,
}

/// A file that was left out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LeftFile {
    /// The name that the sender gave it.
    pub filename: String,
    /// Why the comment does not have it.
    pub reason: LeftOut,
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

/// Where files of mails are kept, and how many.
#[derive(Clone, Copy)]
pub struct Keeper<'a> {
    pub db: &'a Db,
    pub storage: &'a Storage,
    /// The largest file, bytes.
    pub upload_limit: u64,
    /// Files that are taken from one person a day.
    pub quota: Quota,
}

impl Files {
    /// Keeps the files of a mail that go to the ticket `to`, or with a new one. Whatever is not used in
    /// the end is swept as every upload.
    /// Errors: what may pass: a failure of the database or of the storage.
    pub fn store_all(
        mailed: &[MailFile],
        subject: &str,
        to: Option<(i64, Visibility)>,
        writer: &Caller,
        keeper: Keeper<'_>,
    ) -> Result<Self, Problem> {
        let hashes: Vec<Vec<u8>> =
            mailed.iter().map(|it| Sha256::digest(&it.bytes).to_vec()).collect();
        let (there, mut known) = keeper.db.transaction_here(|conn| {
            let Some((ticket_id, visibility)) = to else { return Ok((0, Vec::new())) };
            let is_internal = visibility == Visibility::Internal;
            let there = count(ticket_id, conn)?;
            Ok((there, known_hashes(ticket_id, is_internal, &hashes, conn)?))
        })?;
        let room = usize::try_from(MAX_OF_TICKET - there).unwrap_or(0).min(MAX_AT_ONCE);
        let about = description(subject, writer.language);
        let runtime = Runtime::new().map_err(Problem::unexpected)?;
        let mut files = Self::default();
        let keep = |file: &MailFile, hash, files: &mut Self| {
            runtime
                .block_on(upload(file, hash, writer, keeper))
                .inspect_err(|_| files.forget(keeper))
        };
        for (file, hash) in mailed.iter().zip(hashes) {
            // The picture of a signature comes with every mail.
            if file.is_embedded && known.contains(&hash) {
                continue;
            }
            known.push(hash.clone());
            let upload = if file.bytes.len() as u64 > keeper.upload_limit {
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

    /// What was said; where that is nothing, that there are files.
    pub fn or_their_names(&self, said: String, language: Language) -> String {
        if said.trim().is_empty() { files_alone(&self.names, language) } else { said }
    }

    /// Forgets what was kept: the mail comes again. Whatever stays is swept as every upload.
    pub fn forget(&self, keeper: Keeper<'_>) {
        let ids: Vec<&str> = self.attachments.iter().map(|it| it.upload_id.as_str()).collect();
        if ids.is_empty() {
            return;
        }
        if let Err(problem) = keeper.db.transaction_here(|conn| Ok(forget_all(&ids, conn)?)) {
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
            Err(reason) => {
                self.left_out.push(LeftFile { filename: name::safe(&file.name), reason })
            }
        }
    }
}

/// Keeps a file as an upload; returns its id, or why it cannot be one.
async fn upload(
    file: &MailFile,
    sha256: Vec<u8>,
    writer: &Caller,
    keeper: Keeper<'_>,
) -> Result<Result<String, LeftOut>, Problem> {
    let calendar = &writer.rules.calendar;
    let begin = |conn: &mut _| {
        begin(new_id(), writer.user_id, keeper.quota, calendar, real_now(conn)?, conn)
    };
    let begun = keeper.db.transaction_here(begin);
    let begun = match begun {
        Err(problem) if matches!(problem.code, Code::QuotaExceeded | Code::TooManyUploads) => {
            return Ok(Err(LeftOut::TooManyToday));
        }
        begun => begun?,
    };
    let received = match store_upload(&begun, &file.name, &file.bytes, sha256, keeper.storage).await
    {
        Ok(received) => received,
        Err(problem) => {
            keeper.db.transaction_here(|conn| Ok(begun.forget(conn)?))?;
            return Err(problem);
        }
    };
    keeper.db.transaction_here(|conn| Ok(begun.complete(&received, real_now(conn)?, conn)?))?;
    Ok(Ok(begun.id))
}
