//! The files of a mail: kept as uploads of its writer, for the comment to use.

use actix_web::rt::Runtime;
use domain::LeftOut;
use domain::mailed_files::description;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::attachments::attach::{AttachmentCreate, MAX_AT_ONCE, MAX_OF_TICKET};
use crate::attachments::store::{count, known_hashes};
use crate::db::clock::real_now;
use crate::http::caller::Caller;
use crate::inbound::parse::Incoming;
use crate::inbound::parts::MailFile;
use crate::inbound::receive::Pipe;
use crate::mail::reply_address::ReplyTo;
use crate::problem::{Code, Problem};
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
    /// What its sender calls it.
    pub filename: String,
    /// Why the comment does not have it.
    pub reason: LeftOut,
}

impl Files {
    /// Keeps the files of a mail that answers `to`. Whatever the comment does not use in the end
    /// is swept as every upload.
    /// Errors: what may pass: a failure of the database or of the storage.
    pub fn store_all(
        incoming: &Incoming,
        to: ReplyTo,
        writer: &Caller,
        pipe: &Pipe<'_>,
    ) -> Result<Self, Problem> {
        let hashes: Vec<Vec<u8>> =
            incoming.files.iter().map(|it| Sha256::digest(&it.bytes).to_vec()).collect();
        let (there, mut known) = pipe.db.transaction_here(|conn| {
            let there = count(to.ticket_id, conn)?;
            Ok((there, known_hashes(to.ticket_id, to.is_internal, &hashes, conn)?))
        })?;
        let room = usize::try_from(MAX_OF_TICKET - there).unwrap_or(0).min(MAX_AT_ONCE);
        let about = description(&incoming.subject, writer.language);
        let runtime = Runtime::new().map_err(Problem::unexpected)?;
        let mut files = Self::default();
        let keep = |file: &MailFile, hash, files: &mut Self| {
            runtime.block_on(upload(file, hash, writer, pipe)).inspect_err(|_| files.forget(pipe))
        };
        for (file, hash) in incoming.files.iter().zip(hashes) {
            // The picture of a signature comes with every mail.
            if file.is_embedded && known.contains(&hash) {
                continue;
            }
            known.push(hash.clone());
            let upload = if file.bytes.len() as u64 > pipe.upload_limit {
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

    /// Forgets what was kept: the mail comes again. Whatever stays is swept as every upload.
    pub fn forget(&self, pipe: &Pipe<'_>) {
        let ids: Vec<&str> = self.attachments.iter().map(|it| it.upload_id.as_str()).collect();
        if ids.is_empty() {
            return;
        }
        if let Err(problem) = pipe.db.transaction_here(|conn| Ok(forget_all(&ids, conn)?)) {
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

/// Keeps a file as an upload; answers its id, or why it cannot be one.
async fn upload(
    file: &MailFile,
    sha256: Vec<u8>,
    writer: &Caller,
    pipe: &Pipe<'_>,
) -> Result<Result<String, LeftOut>, Problem> {
    let calendar = &writer.rules.calendar;
    let begin = |conn: &mut _| {
        begin(new_id(), writer.user_id, pipe.quota_uploads, calendar, real_now(conn)?, conn)
    };
    let begun = pipe.db.transaction_here(begin);
    let begun = match begun {
        Err(problem) if matches!(problem.code, Code::QuotaExceeded | Code::TooManyUploads) => {
            return Ok(Err(LeftOut::TooManyToday));
        }
        begun => begun?,
    };
    let received = match store_upload(&begun, &file.name, &file.bytes, sha256, pipe.storage).await {
        Ok(received) => received,
        Err(problem) => {
            pipe.db.transaction_here(|conn| Ok(begun.forget(conn)?))?;
            return Err(problem);
        }
    };
    pipe.db.transaction_here(|conn| Ok(begun.complete(&received, real_now(conn)?, conn)?))?;
    Ok(Ok(begun.id))
}
