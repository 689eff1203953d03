//! What becomes of a mail that came in.

use diesel::prelude::*;
use domain::{Given, InboundReason};

use super::address::{ReplyKey, ReplyTo};
use super::parse::{self, Incoming};
use super::store::{self, Fate};
use crate::answer::IfMatch;
use crate::auth;
use crate::auth::caller::Caller;
use crate::clock::real_now;
use crate::db::Db;
use crate::problem::{Code, Problem};
use crate::rights;
use crate::tickets::moving::{Step, Stepped, make_comment};
use crate::users::email::fold_email;
use crate::users::store::UserRow;

/// The largest mail that is read, bytes.
pub const LARGEST: usize = 25 * 1024 * 1024;

/// The longest comment, characters, as the API has it.
const LONGEST_COMMENT: usize = 50_000;

/// Of a mail that is larger, its head is looked into alone: so much of it, bytes.
const HEAD: usize = 64 * 1024;

/// By what an installation knows its own mail.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// The domain of the addresses to which answers go.
    pub reply_domain: &'a str,
    /// The domain of the sender of all mail.
    pub mail_domain: &'a str,
}

/// Makes a comment of a mail, or keeps it and says why not; one that came before changes
/// nothing.
///
/// # Errors
/// What may pass: a failure of the database.
pub fn receive(raw: &[u8], own: Own<'_>, db: &Db) -> Result<(), Problem> {
    // Of what is too large the head is enough to answer.
    let read = if raw.len() > LARGEST { &raw[..HEAD] } else { raw };
    let incoming = parse::parse(read, own.mail_domain);
    db.transaction_here(|conn| take(raw, incoming, own, conn))
}

fn take(
    raw: &[u8],
    incoming: Option<Incoming>,
    own: Own<'_>,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let Some(incoming) = incoming else {
        let nothing = Incoming {
            message_id: parse::hash(raw),
            sender: None,
            subject: String::new(),
            recipients: Vec::new(),
            is_automatic: false,
            text: String::new(),
        };
        if !store::is_known(&nothing.message_id, conn)? {
            let fate = Fate::unused(InboundReason::Unreadable);
            store::keep(&nothing, fate, raw, real_now(conn)?, conn)?;
        }
        return Ok(());
    };
    if store::is_known(&incoming.message_id, conn)? {
        return Ok(());
    }
    let is_too_large = raw.len() > LARGEST;
    let to = find(&incoming, own.reply_domain, conn)?;
    // What a rule refuses leaves nothing of the comment behind.
    let said = conn.transaction(|conn| say(&incoming, is_too_large, to, conn));
    let now = real_now(conn)?;
    match said {
        Ok(stepped) => {
            let comment_id = stepped.comment.as_ref().map(|it| it.id);
            let fate = Fate { reason: None, comment_id, ..fate_of(to) };
            store::keep(&incoming, fate, raw, now, conn)?;
            stepped.finish(conn)
        }
        Err(NotSaid::Because(reason)) => {
            let fate = Fate { reason: Some(reason), ..fate_of(to) };
            let id = store::keep(&incoming, fate, raw, now, conn)?;
            let sender = incoming.sender.as_deref();
            if let Some(sender) = sender.filter(|_| reason.explanation().is_some()) {
                store::answer(id, sender, now, conn)?;
            }
            Ok(())
        }
        Err(NotSaid::Failed(problem)) => Err(problem),
    }
}

fn fate_of(to: Option<ReplyTo>) -> Fate {
    Fate {
        reason: None,
        user_id: to.map(|it| it.user_id),
        ticket_id: to.map(|it| it.ticket_id),
        comment_id: None,
    }
}

/// What a mail answers, if it came to an address of this service.
fn find(
    incoming: &Incoming,
    reply_domain: &str,
    conn: &mut PgConnection,
) -> QueryResult<Option<ReplyTo>> {
    let key = ReplyKey::load(conn)?;
    Ok(incoming.recipients.iter().find_map(|it| key.read(it, reply_domain)))
}

/// Why nothing was said.
enum NotSaid {
    /// The mail cannot be used.
    Because(InboundReason),
    /// Something else went wrong, which may pass.
    Failed(Problem),
}

impl From<diesel::result::Error> for NotSaid {
    fn from(error: diesel::result::Error) -> Self {
        Problem::from(error).into()
    }
}

impl From<Problem> for NotSaid {
    fn from(problem: Problem) -> Self {
        const REASONS: &[(Code, InboundReason)] = &[
            (Code::TicketClosed, InboundReason::TicketClosed),
            (Code::NotFound, InboundReason::UnknownAddress),
            (Code::Forbidden, InboundReason::NotPermitted),
            (Code::PasswordChangeRequired, InboundReason::NotPermitted),
        ];
        let known = REASONS.iter().find(|(code, _)| *code == problem.code);
        match known {
            Some((_, reason)) => Self::Because(*reason),
            None if problem.code.status().is_client_error() => {
                Self::Because(InboundReason::Refused)
            }
            None => Self::Failed(problem),
        }
    }
}

fn say(
    incoming: &Incoming,
    is_too_large: bool,
    to: Option<ReplyTo>,
    conn: &mut PgConnection,
) -> Result<Stepped, NotSaid> {
    let because = |reason| Err(NotSaid::Because(reason));
    if incoming.is_automatic {
        return because(InboundReason::Automatic);
    }
    let Some(to) = to else { return because(InboundReason::UnknownAddress) };
    let user = UserRow::find(to.user_id, conn)?;
    let sender = incoming.sender.as_deref().map(fold_email);
    if sender.as_ref() != Some(&user.email_folded) {
        return because(InboundReason::ForeignSender);
    }
    match incoming.text.chars().count() {
        _ if is_too_large => return because(InboundReason::TooLarge),
        0 => return because(InboundReason::Empty),
        length if length > LONGEST_COMMENT => return because(InboundReason::TooLong),
        _ => {}
    }
    let Some(caller) = auth::callers::caller_by_mail(to.user_id, conn)? else {
        return because(InboundReason::NotPermitted);
    };
    comment(&incoming.text, to, &caller, conn).map_err(NotSaid::from)
}

/// Says it as if it had come over the API.
fn comment(
    text: &str,
    to: ReplyTo,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Stepped, Problem> {
    let rule = rights::rule("comments_create").ok_or_else(|| Problem::new(Code::Forbidden))?;
    rule.check(caller)?;
    let step = Step {
        to: None,
        comment: Some(text.to_owned()),
        is_internal: to.is_internal,
        attachments: Vec::new(),
        given: Given::default(),
        comment_pointer: "/body",
    };
    make_comment(to.ticket_id, step, &IfMatch::ANY, caller, conn)
}
