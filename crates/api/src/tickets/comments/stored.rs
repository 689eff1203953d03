//! Comments as corrections and redactions need them, and their older versions.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz};
use serde_json::Value;

use crate::db::schema::{comment_versions, comments, inbound_mails};
use crate::events::text_hash;
use crate::events::text_hash::StoredText;
use crate::http::caller::Caller;
use crate::tickets::comments::versions::{CommentVersion, VersionRow};
use crate::tickets::store::mails::delete_quotations;
use crate::visibility;

/// A comment with what is needed to change it.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = comments)]
pub struct StoredComment {
    pub id: i64,
    pub ticket_id: i64,
    pub author_id: Option<i64>,
    /// Whether it is an internal note.
    pub is_internal: bool,
    pub body: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Incremented with each correction.
    pub version: i32,
    /// When it was last corrected.
    pub edited_at: Option<DateTime<Utc>>,
    /// When the current text was redacted.
    pub redacted_at: Option<DateTime<Utc>>,
    /// Of the current text.
    pub salt: Option<Vec<u8>>,
}

impl StoredComment {
    /// The ticket of a comment.
    /// Errors: `NotFound`.
    pub fn ticket_of(id: i64, conn: &mut PgConnection) -> QueryResult<i64> {
        comments::table.find(id).select(comments::ticket_id).first(conn)
    }

    /// A comment of a ticket, if `caller` may see both.
    pub fn of_ticket(
        ticket_id: i64,
        id: i64,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        Self::query()
            .filter(comments::id.eq(id))
            .filter(comments::ticket_id.eq(ticket_id))
            .filter(visibility::comments(&caller.viewer))
            .first(conn)
    }

    /// Writes a new version and keeps the current one as an older version; returns the hash of the
    /// text for the event.
    pub fn correct(
        &self,
        body: &str,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> QueryResult<String> {
        diesel::insert_into(comment_versions::table)
            .values((
                comment_versions::comment_id.eq(self.id),
                comment_versions::version.eq(self.version),
                comment_versions::body.eq(&self.body),
                comment_versions::written_at.eq(self.written_at()),
                comment_versions::redacted_at.eq(self.redacted_at),
                comment_versions::salt.eq(&self.salt),
            ))
            .execute(conn)?;
        let salt = text_hash::salt();
        diesel::update(comments::table.find(self.id))
            .set((
                comments::body.eq(body),
                comments::salt.eq(&salt),
                comments::version.eq(self.version + 1),
                comments::edited_at.eq(now),
                comments::redacted_at.eq(None::<DateTime<Utc>>),
            ))
            .execute(conn)?;
        Ok(text_hash::hash(&salt, body))
    }

    /// Blanks the texts of all versions; returns how many were not blank before.
    pub fn redact(&self, now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<usize> {
        // Including the text in the markup of another system.
        let older = diesel::sql_query(
            "with former as (
                update imported set about = about - 'original' where kind = 'note' and id = $1
            )
            update comment_versions set body = '', salt = null, redacted_at = $2
            where comment_id = $1 and redacted_at is null",
        )
        .bind::<BigInt, _>(self.id)
        .bind::<Timestamptz, _>(now)
        .execute(conn)?;
        let present = comments::table.find(self.id).filter(comments::redacted_at.is_null());
        let present = diesel::update(present)
            .set((
                comments::body.eq(""),
                comments::salt.eq(None::<Vec<u8>>),
                comments::redacted_at.eq(now),
            ))
            .execute(conn)?;
        // The mail that it came from contains it, too; others may quote it.
        diesel::update(inbound_mails::table.filter(inbound_mails::comment_id.eq(self.id)))
            .set((inbound_mails::text.eq(None::<String>), inbound_mails::files.eq(None::<Value>)))
            .execute(conn)?;
        delete_quotations(self.ticket_id, conn)?;
        Ok(older + present)
    }

    /// The versions after a given one, oldest first, including the current one, at most `most`.
    pub fn versions(
        self,
        after: i64,
        most: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<CommentVersion>> {
        let after = i32::try_from(after).unwrap_or(i32::MAX);
        let stored: Vec<VersionRow> = comment_versions::table
            .filter(comment_versions::comment_id.eq(self.id))
            .filter(comment_versions::version.gt(after))
            .order(comment_versions::version)
            .limit(most)
            .select((
                comment_versions::version,
                comment_versions::body,
                comment_versions::written_at,
                comment_versions::redacted_at,
            ))
            .load(conn)?;
        let mut versions: Vec<CommentVersion> =
            stored.into_iter().map(CommentVersion::new).collect();
        if self.version > after {
            let (version, written_at) = (self.version, self.written_at());
            versions.push(CommentVersion::new((version, self.body, written_at, self.redacted_at)));
        }
        versions.truncate(usize::try_from(most).unwrap_or(0));
        Ok(versions)
    }

    fn written_at(&self) -> DateTime<Utc> {
        self.edited_at.unwrap_or(self.created_at)
    }
}

/// All versions of a ticket's comments as stored now, with comment id and version number.
pub fn stored_versions(
    ticket_id: i64,
    ids: &[i64],
    conn: &mut PgConnection,
) -> QueryResult<Vec<(i64, i32, StoredText)>> {
    type Row = (i64, i32, String, Option<Vec<u8>>);
    let of_ticket = comments::id.eq_any(ids).and(comments::ticket_id.eq(ticket_id));
    let mut rows: Vec<Row> = comments::table
        .filter(of_ticket)
        .select((comments::id, comments::version, comments::body, comments::salt))
        .load(conn)?;
    let older: Vec<Row> = comment_versions::table
        .filter(comment_versions::comment_id.eq_any(rows.iter().map(|it| it.0).collect::<Vec<_>>()))
        .select((
            comment_versions::comment_id,
            comment_versions::version,
            comment_versions::body,
            comment_versions::salt,
        ))
        .load(conn)?;
    rows.extend(older);
    Ok(rows.into_iter().map(|(id, no, text, salt)| (id, no, StoredText { text, salt })).collect())
}
