//! Processes an incoming mail.

use diesel::prelude::*;
use domain::InboundReason;

use crate::config::Quota;
use crate::credentials::email::fold_email;
use crate::db::Db;
use crate::db::clock::real_now;
use crate::db::schema::users;
use crate::events::done::{Done, recorded};
use crate::events::store::NewEvent;
use crate::inbound::aim::{Aim, aims, answered};
use crate::inbound::files::{Files, MailFileStore};
use crate::inbound::parse::Incoming;
use crate::inbound::permitted::permitted;
use crate::inbound::store::{MailOutcome, RawMail};
use crate::inbound::{bounce, file_ticket, parse, reply, store};
use crate::problem::{Code, Problem};
use crate::storage::Storage;

/// The maximum size of a mail, in bytes.
pub const MAX_MAIL: usize = 25 * 1024 * 1024;

/// How much of a larger mail is read, in bytes: its head only.
const HEAD: usize = 64 * 1024;

/// What identifies this installation's own mail.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// The domain of the reply addresses.
    pub reply_domain: &'a str,
    /// The domain of the sender of all mail.
    pub mail_domain: &'a str,
    /// The address of that sender.
    pub mail_from: &'a str,
    /// The address for new tickets.
    pub inbox: Option<&'a str>,
    /// The mail server that authenticates senders.
    pub authserv: Option<&'a str>,
}

/// What is needed to process a mail.
#[derive(Clone, Copy)]
pub struct Pipe<'a> {
    /// What identifies this installation's own mail.
    pub own: Own<'a>,
    pub db: &'a Db,
    pub storage: &'a Storage,
    /// The maximum size of a file, in bytes.
    pub upload_limit: u64,
    /// The daily quotas of mails and files per person.
    pub quota_mails: Quota,
    pub quota_uploads: Quota,
    /// The delay before engineers are notified of a refused request.
    pub refusal_pause: chrono::TimeDelta,
}

impl<'a> Pipe<'a> {
    const fn file_store(&self) -> MailFileStore<'a> {
        MailFileStore {
            db: self.db,
            storage: self.storage,
            upload_limit: self.upload_limit,
            quota: self.quota_uploads,
        }
    }
}

/// The result of processing a mail.
#[derive(Debug)]
pub enum ProcessedMail {
    /// A comment, a confirmation or a new ticket.
    Applied(Box<TicketChange>),
    /// A refused request, which was stored (3.4).
    Refused(i64),
}

/// A change of a ticket, or a new one.
#[derive(Debug)]
pub struct TicketChange {
    pub ticket_id: i64,
    pub comment_id: Option<i64>,
    pub event: Option<NewEvent>,
}

/// Why a mail was not used.
pub enum ProcessingError {
    /// The mail cannot be used.
    Because(InboundReason),
    /// A failure that may be transient.
    Failed(Problem),
}

/// Turns a mail into a comment or a ticket, or stores it with the reason why not; one that
/// was delivered before changes nothing.
/// Errors: transient failures of the database or the storage.
pub fn receive(raw: &[u8], pipe: Pipe<'_>) -> Result<(), Problem> {
    // The head of an oversized mail is enough to answer it.
    let is_too_large = raw.len() > MAX_MAIL;
    let read = raw.get(..HEAD).filter(|_| is_too_large).unwrap_or(raw);
    let Some(incoming) = parse::parse(read, pipe.own) else {
        let stored = RawMail::of(raw, false);
        return pipe.db.transaction_here(|conn| store_unreadable(raw, &stored, conn));
    };
    let (aims, sent, is_known) = pipe.db.transaction_here(|conn| {
        let aims = aims(&incoming, pipe.own, conn)?;
        let sent = answered(&incoming, &aims, pipe.own, conn)?;
        let is_issued = aims.iter().any(|it| it.user_id().is_some());
        let is_known = is_issued || incoming_user(&incoming, conn)?.is_some();
        Ok((aims, sent, is_known))
    })?;
    let is_reply = aims.iter().any(|it| matches!(it, Aim::Reply(_)));
    let incoming =
        if is_reply { incoming.answering(&sent, pipe.own) } else { incoming.into_request() };
    let stored = RawMail::of(raw, is_known);
    // A mail can be a reply to several tickets.
    for aim in aims {
        take(&incoming, &stored, is_too_large, aim, &pipe)?;
    }
    Ok(())
}

/// Processes a mail for one purpose.
fn take(
    incoming: &Incoming,
    raw: &RawMail,
    is_too_large: bool,
    aim: Aim,
    pipe: &Pipe<'_>,
) -> Result<(), Problem> {
    let files = if is_too_large { Files::default() } else { store_files(incoming, aim, pipe)? };
    let work = recorded(pipe.db.history_key(), |conn: &mut PgConnection| {
        if store::is_known(incoming, aim.ticket_id(), conn)? {
            return Ok(Done::new(()));
        }
        bounce::record(incoming, pipe.own.reply_domain, real_now(conn)?, conn)?;
        // A refusal rolls the comment back.
        let used = conn.transaction(|conn| match aim {
            Aim::Reply(_) | Aim::Ticket if is_too_large => {
                Err(ProcessingError::Because(InboundReason::TooLarge))
            }
            Aim::Reply(to) => reply::apply_reply(incoming, &files, to, pipe, conn)
                .map(|it| ProcessedMail::Applied(Box::new(it))),
            Aim::Ticket => file_ticket::file(incoming, &files, pipe, conn),
            Aim::Nothing(reason) => Err(ProcessingError::Because(reason)),
        });
        record_mail(used, incoming, &files, aim, raw, conn)
    });
    pipe.db.transaction_here(work).inspect_err(|_| files.forget(pipe.file_store()))
}

