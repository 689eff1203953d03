//! The rows of incoming mails, and the replies to them.

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
use crate::inbound::receive::MAX_MAIL;
use crate::problem::Problem;

/// How much of every mail is stored, in bytes.
const MAX_STORED: usize = 1024 * 1024;

/// How many are deleted at once.
const MAX_PURGED: i64 = 100;

/// The maximum number of replies to one address within [`REPLY_WINDOW`].
const MAX_REPLIES: i64 = 5;

const REPLY_WINDOW: TimeDelta = TimeDelta::days(1);

/// The result of a mail.
#[derive(Debug, Clone, Copy, Default)]
pub struct MailOutcome {
    /// Why it was not used; none if it was.
    pub reason: Option<InboundReason>,
    /// The sender, or the person to whom the address was issued.
    pub user_id: Option<i64>,
    /// Which ticket it is about, or became.
    pub ticket_id: Option<i64>,
    /// The comment that it became.
    pub comment_id: Option<i64>,
    /// The request that was refused.
    pub refusal_id: Option<i64>,
    /// Whether its sender has an account, or the address was issued to somebody who has.
    pub is_of_account: bool,
    /// Whether it was meant to become a ticket.
    pub is_request: bool,
}

impl MailOutcome {
    /// A mail that is not used.
    pub fn unused(reason: InboundReason) -> Self {
        Self { reason: Some(reason), ..Self::default() }
    }

    /// How much of the mail is stored: all of an unused mail from a person with an account, so that
    /// support can still use it.
    const fn max_stored(&self) -> usize {
        if self.reason.is_some() && self.is_of_account { MAX_MAIL } else { MAX_STORED }
    }
}

/// A mail as it came, ready to be stored: masking a large one takes long, and no transaction waits for it.
#[derive(Debug)]
pub struct RawMail {
    masked: Vec<u8>,
    /// Whether there was more of it.
    is_cut: bool,
}

impl RawMail {
    /// `is_known`: whether its sender, or the person to whom the address was issued, has an account.
    pub fn of(raw: &[u8], is_known: bool) -> Self {
        let most = if is_known { MAX_MAIL } else { MAX_STORED };
        let masked = masked_mail(raw.get(..most).unwrap_or(raw));
        Self { masked, is_cut: raw.len() > most }
    }
}

/// Whether a mail was delivered before for the same ticket. Of two simultaneous deliveries the second
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

/// How many mails of a person were accepted since then.
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

/// How many mails of a person became comments on a ticket since then.
pub fn count_comments(
    user_id: i64,
    ticket_id: i64,
    since: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<i64> {
    inbound_mails::table
        .filter(inbound_mails::user_id.eq(user_id))
        .filter(inbound_mails::received_at.ge(since))
        .filter(inbound_mails::ticket_id.eq(ticket_id))
        .filter(inbound_mails::comment_id.is_not_null())
        .count()
        .get_result(conn)
}

/// Stores a mail with its result; returns its id.
pub fn store_mail(
    incoming: &Incoming,
    outcome: MailOutcome,
    left_out: &[LeftFile],
    raw: &RawMail,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<i64, Problem> {
    let files = incoming.files.iter().map(MailedFile::from).collect::<Vec<_>>();
    let files = serde_json::to_value(files).map_err(Problem::unexpected)?;
    let max_stored = outcome.max_stored();
    let is_cut = raw.is_cut || raw.masked.len() > max_stored;
    let stored = raw.masked.get(..max_stored).unwrap_or(&raw.masked);
    diesel::insert_into(inbound_mails::table)
        .values((
            inbound_mails::message_id.eq(&incoming.message_id),
            inbound_mails::content.eq(&incoming.content),
            inbound_mails::quoted.eq(&incoming.quoted),
            inbound_mails::reason.eq(outcome.reason.map(DbEnum)),
            inbound_mails::sender.eq(&incoming.sender),
            inbound_mails::subject.eq(&incoming.subject),
            inbound_mails::user_id.eq(outcome.user_id),
            inbound_mails::ticket_id.eq(outcome.ticket_id),
            inbound_mails::comment_id.eq(outcome.comment_id),
            inbound_mails::refusal_id.eq(outcome.refusal_id),
            inbound_mails::is_request.eq(outcome.is_request),
            inbound_mails::text.eq(outcome.reason.map(|_| &incoming.text)),
            inbound_mails::files.eq(outcome.reason.map(|_| files)),
            inbound_mails::raw.eq(stored),
            inbound_mails::is_cut.eq(is_cut),
            inbound_mails::left_out.eq(LeftFile::stored(left_out)?),
            inbound_mails::received_at.eq(now),
        ))
        .returning(inbound_mails::id)
        .get_result(conn)
        .map_err(Problem::from)
}

/// Deletes the content of old mails; their results stay. Returns how many.
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

/// Queues the reply to a mail that was not used, or not with all of its files, unless its sender has got
/// enough replies lately: two machines would reply to each other endlessly.
pub fn queue_reply(
    inbound_mail_id: i64,
    sender: &str,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    db::advisory_lock(&format!("inbound/replies/{sender}"), conn)?;
    let recent: i64 = mails::table
        .filter(mails::address.assume_not_null().eq(sender))
        .filter(mails::kind.eq("mail_refused"))
        .filter(mails::created_at.gt(now - REPLY_WINDOW))
        .count()
        .get_result(conn)?;
    if recent < MAX_REPLIES {
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
