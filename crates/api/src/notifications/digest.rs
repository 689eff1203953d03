//! The daily digest: what concerns a person without naming them, in one mail when support opens.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;

use crate::db::schema::digest_entries;
use crate::events::done::Done;
use crate::problem::Problem;
use crate::settings;
use crate::worker::batch::Progress;

/// How long what was sent is kept: a mail that waits for its server still has to be written.
const ENTRY_LIFETIME: TimeDelta = TimeDelta::days(30);

/// How many entries are deleted at once.
const MAX_PURGED: i64 = 500;

/// Queues the mails of some people for whom something was waiting when support opened last.
pub fn queue_due(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let Some(opened_at) = settings::latest(conn)?.calendar.last_opening(now) else {
        return Ok(Done::new(Progress::Idle));
    };
    let queue = diesel::sql_query(
        "with reader as (
             select user_id from digest_entries where mail_id is null and created_at < $1
             group by user_id order by user_id limit 100
         ),
         queued as (
             insert into mails (kind, user_id, due_at, created_at)
             select 'digest', user_id, clock_timestamp(), clock_timestamp() from reader
             returning id, user_id
         )
         update digest_entries as entry set mail_id = queued.id
         from queued
         where entry.user_id = queued.user_id and entry.mail_id is null and entry.created_at < $1",
    );
    let queued = queue.bind::<Timestamptz, _>(opened_at).execute(conn)?;
    purge(opened_at - ENTRY_LIFETIME, conn)?;
    Ok(Done::new(Progress::of(queued)))
}

/// The first instant after another at which mails are to be sent.
pub fn next_due(
    after: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Option<DateTime<Utc>>> {
    let waiting = digest_entries::table.filter(digest_entries::mail_id.is_null());
    let first: Option<i64> = waiting.select(digest_entries::id).first(conn).optional()?;
    Ok(first.and(settings::latest(conn)?.calendar.next_opening(after)))
}

fn purge(before: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<usize> {
    let old = digest_entries::table
        .filter(digest_entries::created_at.lt(before))
        .filter(digest_entries::mail_id.is_not_null())
        .order(digest_entries::created_at)
        .limit(MAX_PURGED)
        .select(digest_entries::id)
        .load::<i64>(conn)?;
    diesel::delete(digest_entries::table.filter(digest_entries::id.eq_any(old))).execute(conn)
}
