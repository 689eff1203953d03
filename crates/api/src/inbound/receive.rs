//! What becomes of a mail that came in.

use diesel::prelude::*;
use domain::mailed_files::files_alone;
use domain::{InboundReason, TransitionFields};

use crate::auth::callers;
use crate::config::Quota;
use crate::credentials::email::fold_email;
use crate::db::Db;
use crate::db::clock::real_now;
use crate::db::schema::users;
use crate::events::done::{Done, recorded};
use crate::http::caller::Caller;
use crate::http::permissions;
use crate::http::response::IfMatch;
use crate::inbound::files::Files;
use crate::inbound::parse::Incoming;
use crate::inbound::store::Fate;
use crate::inbound::{parse, store};
use crate::limits::quotas::exceeded;
use crate::mail::reply_address::{ReplyKey, ReplyTo};
use crate::problem::{Code, Problem};
use crate::storage::Storage;
use crate::tickets::lifecycle::apply::{Message, Outcome};
use crate::tickets::lifecycle::step::{StepKind, StepRequest, take_step};
use crate::users::store::UserRow;

/// The largest mail that is read, bytes.
pub const LARGEST: usize = 25 * 1024 * 1024;

/// The longest comment, characters, as the API has it.
const MAX_COMMENT: usize = 50_000;

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
}

/// Makes a comment of a mail, or keeps it and says why not; one that
/// came before changes nothing.
/// Errors: what may pass: a failure of the database or of the storage.
pub fn receive(raw: &[u8], pipe: Pipe<'_>) -> Result<(), Problem> {
    // Of what is too large the head is enough to answer.
    let is_too_large = raw.len() > LARGEST;
    let read = raw.get(..HEAD).filter(|_| is_too_large).unwrap_or(raw);
    let Some(incoming) = parse::parse(read, pipe.own) else {
        return pipe.db.transaction_here(|conn| keep_unreadable(raw, conn));
    };
    let find = |conn: &mut PgConnection| Ok(find(&incoming, pipe.own.reply_domain, conn)?);
    let answered = pipe.db.transaction_here(find)?;
    if answered.is_empty() {
        return take(&incoming, raw, is_too_large, None, &pipe);
    }
    // A mail can answer several tickets.
    answered.into_iter().try_for_each(|to| take(&incoming, raw, is_too_large, Some(to), &pipe))
}

/// Takes a mail for what it answers.
fn take(
    incoming: &Incoming,
    raw: &[u8],
    is_too_large: bool,
    to: Option<ReplyTo>,
    pipe: &Pipe<'_>,
) -> Result<(), Problem> {
    let files = if is_too_large { Files::default() } else { keep_files(incoming, to, pipe)? };
    let work = recorded(pipe.db.history_key(), |conn: &mut PgConnection| {
        if store::is_known(incoming, to.map(|it| it.ticket_id), conn)? {
            return Ok(Done::new(()));
        }
        // What a rule refuses leaves nothing of the comment behind.
        let said = conn.transaction(|conn| say(incoming, &files, is_too_large, to, pipe, conn));
        record_mail(said, incoming, &files, to, raw, conn)
    });
    pipe.db.transaction_here(work).inspect_err(|_| files.forget(pipe))
}

fn keep_unreadable(raw: &[u8], conn: &mut PgConnection) -> Result<(), Problem> {
    let nothing = Incoming { message_id: parse::hash(raw), ..Incoming::default() };
    if !store::is_known(&nothing, None, conn)? {
        let fate = Fate::unused(InboundReason::Unreadable);
        store::store_mail(&nothing, fate, &[], raw, real_now(conn)?, conn)?;
    }
    Ok(())
}

/// Keeps the files of a mail that is going to be a comment, before anything is locked for it.
fn keep_files(incoming: &Incoming, to: Option<ReplyTo>, pipe: &Pipe<'_>) -> Result<Files, Problem> {
    if incoming.files.is_empty() {
        return Ok(Files::default());
    }
    let permitted = pipe.db.transaction_here(|conn| {
        if store::is_known(incoming, to.map(|it| it.ticket_id), conn)? {
            return Ok(None);
        }
        match permitted(incoming, to, pipe, conn) {
            Ok(permitted) => Ok(Some(permitted)),
            Err(NotSaid::Because(_)) => Ok(None),
            Err(NotSaid::Failed(problem)) => Err(problem),
        }
    })?;
    match permitted {
        Some((to, writer)) => Files::store_all(incoming, to, &writer, pipe),
        None => Ok(Files::default()),
    }
}

