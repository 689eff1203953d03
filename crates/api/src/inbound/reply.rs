//! A reply by mail: a comment as if posted through the API, or a confirmation.

use chrono::TimeDelta;
use diesel::PgConnection;
use domain::mailed_request::text_in_subject;
use domain::{InboundReason, TransitionFields};

use crate::http::caller::Caller;
use crate::http::maxima::MAX_TEXT;
use crate::http::permissions;
use crate::http::response::IfMatch;
use crate::inbound::aim::Aim;
use crate::inbound::files::Files;
use crate::inbound::parse::Incoming;
use crate::inbound::permitted::permitted;
use crate::inbound::receive::{Pipe, ProcessingError, TicketChange};
use crate::inbound::store;
use crate::mail::reply_address::{Purpose, ReplyTo};
use crate::problem::{Code, Problem};
use crate::tickets::lifecycle::apply::Message;
use crate::tickets::lifecycle::confirm::apply_confirmation;
use crate::tickets::lifecycle::step::{StepKind, StepRequest, take_step};

/// The maximum number of comments by mail of a person on a ticket within [`LOOP_WINDOW`].
const MAX_COMMENTS: i64 = 60;

const LOOP_WINDOW: TimeDelta = TimeDelta::days(1);

/// Posts the text of a mail as a comment, or confirms the solution.
pub fn apply_reply(
    incoming: &Incoming,
    files: &Files,
    to: ReplyTo,
    pipe: &Pipe<'_>,
    conn: &mut PgConnection,
) -> Result<TicketChange, ProcessingError> {
    let caller = permitted(incoming, Aim::Reply(to), pipe, conn)?;
    check_loop(to, &caller, conn)?;
    let message =
        |comment| Message { comment, attachments: files.attachments.clone(), ..Message::default() };
    match to.purpose {
        // The text is optional, and the subject our own.
        Purpose::Confirmation => {
            let text = match text(incoming, files, &caller) {
                Ok(text) => Some(text),
                Err(InboundReason::Empty) => None,
                Err(reason) => return Err(ProcessingError::Because(reason)),
            };
            Ok(confirm(to.ticket_id, message(text), &caller, conn)?)
        }
        Purpose::Comment | Purpose::Note => {
            let text = words(incoming, files, &caller).map_err(ProcessingError::Because)?;
            Ok(comment(to.ticket_id, to.purpose, message(Some(text)), &caller, conn)?)
        }
    }
}

/// Two machines that answer each other, and do not say that they are machines, are stopped.
fn check_loop(
    to: ReplyTo,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<(), ProcessingError> {
    let since = caller.real_now - LOOP_WINDOW;
    let comments = store::count_comments(caller.user_id, to.ticket_id, since, conn)?;
    if comments < MAX_COMMENTS {
        Ok(())
    } else {
        Err(ProcessingError::Because(InboundReason::Refused))
    }
}

/// The text of a mail, or its subject if its writer put all of it there.
/// Errors: why it cannot be used.
fn words(incoming: &Incoming, files: &Files, writer: &Caller) -> Result<String, InboundReason> {
    let in_subject = || text_in_subject(&incoming.subject).map(str::to_owned);
    text(incoming, files, writer).or_else(|reason| {
        let is_empty = reason == InboundReason::Empty;
        in_subject().filter(|_| is_empty).ok_or(reason)
    })
}

/// The text of a mail as a comment.
/// Errors: why it cannot be one.
pub fn text(incoming: &Incoming, files: &Files, writer: &Caller) -> Result<String, InboundReason> {
    if incoming.text.is_empty() && files.names.is_empty() {
        let is_left_out = !files.left_out.is_empty();
        return Err(if is_left_out { InboundReason::TooLarge } else { InboundReason::Empty });
    }
    let text = files.or_their_names(incoming.text.clone(), writer.language);
    if text.chars().count() > MAX_TEXT {
        return Err(InboundReason::TooLong);
    }
    Ok(text)
}

/// Comments on a ticket.
pub fn comment(
    ticket_id: i64,
    purpose: Purpose,
    message: Message,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<TicketChange, Problem> {
    check("comments_create", caller)?;
    let request = StepRequest {
        kind: StepKind::Comment(None),
        is_internal: purpose == Purpose::Note,
        fields: TransitionFields::default(),
        message,
    };
    let outcome = take_step(ticket_id, request, &IfMatch::ANY, caller, conn)?;
    let comment_id = outcome.comment.map(|it| it.id);
    Ok(TicketChange { ticket_id, comment_id, event: outcome.event })
}

fn confirm(
    ticket_id: i64,
    message: Message,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<TicketChange, Problem> {
    check("tickets_confirm", caller)?;
    let event = apply_confirmation(ticket_id, None, message, caller, conn)?;
    let comment_id = event.as_ref().and_then(|it| it.body.comment_id);
    Ok(TicketChange { ticket_id, comment_id, event })
}

/// Whether a person may call the operation that a mail stands for.
pub fn check(operation: &str, caller: &Caller) -> Result<(), Problem> {
    permissions::rule(operation).ok_or_else(|| Problem::new(Code::Forbidden))?.check(caller)
}
