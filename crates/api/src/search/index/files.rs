//! The text of small text files: read once, after a file has arrived, and stored beside it.

use actix_web::rt::Runtime;
use diesel::prelude::*;
use futures_util::TryStreamExt as _;

use crate::db::Db;
use crate::db::schema::{attachment_texts, attachments};
use crate::problem::Problem;
use crate::search::index;
use crate::storage::{Storage, failed};
use crate::worker::batch::Progress;

/// The name of the job.
pub const JOB: &str = "search_files";

/// Whether there is a file that is not indexed yet.
pub const UNREAD: &str = "select from attachments
    where is_unread and (ticket_id is not null or article_id is not null) order by id";

/// A file that is not indexed yet.
#[derive(Debug, HasQuery)]
#[diesel(table_name = attachments)]
struct Unread {
    id: i64,
    ticket_id: Option<i64>,
    article_id: Option<i64>,
    size: i64,
    storage_key: String,
}

#[diesel::dsl::auto_type]
fn is_attached() -> _ {
    attachments::ticket_id.is_not_null().or(attachments::article_id.is_not_null())
}

/// Files of tickets and articles that are not indexed yet.
#[diesel::dsl::auto_type]
pub fn unread() -> _ {
    attachments::is_unread.and(is_attached())
}

/// Reads the next file. Files that are not text are skipped from then on.
pub fn read_next(db: &Db, storage: &Storage) -> Result<Progress, Problem> {
    let next = db.transaction_here(|conn| {
        let next = Unread::query().filter(unread()).order(attachments::id);
        Ok(next.first(conn).optional()?)
    })?;
    let Some(file) = next else { return Ok(Progress::Idle) };
    let runtime = Runtime::new().map_err(Problem::unexpected)?;
    let bytes = runtime.block_on(file.bytes(storage))?;
    db.transaction_here(|conn| Ok(file.store(text_of(bytes), conn)?))?;
    Ok(Progress::Worked)
}

/// The text of a file, if it is text; the colour codes of logs are removed.
fn text_of(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?;
    let is_text = !text.is_empty() && !text.contains('\0');
    is_text.then(|| text.trim_start_matches('\u{feff}').to_owned())
}

impl Unread {
    /// The content; none if the storage has lost it.
    async fn bytes(&self, storage: &Storage) -> Result<Vec<u8>, Problem> {
        if !storage.has(&self.storage_key).await? {
            return Ok(Vec::new());
        }
        let parts = storage.read(&self.storage_key, 0..self.size.unsigned_abs()).await?;
        let parts: Vec<_> = parts.try_collect().await.map_err(failed)?;
        Ok(parts.concat())
    }

    /// Stores a text, unless the file was redacted meanwhile or another process was faster.
    fn store(&self, text: Option<String>, conn: &mut PgConnection) -> QueryResult<()> {
        let marked =
            diesel::update(attachments::table.find(self.id).filter(attachments::is_unread))
                .set(attachments::is_unread.eq(false))
                .execute(conn)?;
        let Some(text) = text.filter(|_| marked > 0) else { return Ok(()) };
        diesel::insert_into(attachment_texts::table)
            .values((attachment_texts::attachment_id.eq(self.id), attachment_texts::text.eq(text)))
            .execute(conn)?;
        if let Some(id) = self.ticket_id {
            index::refresh(&[id], conn)?;
        }
        index::articles::refresh(self.article_id.as_slice(), conn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_are_read() {
        assert_eq!(text_of("\u{feff}порт\n".into()).as_deref(), Some("порт\n"));
        assert_eq!(
            text_of(b"\x1b[31mfail\x1b[0m".to_vec()).as_deref(),
            Some("\x1b[31mfail\x1b[0m")
        );
        for bytes in [&b""[..], b"a\0b", b"\xff\xfe\x00"] {
            assert_eq!(text_of(bytes.to_vec()), None);
        }
    }
}