/// Keeps what became of a mail, and tells its sender what could not be used of it.
fn record_mail(
    said: Result<Outcome, NotSaid>,
    incoming: &Incoming,
    files: &Files,
    to: Option<ReplyTo>,
    raw: &[u8],
    conn: &mut PgConnection,
) -> Result<Done<()>, Problem> {
    let now = real_now(conn)?;
    let tell = |id, conn: &mut PgConnection| match whom_to_tell(incoming, to, conn)? {
        Some(sender) => store::answer(id, sender, now, conn),
        None => Ok(()),
    };
    match said {
        Ok(outcome) => {
            let comment_id = outcome.comment.as_ref().map(|it| it.id);
            let fate = Fate { reason: None, comment_id, ..fate_of(to) };
            let id = store::store_mail(incoming, fate, &files.left_out, raw, now, conn)?;
            if !files.left_out.is_empty() {
                tell(id, conn)?;
            }
            Ok(Done::new(()).with_events(outcome.event))
        }
        Err(NotSaid::Because(reason)) => {
            let fate = Fate { reason: Some(reason), ..fate_of(to) };
            let id = store::store_mail(incoming, fate, &[], raw, now, conn)?;
            if reason.explanation().is_some() {
                tell(id, conn)?;
            }
            Ok(Done::new(()))
        }
        Err(NotSaid::Failed(problem)) => Err(problem),
    }
}

/// Who is told what became of a mail: somebody who has an account, of a mail to an address that this
/// service signed. Anybody can be named as the sender of any other.
fn whom_to_tell<'a>(
    incoming: &'a Incoming,
    to: Option<ReplyTo>,
    conn: &mut PgConnection,
) -> QueryResult<Option<&'a str>> {
    let (Some(sender), Some(_)) = (incoming.sender.as_deref(), to) else { return Ok(None) };
    let account = users::table.filter(users::email_folded.eq(fold_email(sender)));
    let is_known = diesel::select(diesel::dsl::exists(account)).get_result::<bool>(conn)?;
    Ok(is_known.then_some(sender))
}

fn fate_of(to: Option<ReplyTo>) -> Fate {
    Fate {
        reason: None,
        user_id: to.map(|it| it.user_id),
        ticket_id: to.map(|it| it.ticket_id),
        comment_id: None,
    }
}

/// What a mail answers: each ticket to an address of which it came. Where some addresses are its
/// sender's own, those of others that it was sent to as well say nothing.
fn find(
    incoming: &Incoming,
    reply_domain: &str,
    conn: &mut PgConnection,
) -> QueryResult<Vec<ReplyTo>> {
    let key = ReplyKey::load(conn)?;
    let mut found: Vec<ReplyTo> = Vec::new();
    for to in incoming.recipients.iter().filter_map(|it| key.read(it, reply_domain)) {
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

/// Whose answer to what a mail is, if they may answer.
fn permitted(
    incoming: &Incoming,
    to: Option<ReplyTo>,
    pipe: &Pipe<'_>,
    conn: &mut PgConnection,
) -> Result<(ReplyTo, Caller), NotSaid> {
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
    let Some(caller) = callers::caller_by_mail(to.user_id, conn)? else {
        return because(InboundReason::NotPermitted);
    };
    check_quota(&caller, pipe.quota_mails, conn).map_err(NotSaid::Failed)?;
    Ok((to, caller))
}

/// What is more than somebody may write in a day comes again tomorrow: the mail server keeps it.
fn check_quota(caller: &Caller, quota: Quota, conn: &mut PgConnection) -> Result<(), Problem> {
    let (calendar, now) = (&caller.rules.calendar, caller.real_now);
    let today = calendar.day_begins_at(calendar.day(now));
    let taken = store::count_taken(caller.user_id, today, conn)?;
    if quota.is_spent_by(taken) { Err(exceeded(calendar, now)) } else { Ok(()) }
}

fn say(
    incoming: &Incoming,
    files: &Files,
    is_too_large: bool,
    to: Option<ReplyTo>,
    pipe: &Pipe<'_>,
    conn: &mut PgConnection,
) -> Result<Outcome, NotSaid> {
    let because = |reason| Err(NotSaid::Because(reason));
    let (to, caller) = permitted(incoming, to, pipe, conn)?;
    let is_silent = incoming.text.is_empty();
    if is_too_large || is_silent && files.names.is_empty() && !files.left_out.is_empty() {
        return because(InboundReason::TooLarge);
    }
    if is_silent && files.names.is_empty() {
        return because(InboundReason::Empty);
    }
    let text = match incoming.text.as_str() {
        "" => files_alone(&files.names, caller.language),
        text => text.to_owned(),
    };
    if text.chars().count() > MAX_COMMENT {
        return because(InboundReason::TooLong);
    }
    comment(text, files, to, &caller, conn).map_err(NotSaid::from)
}

/// Says it as if it had come over the API.
fn comment(
    text: String,
    files: &Files,
    to: ReplyTo,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Outcome, Problem> {
    let rule = permissions::rule("comments_create").ok_or_else(|| Problem::new(Code::Forbidden))?;
    rule.check(caller)?;
    let request = StepRequest {
        kind: StepKind::Comment(None),
        is_internal: to.is_internal,
        fields: TransitionFields::default(),
        message: Message {
            comment: Some(text),
            attachments: files.attachments.clone(),
            ..Message::default()
        },
    };
    take_step(to.ticket_id, request, &IfMatch::ANY, caller, conn)
}