fn store_unreadable(raw: &[u8], stored: &RawMail, conn: &mut PgConnection) -> Result<(), Problem> {
    let nothing = Incoming { message_id: parse::hash(raw), ..Incoming::default() };
    if !store::is_known(&nothing, None, conn)? {
        let outcome = MailOutcome::unused(InboundReason::Unreadable);
        store::store_mail(&nothing, outcome, &[], stored, real_now(conn)?, conn)?;
    }
    Ok(())
}

/// Stores the files of a mail that is going to be used, before anything is locked.
fn store_files(incoming: &Incoming, aim: Aim, pipe: &Pipe<'_>) -> Result<Files, Problem> {
    if incoming.files.is_empty() {
        return Ok(Files::default());
    }
    let writer = pipe.db.transaction_here(|conn| {
        if store::is_known(incoming, aim.ticket_id(), conn)? {
            return Ok(None);
        }
        match permitted(incoming, aim, pipe, conn) {
            Ok(writer) => Ok(Some(writer)),
            Err(ProcessingError::Because(_)) => Ok(None),
            Err(ProcessingError::Failed(problem)) => Err(problem),
        }
    })?;
    match writer {
        Some(writer) => {
            let (files, subject) = (&incoming.files, &incoming.subject);
            Files::store_all(files, subject, aim.place(), &writer, pipe.file_store())
        }
        None => Ok(Files::default()),
    }
}

/// Records the result of a mail, and queues a reply about what was not used.
fn record_mail(
    used: Result<ProcessedMail, ProcessingError>,
    incoming: &Incoming,
    files: &Files,
    aim: Aim,
    raw: &RawMail,
    conn: &mut PgConnection,
) -> Result<Done<()>, Problem> {
    let now = real_now(conn)?;
    let queue_answer = |id, conn: &mut PgConnection| match notified_sender(incoming, aim, conn)? {
        Some(sender) => store::queue_reply(id, sender, now, conn),
        None => Ok(()),
    };
    let sender_id = incoming_user(incoming, conn)?;
    let aimed = MailOutcome {
        ticket_id: aim.ticket_id(),
        user_id: aim.user_id(),
        is_of_account: aim.user_id().or(sender_id).is_some(),
        is_request: aim == Aim::Ticket,
        ..MailOutcome::default()
    };
    match used {
        Ok(ProcessedMail::Applied(change)) => {
            let (ticket_id, comment_id) = (Some(change.ticket_id), change.comment_id);
            let user_id = aim.user_id().or(sender_id);
            let outcome = MailOutcome { ticket_id, comment_id, user_id, ..aimed };
            let id = store::store_mail(incoming, outcome, &files.left_out, raw, now, conn)?;
            if !files.left_out.is_empty() {
                queue_answer(id, conn)?;
            }
            Ok(Done::new(()).with_events(change.event))
        }
        Err(ProcessingError::Because(reason)) => {
            let outcome = MailOutcome { reason: Some(reason), ..aimed };
            let id = store::store_mail(incoming, outcome, &[], raw, now, conn)?;
            if reason.notifies_sender() {
                queue_answer(id, conn)?;
            }
            Ok(Done::new(()))
        }
        Ok(ProcessedMail::Refused(refusal_id)) => {
            let reason = Some(InboundReason::RequestRefused);
            let user_id = sender_id;
            let outcome = MailOutcome { reason, user_id, refusal_id: Some(refusal_id), ..aimed };
            let id = store::store_mail(incoming, outcome, &[], raw, now, conn)?;
            queue_answer(id, conn)?;
            Ok(Done::new(()))
        }
        Err(ProcessingError::Failed(problem)) => Err(problem),
    }
}

/// The account of its sender.
fn incoming_user(incoming: &Incoming, conn: &mut PgConnection) -> QueryResult<Option<i64>> {
    let Some(sender) = incoming.sender.as_deref() else { return Ok(None) };
    let account = users::table.filter(users::email_folded.eq(fold_email(sender)));
    account.select(users::id).first(conn).optional()
}

/// Who may get a reply: a person with an account, about an authenticated mail, or one to an address that
/// this service signed. Anybody can be named as the sender of any other.
fn notified_sender<'a>(
    incoming: &'a Incoming,
    aim: Aim,
    conn: &mut PgConnection,
) -> QueryResult<Option<&'a str>> {
    let is_vouched_for = match aim {
        Aim::Reply(_) => true,
        Aim::Ticket => incoming.is_authenticated,
        Aim::Nothing(_) => false,
    };
    let is_known = is_vouched_for && incoming_user(incoming, conn)?.is_some();
    Ok(incoming.sender.as_deref().filter(|_| is_known))
}

impl From<diesel::result::Error> for ProcessingError {
    fn from(error: diesel::result::Error) -> Self {
        Problem::from(error).into()
    }
}

impl From<Problem> for ProcessingError {
    fn from(problem: Problem) -> Self {
        const REASONS: &[(Code, InboundReason)] = &[
            (Code::TicketClosed, InboundReason::TicketClosed),
            (Code::TicketMerged, InboundReason::TicketClosed),
            (Code::NotResolved, InboundReason::NotResolved),
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
