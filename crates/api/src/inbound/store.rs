//! The rows of mails that came in, and of what they are answered.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::InboundReason;
use serde_json::Value;

use crate::db;
use crate::db::schema::{inbound_mails, mails};
use crate::db::string_enum::DbEnum;
use crate::inbound::files::{LeftFile, MailedFile};
use crate::inbound::mask::masked_mail;
use crate::inbound::parse::Incoming;
use crate::inbound::receive::LARGEST;
use crate::problem::Problem;

/// Of a mail this much is kept in any case, bytes.
const MAX_KEPT: usize = 1024 * 1024;

/// So many are deleted at once.
const MAX_PURGED: i64 = 100;

/// So many mails are answered to one address within [`COUNTED`].
const MAX_ANSWERS: i64 = 5;

const COUNTED: TimeDelta = TimeDelta::days(1);

/// What became of a mail.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fate {
    /// Why it was not used; none: it was.
    pub reason: Option<InboundReason>,
    /// Whose mail it is, or whose address it came to.
    pub user_id: Option<i64>,
    /// Which ticket it is about, or became.
    pub ticket_id: Option<i64>,
    /// The comment that it became.
    pub comment_id: Option<i64>,
    /// The request that was refused.
    pub refusal_id: Option<i64>,
}

impl Fate {
    /// A mail that is not used.
    pub fn unused(reason: InboundReason) -> Self {
        Self { reason: Some(reason), ..Self::default() }
    }

    /// How much of the mail is kept: all of what somebody who has an account wrote in vain, so that
    /// support can still make use of it.
    fn max_kept(&self) -> usize {
        let is_in_vain = self.reason.is_some_and(InboundReason::is_told);
        if is_in_vain && self.user_id.is_some() { LARGEST } else { MAX_KEPT }
    }
}

/// Whether a mail came in before, for the same ticket. Of two deliveries of one mail the second
/// waits for the first.
pub fn is_known(
    incoming: &Incoming,
    ticket_id: Option<i64>,
    conn: &mut PgConnection,
) -> QueryResult<bool> {
    db::advisory_lock(&format!("inbound/{}", incoming.message_id), conn)?;
    let mut known = inbound_mails::table
        .filter(inbound_mails::message_id.eq(&incoming.message_id))
        .filter(inbound_mails::content.eq(&incoming.content))
        .select(inbound_mails::id)
        .into_boxed();
    if let Some(ticket_id) = ticket_id {
        known = known.filter(inbound_mails::ticket_id.eq(ticket_id));
    }
    Ok(known.first::<i64>(conn).optional()?.is_some())
}

/// How many mails of a person were taken since then.
pub fn count_taken(
    user_id: i64,
    since: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<u32> {
    let taken = inbound_mails::table
        .filter(inbound_mails::user_id.eq(user_id))
        .filter(inbound_mails::received_at.ge(since));
    let count: i64 = taken.count().get_result(conn)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Keeps what became of a mail, and the mail itself; returns its id.
pub fn store_mail(
    incoming: &Incoming,
    fate: Fate,
    left_out: &[LeftFile],
    raw: &[u8],
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<i64, Problem> {
    let files = incoming.files.iter().map(MailedFile::from).collect::<Vec<_>>();
    let files = serde_json::to_value(files).map_err(Problem::unexpected)?;
    let left = (!left_out.is_empty()).then(|| serde_json::to_value(left_out));
    let left = left.transpose().map_err(Problem::unexpected)?;
    let max_kept = fate.max_kept();
    let kept = masked_mail(raw.get(..max_kept).unwrap_or(raw));
    let kept = kept.get(..max_kept).unwrap_or(&kept);
    diesel::insert_into(inbound_mails::table)
        .values((
            inbound_mails::message_id.eq(&incoming.message_id),
            inbound_mails::content.eq(&incoming.content),
            inbound_mails::quoted.eq(&incoming.quoted),
            inbound_mails::reason.eq(fate.reason.map(DbEnum)),
            inbound_mails::sender.eq(&incoming.sender),
            inbound_mails::subject.eq(&incoming.subject),
            inbound_mails::user_id.eq(fate.user_id),
            inbound_mails::ticket_id.eq(fate.ticket_id),
            inbound_mails::comment_id.eq(fate.comment_id),
            inbound_mails::refusal_id.eq(fate.refusal_id),
            inbound_mails::text.eq(fate.reason.map(|_| &incoming.text)),
            inbound_mails::files.eq(fate.reason.map(|_| files)),
            inbound_mails::raw.eq(kept),
            inbound_mails::is_cut.eq(raw.len() > max_kept),
            inbound_mails::left_out.eq(left),
            inbound_mails::received_at.eq(now),
        ))
        .returning(inbound_mails::id)
        .get_result(conn)
        .map_err(Problem::from)
}

/// Deletes mails that were kept for long enough; what became of them stays. Returns how many.
pub fn purge(before: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<usize> {
    let old = inbound_mails::table
        .filter(inbound_mails::raw.is_not_null())
        .filter(inbound_mails::received_at.lt(before))
        .order(inbound_mails::received_at)
        .limit(MAX_PURGED)
        .select(inbound_mails::id)
        .load::<i64>(conn)?;
    diesel::update(inbound_mails::table.filter(inbound_mails::id.eq_any(old)))
        .set((inbound_mails::raw.eq(None::<Vec<u8>>), inbound_mails::files.eq(None::<Value>)))
        .execute(conn)
}

/// Queues the answer to a mail that was not used, or not with all of its files, unless its sender has been answered often
/// enough of late: two machines would go on for ever.
pub fn answer(
    inbound_mail_id: i64,
    sender: &str,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    db::advisory_lock(&format!("inbound/answers/{sender}"), conn)?;
    let answered: i64 = mails::table
        .filter(mails::address.assume_not_null().eq(sender))
        .filter(mails::kind.eq("mail_refused"))
        .filter(mails::created_at.gt(now - COUNTED))
        .count()
        .get_result(conn)?;
    if answered < MAX_ANSWERS {
        diesel::insert_into(mails::table)
            .values((
                mails::kind.eq("mail_refused"),
                mails::address.eq(sender),
                mails::inbound_mail_id.eq(inbound_mail_id),
                mails::due_at.eq(now),
                mails::created_at.eq(now),
            ))
            .execute(conn)?;
    }
    Ok(())
}
