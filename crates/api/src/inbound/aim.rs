//! What an incoming mail is meant for, by its recipients.

use std::collections::HashSet;

use diesel::dsl::exists;
use diesel::prelude::*;
use domain::quotation::SentWords;
use domain::{InboundReason, Status, Visibility};

use crate::credentials::email::fold_email;
use crate::db::schema::{mails, tickets, users};
use crate::db::string_enum::DbEnum;
use crate::inbound::parse::Incoming;
use crate::inbound::receive::Own;
use crate::mail::outbox::words_of;
use crate::mail::reply_address::{Purpose, ReplyKey, ReplyTo};
use crate::problem::Problem;
use crate::tickets::store::merged::final_ticket;
use crate::visibility;
use crate::visibility::people::viewer_of;

/// The maximum number of mails with which an answer is compared.
const MAX_ANSWERED: usize = 20;

/// What an incoming mail is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// A comment or a confirmation of a ticket.
    Reply(ReplyTo),
    Ticket,
    /// Nothing, for this reason.
    Nothing(InboundReason),
}

impl Aim {
    /// The ticket that it is about.
    pub const fn ticket_id(self) -> Option<i64> {
        match self {
            Self::Reply(to) => Some(to.ticket_id),
            Self::Ticket | Self::Nothing(_) => None,
        }
    }

    /// The person to whom the address was issued.
    pub const fn user_id(self) -> Option<i64> {
        match self {
            Self::Reply(to) => Some(to.user_id),
            Self::Ticket | Self::Nothing(_) => None,
        }
    }

    /// The ticket for its files, and who may read them there.
    pub const fn place(self) -> Option<(i64, Visibility)> {
        match self {
            Self::Reply(ReplyTo { ticket_id, purpose: Purpose::Note, .. }) => {
                Some((ticket_id, Visibility::Internal))
            }
            Self::Reply(ReplyTo { ticket_id, .. }) => Some((ticket_id, Visibility::Public)),
            Self::Ticket | Self::Nothing(_) => None,
        }
    }
}

/// What a mail is meant for: a reply to each ticket whose address it was sent to, else to the one that
/// its subject or references name, else a new ticket.
pub fn aims(
    incoming: &Incoming,
    own: Own<'_>,
    conn: &mut PgConnection,
) -> Result<Vec<Aim>, Problem> {
    if incoming.is_automatic {
        let signed = signed(incoming, own.reply_domain, conn)?.into_iter().next();
        return Ok(vec![signed.map_or(Aim::Nothing(InboundReason::Automatic), Aim::Reply)]);
    }
    let replies = signed(incoming, own.reply_domain, conn)?;
    if !replies.is_empty() {
        return Ok(replies.into_iter().map(Aim::Reply).collect());
    }
    let to_inbox = own.inbox.is_some_and(|inbox| incoming.is_to(inbox));
    Ok(vec![match to_inbox {
        false => Aim::Nothing(InboundReason::UnknownAddress),
        true if !incoming.is_authenticated => Aim::Nothing(InboundReason::Unauthenticated),
        true => named(incoming, own.mail_domain, conn)?.map_or(Aim::Ticket, Aim::Reply),
    }])
}

/// The tickets whose signed addresses it was sent to. If some of these were issued to the sender, those
/// of others are ignored.
fn signed(
    incoming: &Incoming,
    reply_domain: &str,
    conn: &mut PgConnection,
) -> QueryResult<Vec<ReplyTo>> {
    let key = ReplyKey::load(conn)?;
    let mut found: Vec<ReplyTo> = Vec::new();
    let mut seen = HashSet::new();
    let addressed = incoming.recipients.iter().filter_map(|it| key.read(it, reply_domain));
    for to in addressed.filter(|it| seen.insert(*it)) {
        let to = redirected(to, conn)?;
        if !is_there(to, conn)? {
            continue;
        }
        if !found.iter().any(|it| it.ticket_id == to.ticket_id && it.user_id == to.user_id) {
            found.push(to);
        }
    }
    if found.len() > 1 {
        let sender = incoming.sender.as_deref().map(fold_email).unwrap_or_default();
        let own = users::table.filter(users::email_folded.eq(sender)).select(users::id);
        let own: Option<i64> = own.first(conn).optional()?;
        if found.iter().any(|it| Some(it.user_id) == own) {
            found.retain(|it| Some(it.user_id) == own);
        } else {
            found.truncate(1);
        }
    }
    Ok(found)
}

/// Whether the ticket and the person of an address exist: after the restore of an older database not all do.
fn is_there(to: ReplyTo, conn: &mut PgConnection) -> QueryResult<bool> {
    let ticket = tickets::table.find(to.ticket_id);
    let person = users::table.find(to.user_id);
    diesel::select(exists(ticket).and(exists(person))).get_result(conn)
}

/// The words of the mails to a person that one of theirs answers.
pub fn answered(
    incoming: &Incoming,
    aims: &[Aim],
    own: Own<'_>,
    conn: &mut PgConnection,
) -> QueryResult<Vec<SentWords>> {
    let ids: Vec<i64> = incoming.answered_mails(own.mail_domain).take(MAX_ANSWERED).collect();
    match aims.iter().find_map(|it| it.user_id()) {
        Some(user_id) if !ids.is_empty() => words_of(&ids, user_id, conn),
        Some(_) | None => Ok(Vec::new()),
    }
}

/// The ticket that a mail to the inbox names, by the number in its subject or by the mail to which it replies, if
/// the sender may comment on it.
fn named(
    incoming: &Incoming,
    mail_domain: &str,
    conn: &mut PgConnection,
) -> QueryResult<Option<ReplyTo>> {
    let ticket_id = match incoming.answered_mails(mail_domain).next() {
        Some(id) => {
            let mail = mails::table.find(id).select(mails::ticket_id);
            mail.first::<Option<i64>>(conn).optional()?.flatten()
        }
        None => None,
    };
    let ticket_id = ticket_id.or_else(|| incoming.named_ticket(mail_domain));
    let sender = incoming.sender.as_deref().map(fold_email).unwrap_or_default();
    let account = users::table.filter(users::email_folded.eq(sender)).select(users::id);
    let user_id: Option<i64> = account.first(conn).optional()?;
    let (Some(ticket_id), Some(user_id)) = (ticket_id, user_id) else { return Ok(None) };
    let to = redirected(ReplyTo { ticket_id, user_id, purpose: Purpose::Comment }, conn)?;
    let viewer = viewer_of(user_id, conn)?;
    let status: Option<DbEnum<Status>> = tickets::table
        .filter(tickets::id.eq(to.ticket_id))
        .filter(visibility::tickets(&viewer))
        .select(tickets::status)
        .first(conn)
        .optional()?;
    let may_comment = |it: &DbEnum<Status>| viewer.reads_internal() || !it.0.is_final();
    Ok(status.filter(may_comment).map(|_| to))
}

/// What is written to a merged ticket arrives in the one in which it goes on; a solution is confirmed
/// where it was offered.
fn redirected(to: ReplyTo, conn: &mut PgConnection) -> QueryResult<ReplyTo> {
    let ticket_id = match to.purpose {
        Purpose::Confirmation => to.ticket_id,
        Purpose::Comment | Purpose::Note => final_ticket(to.ticket_id, conn)?,
    };
    Ok(ReplyTo { ticket_id, ..to })
}
