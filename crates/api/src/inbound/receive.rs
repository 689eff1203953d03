//! What becomes of a mail that came in.

use diesel::prelude::*;
use domain::InboundReason;

use crate::config::Quota;
use crate::credentials::email::fold_email;
use crate::db::Db;
use crate::db::clock::real_now;
use crate::db::schema::users;
use crate::events::done::{Done, recorded};
use crate::events::store::NewEvent;
use crate::inbound::aim::{Aim, aims};
use crate::inbound::files::{Files, Keeper};
use crate::inbound::parse::Incoming;
use crate::inbound::permitted::permitted;
use crate::inbound::store::Fate;
use crate::inbound::{answer, bounce, file_ticket, parse, store};
use crate::problem::{Code, Problem};
use crate::storage::Storage;

/// The largest mail that is read, bytes.
pub const LARGEST: usize = 25 * 1024 * 1024;

/// Of a mail that is larger, its head is looked into alone: so much of it, bytes.
const HEAD: usize = 64 * 1024;

/// By what an installation knows its own mail.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// The domain of the addresses to which answers go.
    pub reply_domain: &'a str,
    /// The domain of the sender of all mail.
    pub mail_domain: &'a str,
    /// The address of that sender.
    pub mail_from: &'a str,
    /// The address to which people write who want a ticket.
    pub inbox: Option<&'a str>,
    /// The mail server that says whether a sender is who it names.
    pub authserv: Option<&'a str>,
}

/// What takes a mail.
#[derive(Clone, Copy)]
pub struct Pipe<'a> {
    /// By what the installation knows its own mail.
    pub own: Own<'a>,
    pub db: &'a Db,
    pub storage: &'a Storage,
    /// The largest file, bytes.
    pub upload_limit: u64,
    /// Mails and files that are taken from one person a day.
    pub quota_mails: Quota,
    pub quota_uploads: Quota,
    /// How long those who decide about a refused request are not told of it.
    pub refusal_pause: chrono::TimeDelta,
}

impl<'a> Pipe<'a> {
    const fn keeper(&self) -> Keeper<'a> {
        Keeper {
            db: self.db,
            storage: self.storage,
            upload_limit: self.upload_limit,
            quota: self.quota_uploads,
        }
    }
}

/// What was made of a mail.
#[derive(Debug)]
pub enum Used {
    /// Something of a ticket, or all of it.
    Made(Box<Made>),
    /// A request that was refused, and is kept (3.4).
    Refused(i64),
}

/// What was made of a ticket.
#[derive(Debug)]
pub struct Made {
    pub ticket_id: i64,
    pub comment_id: Option<i64>,
    pub event: Option<NewEvent>,
}

/// Why nothing was made of it.
pub enum NotUsed {
    /// The mail cannot be used.
    Because(InboundReason),
    /// Something else went wrong, which may pass.
    Failed(Problem),
}

/// Makes a comment or a ticket of a mail, or keeps it and says why not; one that
/// came before changes nothing.
/// Errors: what may pass: a failure of the database or of the storage.
pub fn receive(raw: &[u8], pipe: Pipe<'_>) -> Result<(), Problem> {
    // Of what is too large the head is enough to answer.
    let is_too_large = raw.len() > LARGEST;
    let read = raw.get(..HEAD).filter(|_| is_too_large).unwrap_or(raw);
    let Some(incoming) = parse::parse(read, pipe.own) else {
        return pipe.db.transaction_here(|conn| keep_unreadable(raw, conn));
    };
    let find = |conn: &mut PgConnection| aims(&incoming, pipe.own, conn);
    // A mail can answer several tickets.
    for aim in pipe.db.transaction_here(find)? {
        take(&incoming, raw, is_too_large, aim, &pipe)?;
    }
    Ok(())
}

/// Takes a mail for what it is to be.
fn take(
    incoming: &Incoming,
    raw: &[u8],
    is_too_large: bool,
    aim: Aim,
    pipe: &Pipe<'_>,
) -> Result<(), Problem> {
    let files = if is_too_large { Files::default() } else { keep_files(incoming, aim, pipe)? };
    let work = recorded(pipe.db.history_key(), |conn: &mut PgConnection| {
        if store::is_known(incoming, aim.ticket_id(), conn)? {
            return Ok(Done::new(()));
        }
        bounce::record(incoming, pipe.own.reply_domain, real_now(conn)?, conn)?;
        // What a rule refuses leaves nothing of the comment behind.
        let used = conn.transaction(|conn| match aim {
            Aim::Answer(_) | Aim::Ticket if is_too_large => {
                Err(NotUsed::Because(InboundReason::TooLarge))
            }
            Aim::Answer(to) => {
                answer::answer(incoming, &files, to, pipe, conn).map(|it| Used::Made(Box::new(it)))
            }
            Aim::Ticket => file_ticket::file(incoming, &files, pipe, conn),
            Aim::Nothing(reason) => Err(NotUsed::Because(reason)),
        });
        record_mail(used, incoming, &files, aim, raw, conn)
    });
    pipe.db.transaction_here(work).inspect_err(|_| files.forget(pipe.keeper()))
}

