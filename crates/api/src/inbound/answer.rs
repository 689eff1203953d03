//! A mail that answers a ticket: a comment as if it had come over the API, or a confirmation.

use diesel::PgConnection;
use domain::{InboundReason, TransitionFields};

use crate::http::caller::Caller;
use crate::http::permissions;
use crate::http::response::IfMatch;
use crate::inbound::aim::Aim;
use crate::inbound::files::Files;
use crate::inbound::parse::Incoming;
use crate::inbound::permitted::permitted;
use crate::inbound::receive::{Made, NotUsed, Pipe};
use crate::mail::reply_address::{Purpose, ReplyTo};
use crate::problem::{Code, Problem};
use crate::tickets::lifecycle::apply::Message;
use crate::tickets::lifecycle::confirm::apply_confirmation;
use crate::tickets::lifecycle::step::{StepKind, StepRequest, take_step};

/// The longest comment, characters, as the API has it.
const MAX_COMMENT: usize = 50_000;

/// Says in a ticket what a mail says, or confirms it.
pub fn answer(
    incoming: &Incoming,
    files: &Files,
    to: ReplyTo,
    pipe: &Pipe<'_>,
    conn: &mut PgConnection,
) -> Result<Made, NotUsed> {
    let caller = permitted(incoming, Aim::Answer(to), pipe, conn)?;
    let text = text(incoming, files, &caller);
    let message = Message {
        comment: text.clone().ok(),
        attachments: files.attachments.clone(),
        ..Message::default()
    };
    match to.purpose {
        // Whatever it says, if it says anything.
        Purpose::Confirmation => match text {
            Ok(_) | Err(InboundReason::Empty) => Ok(confirm(to.ticket_id, message, &caller, conn)?),
            Err(reason) => Err(NotUsed::Because(reason)),
        },
        Purpose::Comment | Purpose::Note => {
            text.map_err(NotUsed::Because)?;
            Ok(comment(to.ticket_id, to.purpose, message, &caller, conn)?)
        }
    }
}

/// What a mail says, in words that can be a comment.
/// Errors: why they cannot.
pub fn text(incoming: &Incoming, files: &Files, writer: &Caller) -> Result<String, InboundReason> {
    if incoming.text.is_empty() && files.names.is_empty() {
        let is_left_out = !files.left_out.is_empty();
        return Err(if is_left_out { InboundReason::TooLarge } else { InboundReason::Empty });
    }
    let text = files.or_their_names(incoming.text.clone(), writer.language);
    if text.chars().count() > MAX_COMMENT {
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
) -> Result<Made, Problem> {
    check("comments_create", caller)?;
    let request = StepRequest {
        kind: StepKind::Comment(None),
        is_internal: purpose == Purpose::Note,
        fields: TransitionFields::default(),
        message,
    };
    let outcome = take_step(ticket_id, request, &IfMatch::ANY, caller, conn)?;
    let comment_id = outcome.comment.map(|it| it.id);
    Ok(Made { ticket_id, comment_id, event: outcome.event })
}

fn confirm(
    ticket_id: i64,
    message: Message,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Made, Problem> {
    check("tickets_confirm", caller)?;
    let event = apply_confirmation(ticket_id, None, message, caller, conn)?;
    let comment_id = event.as_ref().and_then(|it| it.body.comment_id);
    Ok(Made { ticket_id, comment_id, event })
}

/// Whether somebody may call an operation, in whose place a mail stands.
pub fn check(operation: &str, caller: &Caller) -> Result<(), Problem> {
    permissions::rule(operation).ok_or_else(|| Problem::new(Code::Forbidden))?.check(caller)
}
