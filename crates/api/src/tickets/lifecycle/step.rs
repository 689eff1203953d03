//! Transitions and comments, each alone or both at once (2.5, 4.2).

use diesel::PgConnection;
use domain::ticket::{Action, Step};
use domain::{Actor, Role, Status, TransitionFields};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::attachments::attach::{AttachmentCreate, DescribedAttachment};
use crate::http::caller::Caller;
use crate::http::response::IfMatch;
use crate::problem::Problem;
use crate::tickets::lifecycle::apply::{Message, Outcome, apply};
use crate::tickets::lifecycle::facts;
use crate::tickets::store::action_context::ActionContext;
use crate::tickets::store::lock::{lock, lock_for_reopening};

/// A requested transition or comment.
#[derive(Debug)]
pub struct StepRequest {
    pub kind: StepKind,
    /// Whether the comment is an internal note.
    pub is_internal: bool,
    pub fields: TransitionFields,
    pub message: Message,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// A transition to a status; refused if it is not in the table.
    Move(Status),
    /// A comment, with the transition that follows from it: to a given status, or automatically (4.2.2).
    Comment(Option<Status>),
}

/// What a comment and a transition have in common.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
pub struct StepBody {
    /// Whether the comment is an internal note, which only staff can see.
    #[serde(default)]
    pub internal: bool,
    /// The files to attach.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub attachments: Vec<DescribedAttachment>,
    /// The article that the comment refers to: a published one, or in an internal note any. If the ticket's
    /// solution is then confirmed, the article counts as having helped.
    #[schema(minimum = 1)]
    pub article_id: Option<i64>,
    #[serde(flatten)]
    #[schema(inline)]
    pub fields: TransitionFields,
}

impl StepBody {
    /// The step that it requests, with the comment.
    pub fn request(self, kind: StepKind, comment: Option<String>) -> StepRequest {
        let attachments = self.attachments.into_iter().map(AttachmentCreate::from).collect();
        let message = Message { comment, attachments, article_id: self.article_id };
        StepRequest { kind, is_internal: self.internal, fields: self.fields, message }
    }
}

impl StepRequest {
    /// Whether it declares the ticket solved.
    pub fn solves(&self) -> bool {
        matches!(self.kind, StepKind::Move(Status::Resolved | Status::Closed))
    }

    const fn named_status(&self) -> Option<Status> {
        match self.kind {
            StepKind::Move(to) => Some(to),
            StepKind::Comment(status) => status,
        }
    }
}

/// Takes a step on a ticket.
/// Errors: `not_found`, `transition_not_allowed`, field errors, `confirmation_missing`,
/// `open_children`; of a comment `ticket_closed`.
pub fn take_step(
    id: i64,
    request: StepRequest,
    if_match: &IfMatch,
    caller: &Caller,
    conn: &mut PgConnection,
) -> Result<Outcome, Problem> {
    let by = ActionContext::from(caller);
    let to = request.named_status();
    let may_revive = by.actor == Actor::Person(Role::Admin) && to == Some(Status::InProgress);
    let ticket = match may_revive {
        true => lock_for_reopening(id, caller, conn)?,
        false => lock(id, caller, conn)?,
    };
    if_match.check(ticket.version)?;
    let StepRequest { kind, is_internal, fields, message } = request;
    let step = Step { has_comment: message.comment.is_some(), is_internal, fields };
    let mut facts = facts::of_step(&ticket, to, &step, &message.attachments, &by, conn)?;
    facts.missing.extend(facts::wrong_article(&message, is_internal, &caller.viewer, conn)?);
    let action = match kind {
        StepKind::Move(to) => Action::Move { to, step },
        StepKind::Comment(status) => Action::Comment { status, step },
    };
    apply(&ticket, action, &facts, message, &by, conn)
}
