//! What every action on a ticket has in common: with the ticket locked and the facts loaded, the rule computes
//! the new ticket, which is saved together with the comment and the event.

use diesel::PgConnection;
use domain::Visibility;
use domain::ticket::{Action, Applied, Event, Facts, Ticket};

use crate::articles::feedback;
use crate::attachments::attach::{AttachmentCreate, FileOwner, attach};
use crate::events::store::NewEvent;
use crate::problem::Problem;
use crate::tickets::comments::store::{CommentRow, NewComment};
use crate::tickets::store::action_context::ActionContext;
use crate::tickets::store::record::record;
use crate::tickets::store::save::{Shape, save};
use crate::users::store::UserRow;

/// The comment of an action, and the files that come with it (4.2.4).
#[derive(Debug, Default)]
pub struct Message {
    pub comment: Option<String>,
    pub attachments: Vec<AttachmentCreate>,
    /// The article that it refers to.
    pub article_id: Option<i64>,
}

/// The result of an action, all of it written except the event.
#[derive(Debug)]
pub struct Outcome {
    pub ticket: Ticket,
    /// The comment that was made.
    pub comment: Option<CommentRow>,
    pub event: Option<NewEvent>,
}

/// Applies an action to a locked ticket, with the facts loaded since.
/// Errors: the rule that forbids the action, and database errors.
pub fn apply(
    before: &Ticket,
    action: Action,
    facts: &Facts,
    message: Message,
    by: &ActionContext,
    conn: &mut PgConnection,
) -> Result<Outcome, Problem> {
    let shape = Shape::of(&action);
    let Applied { ticket, event } = before.apply(action, facts, &by.context())?;
    if !facts.is_assignee_eligible {
        lock_new_assignee(before, &ticket, conn)?;
    }
    let Some(event) = event else {
        save(shape, before, &ticket, by, conn)?;
        return Ok(Outcome { ticket, comment: None, event: None });
    };
    let comment = comment(&ticket, &event, &message, by, conn)?;
    let is_confirmed_now =
        by.actor.is_customer() && !before.is_confirmed() && ticket.is_confirmed();
    if let Some(user_id) = by.user_id.filter(|_| is_confirmed_now) {
        feedback::confirmed(ticket.id, message.article_id, user_id, by.now, conn)?;
    }
    let owner = FileOwner::Ticket {
        ticket_id: ticket.id,
        comment_id: comment.as_ref().map(|it| it.id),
        is_internal: event.comment == Some(Visibility::Internal),
    };
    let attachment_ids = attach(&message.attachments, owner, &by.into(), conn)?;
    let mut event = record(&ticket, event, by, conn)?;
    event.body.attachment_ids = attachment_ids;
    event.body.comment_id = comment.as_ref().map(|it| it.id);
    event.body.comment_hash = comment.as_ref().map(|it| it.hash.clone());
    save(shape, before, &ticket, by, conn)?;
    Ok(Outcome { ticket, comment, event: Some(event) })
}

/// The same without a comment.
pub fn apply_silently(
    before: &Ticket,
    action: Action,
    facts: &Facts,
    by: &ActionContext,
    conn: &mut PgConnection,
) -> Result<Outcome, Problem> {
    apply(before, action, facts, Message::default(), by, conn)
}

/// Applies an action that needs no facts to each of some tickets; returns the events.
pub fn apply_each(
    actions: impl IntoIterator<Item = (Ticket, Action)>,
    by: &ActionContext,
    conn: &mut PgConnection,
) -> Result<Vec<NewEvent>, Problem> {
    let mut events = Vec::new();
    for (ticket, action) in actions {
        events.extend(apply_silently(&ticket, action, &Facts::default(), by, conn)?.event);
    }
    Ok(events)
}

/// Makes sure that a new assignee is active and stays so until the transaction ends; a later
/// deactivation then hands the ticket over. For a ticket that already has this assignee, the
/// deactivation waits for the ticket instead.
/// Errors: `unavailable`, since a repeated request sees the new state.
fn lock_new_assignee(
    before: &Ticket,
    ticket: &Ticket,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let new = ticket.assignee_id.filter(|it| before.assignee_id != Some(*it));
    match new.map(|it| UserRow::share_if_active(it, conn)).transpose()? {
        Some(false) => Err(Problem::unavailable("the assignee has just been deactivated")),
        Some(true) | None => Ok(()),
    }
}

fn comment(
    ticket: &Ticket,
    event: &Event,
    message: &Message,
    by: &ActionContext,
    conn: &mut PgConnection,
) -> Result<Option<CommentRow>, Problem> {
    let Some(body) = &message.comment else { return Ok(None) };
    let new = NewComment {
        ticket_id: ticket.id,
        body,
        visibility: event.comment,
        release_id: event.release_id,
        article_id: message.article_id,
    };
    Ok(Some(CommentRow::create(&new, by, conn)?))
}
