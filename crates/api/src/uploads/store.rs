//! The rows of uploads. All times are real.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};
use domain::calendar::Calendar;

use crate::config::Quota;
use crate::credentials::secret;
use crate::db::advisory_lock;
use crate::db::named::Named;
use crate::db::schema::{attachments, uploads};
use crate::limits::quotas::exceeded;
use crate::problem::{Code, Problem};

/// How long an unused upload is stored.
pub const UNUSED_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// The maximum number of bytes that one person may send within 24 hours (AT02).
pub const MAX_BYTES_A_DAY: i64 = 20 << 30;

/// An upload that has begun.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Its id, by which its sender refers to it.
    pub id: String,
    /// The key of its bytes.
    pub storage_key: String,
}

/// What is known about a complete upload.
#[derive(Debug, Clone)]
pub struct Received {
    /// The sanitized file name.
    pub filename: String,
    /// The media type, detected from the content.
    pub content_type: &'static str,
    /// The size in bytes.
    pub size: i64,
    /// The SHA-256 of its bytes.
    pub sha256: Vec<u8>,
}

/// How much somebody has sent.
#[derive(QueryableByName)]
struct Sent {
    #[diesel(sql_type = BigInt)]
    files: i64,
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

/// Begins a file, in a transaction: of those that one person begins at once the next one
/// counts the one before.
/// Errors: `quota_exceeded` where its sender has sent enough files today, `too_many_uploads`
/// where they have sent enough bytes.
pub fn begin(
    id: String,
    user_id: i64,
    quota: Quota,
    calendar: &Calendar,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<Begun, Problem> {
    advisory_lock(&format!("uploads/{user_id}"), conn)?;
    let today = calendar.day_begins_at(calendar.day(now));
    let sent = diesel::sql_query(include_str!("sent.sql"))
        .bind::<BigInt, _>(user_id)
        .bind::<Timestamptz, _>(now - TimeDelta::days(1))
        .bind::<Timestamptz, _>(today);
    let sent: Sent = Named(sent).get_result(conn)?;
    if quota.is_spent_by(u32::try_from(sent.files).unwrap_or(u32::MAX)) {
        return Err(exceeded(calendar, now));
    }
    if sent.bytes >= MAX_BYTES_A_DAY {
        return Err(Problem { retry_after: Some(3600), ..Problem::new(Code::TooManyUploads) });
    }
    let (storage_key, _) = secret::random_token("f");
    diesel::insert_into(uploads::table)
        .values((
            uploads::id.eq(&id),
            uploads::user_id.eq(user_id),
            uploads::storage_key.eq(&storage_key),
            uploads::is_complete.eq(false),
            uploads::filename.eq(""),
            uploads::content_type.eq(""),
            uploads::size.eq(0),
            uploads::sha256.eq(Vec::<u8>::new()),
            uploads::created_at.eq(now),
            uploads::expires_at.eq(now + UNUSED_LIFETIME),
        ))
        .execute(conn)?;
    Ok(Begun { id, storage_key })
}

/// The id of a new upload.
pub fn new_id() -> String {
    secret::random_token("up_").0
}

impl Begun {
    /// Records that it is complete.
    pub fn complete(
        &self,
        received: &Received,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> QueryResult<UploadRow> {
        diesel::update(uploads::table.find(&self.id))
            .set((
                uploads::is_complete.eq(true),
                uploads::filename.eq(&received.filename),
                uploads::content_type.eq(received.content_type),
                uploads::size.eq(received.size),
                uploads::sha256.eq(&received.sha256),
                uploads::expires_at.eq(now + UNUSED_LIFETIME),
            ))
            .returning(UploadRow::as_returning())
            .get_result(conn)
    }

    pub fn forget(&self, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::delete(uploads::table.find(&self.id)).execute(conn)
    }
}

/// Renames an unused upload.
pub fn rename(
    id: &str,
    user_id: i64,
    filename: &str,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    let own = uploads::table.find(id).filter(uploads::user_id.eq(user_id));
    diesel::update(own).set(uploads::filename.eq(filename)).execute(conn)
}

/// Deletes the rows of unused uploads.
pub fn forget_all(ids: &[&str], conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::delete(uploads::table.filter(uploads::id.eq_any(ids))).execute(conn)
}

/// An upload that has not been used.
#[derive(Debug, HasQuery)]
#[diesel(table_name = uploads)]
pub struct UploadRow {
    pub id: String,
    pub filename: String,
    pub size: i64,
    pub content_type: String,
    pub sha256: Vec<u8>,
    pub expires_at: DateTime<Utc>,
}

/// An upload that its sender may still use.
pub fn find(
    id: &str,
    user_id: i64,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<UploadRow> {
    UploadRow::query()
        .filter(uploads::id.eq(id))
        .filter(uploads::user_id.eq(user_id))
        .filter(uploads::is_complete)
        .filter(uploads::expires_at.gt(now))
        .first(conn)
}

/// The given uploads that their sender may still use.
pub fn usable(
    ids: &[&str],
    user_id: i64,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Vec<String>> {
    // A body that is wrong is looked through for other mistakes: the database cannot be asked for U+0000.
    let sought: Vec<&str> = ids.iter().copied().filter(|it| !it.contains('\0')).collect();
    uploads::table
        .filter(uploads::id.eq_any(sought))
        .filter(uploads::user_id.eq(user_id))
        .filter(uploads::is_complete)
        .filter(uploads::expires_at.gt(now))
        .select(uploads::id)
        .load(conn)
}

/// Deletes the rows of some expired uploads; returns the keys of their bytes that nothing else refers to.
pub fn delete_expired(
    now: DateTime<Utc>,
    most: i64,
    conn: &mut PgConnection,
) -> QueryResult<Vec<String>> {
    let expired = uploads::table
        .filter(uploads::expires_at.le(now))
        .order(uploads::expires_at)
        .limit(most)
        .select(uploads::id)
        .for_update()
        .skip_locked()
        .load::<String>(conn)?;
    let keys: Vec<String> = diesel::delete(uploads::table.filter(uploads::id.eq_any(expired)))
        .returning(uploads::storage_key)
        .get_results(conn)?;
    unused(keys, conn)
}

/// The given keys that neither an upload nor an attachment refers to.
pub fn unused(mut keys: Vec<String>, conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    let attached: Vec<String> = attachments::table
        .filter(attachments::storage_key.eq_any(&keys))
        .select(attachments::storage_key)
        .load(conn)?;
    let waiting: Vec<String> = uploads::table
        .filter(uploads::storage_key.eq_any(&keys))
        .select(uploads::storage_key)
        .load(conn)?;
    keys.retain(|it| !attached.contains(it) && !waiting.contains(it));
    Ok(keys)
}