fn keep_unreadable(raw: &[u8], conn: &mut PgConnection) -> Result<(), Problem> {
    let nothing = Incoming { message_id: parse::hash(raw), ..Incoming::default() };
    if !store::is_known(&nothing, None, conn)? {
        let fate = Fate::unused(InboundReason::Unreadable);
        store::store_mail(&nothing, fate, &[], raw, real_now(conn)?, conn)?;
    }
    Ok(())
}

/// Keeps the files of a mail that is going to be used, before anything is locked for it.
fn keep_files(incoming: &Incoming, aim: Aim, pipe: &Pipe<'_>) -> Result<Files, Problem> {
    if incoming.files.is_empty() {
        return Ok(Files::default());
    }
    let writer = pipe.db.transaction_here(|conn| {
        if store::is_known(incoming, aim.ticket_id(), conn)? {
            return Ok(None);
        }
        match permitted(incoming, aim, pipe, conn) {
            Ok(writer) => Ok(Some(writer)),
            Err(NotUsed::Because(_)) => Ok(None),
            Err(NotUsed::Failed(problem)) => Err(problem),
        }
    })?;
    match writer {
        Some(writer) => {
            let (files, subject) = (&incoming.files, &incoming.subject);
            Files::store_all(files, subject, aim.place(), &writer, pipe.keeper())
        }
        None => Ok(Files::default()),
    }
}

/// Keeps what became of a mail, and tells its sender what could not be used of it.
fn record_mail(
    used: Result<Used, NotUsed>,
    incoming: &Incoming,
    files: &Files,
    aim: Aim,
    raw: &[u8],
    conn: &mut PgConnection,
) -> Result<Done<()>, Problem> {
    let now = real_now(conn)?;
    let tell = |id, conn: &mut PgConnection| match whom_to_tell(incoming, aim, conn)? {
        Some(sender) => store::answer(id, sender, now, conn),
        None => Ok(()),
    };
    let aimed = Fate { ticket_id: aim.ticket_id(), user_id: aim.user_id(), ..Fate::default() };
    match used {
        Ok(Used::Made(made)) => {
            let (ticket_id, comment_id) = (Some(made.ticket_id), made.comment_id);
            let user_id = aim.user_id().or(incoming_user(incoming, conn)?);
            let fate = Fate { ticket_id, comment_id, user_id, ..aimed };
            let id = store::store_mail(incoming, fate, &files.left_out, raw, now, conn)?;
            if !files.left_out.is_empty() {
                tell(id, conn)?;
            }
            Ok(Done::new(()).with_events(made.event))
        }
        Err(NotUsed::Because(reason)) => {
            let fate = Fate { reason: Some(reason), ..aimed };
            let id = store::store_mail(incoming, fate, &[], raw, now, conn)?;
            if reason.is_told() {
                tell(id, conn)?;
            }
            Ok(Done::new(()))
        }
        Ok(Used::Refused(refusal_id)) => {
            let reason = Some(InboundReason::RequestRefused);
            let user_id = incoming_user(incoming, conn)?;
            let fate = Fate { reason, user_id, refusal_id: Some(refusal_id), ..aimed };
            let id = store::store_mail(incoming, fate, &[], raw, now, conn)?;
            tell(id, conn)?;
            Ok(Done::new(()))
        }
        Err(NotUsed::Failed(problem)) => Err(problem),
    }
}

/// The account of its sender.
fn incoming_user(incoming: &Incoming, conn: &mut PgConnection) -> QueryResult<Option<i64>> {
    let Some(sender) = incoming.sender.as_deref() else { return Ok(None) };
    let account = users::table.filter(users::email_folded.eq(fold_email(sender)));
    account.select(users::id).first(conn).optional()
}

/// Who is told what became of a mail: somebody who has an account, of a mail to an address that
/// this service signed, or of one that a mail server vouches for. Anybody can be named as the
/// sender of any other.
fn whom_to_tell<'a>(
    incoming: &'a Incoming,
    aim: Aim,
    conn: &mut PgConnection,
) -> QueryResult<Option<&'a str>> {
    let is_vouched_for = match aim {
        Aim::Answer(_) => true,
        Aim::Ticket => incoming.is_authenticated,
        Aim::Nothing(_) => false,
    };
    let is_known = is_vouched_for && incoming_user(incoming, conn)?.is_some();
    Ok(incoming.sender.as_deref().filter(|_| is_known))
}

impl From<diesel::result::Error> for NotUsed {
    fn from(error: diesel::result::Error) -> Self {
        Problem::from(error).into()
    }
}

impl From<Problem> for NotUsed {
    fn from(problem: Problem) -> Self {
        const REASONS: &[(Code, InboundReason)] = &[
            (Code::TicketClosed, InboundReason::TicketClosed),
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
