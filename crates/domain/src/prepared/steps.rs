//! The steps of a macro: what is said, where the ticket moves, who gets it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::needs::{MissingClassification, TransitionFields, Visibility, check_without_move};
use crate::reasons::{CloseReason, RefusalReason, RootCause, WaitingOn};
use crate::role::Role;
use crate::status::Status;
use crate::violation::{FieldCode, FieldError, RuleViolation, check_none, merged};
use crate::workflow;

/// What a macro does: the members of the single calls, under the same names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MacroSteps {
    /// The comment, in which variables are filled in.
    #[schema(max_length = 20_000, pattern = r"\S")]
    pub comment: Option<String>,
    /// Whether the comment is an internal note, which only staff can see.
    #[serde(default)]
    pub internal: bool,
    /// The status to move the ticket to.
    pub to: Option<Status>,
    /// Why the ticket is closed.
    pub close_reason: Option<CloseReason>,
    /// Why the ticket is rejected; a duplicate is merged instead.
    pub refusal_reason: Option<RefusalReason>,
    /// What the ticket waits for, with `on_hold`.
    pub waiting_on: Option<WaitingOn>,
    /// What the ticket was about, with `resolved` or `closed`.
    #[schema(minimum = 1)]
    pub topic_id: Option<i64>,
    /// The root cause of the problem, with `resolved` or `closed`.
    pub root_cause: Option<RootCause>,
    /// The engineer who gets the ticket.
    #[schema(minimum = 1)]
    pub assignee_id: Option<i64>,
    /// Whether whoever uses the macro gets the ticket.
    #[serde(default)]
    pub assigns_me: bool,
}

impl MacroSteps {
    /// What accompanies the transition.
    pub fn fields(&self) -> TransitionFields {
        TransitionFields {
            close_reason: self.close_reason,
            refusal_reason: self.refusal_reason,
            waiting_on: self.waiting_on,
            topic_id: self.topic_id,
            root_cause: self.root_cause,
            ..TransitionFields::default()
        }
    }

    /// Checks that the steps can be taken at all: some ticket can be moved like that.
    /// Errors: [`RuleViolation::Invalid`] naming each member that is wrong or missing.
    pub fn check(&self) -> Result<(), RuleViolation> {
        let error = |pointer: &str, code| FieldError::new(pointer, code);
        let is_empty = self.comment.is_none()
            && self.to.is_none()
            && self.assignee_id.is_none()
            && !self.assigns_me;
        let is_final = self.to.is_some_and(Status::is_final);
        let is_duplicate = self.refusal_reason == Some(RefusalReason::AlreadyRegistered);
        let variables = self.comment.as_deref().map(super::check);
        let own = [
            is_empty.then(|| error("/comment", FieldCode::Required)),
            variables.and_then(Result::err).map(|it| error("/comment", it)),
            (self.internal && self.comment.is_none())
                .then(|| error("/internal", FieldCode::NotApplicable)),
            is_duplicate.then(|| error("/refusal_reason", FieldCode::NotApplicable)),
            (self.assignee_id.is_some() && self.assigns_me)
                .then(|| error("/assigns_me", FieldCode::Conflicts("assignee_id"))),
            (self.assignee_id.is_some() && is_final)
                .then(|| error("/assignee_id", FieldCode::NotApplicable)),
            (self.assigns_me && is_final).then(|| error("/assigns_me", FieldCode::NotApplicable)),
        ];
        let of_move = match self.check_move() {
            Err(RuleViolation::Invalid(errors)) if !is_duplicate => errors,
            _ => Vec::new(),
        };
        check_none(merged(own.into_iter().flatten().collect(), of_move))
    }

    /// Whether support can make one of the transitions to its status.
    fn check_move(&self) -> Result<(), RuleViolation> {
        let comment = self.comment.as_ref().map(|_| Visibility::of(self.internal));
        let fields = TransitionFields { comment, ..self.fields() };
        let Some(to) = self.to else { return check_without_move(&fields, Role::Admin) };
        let all = Status::ALL.iter().flat_map(|from| workflow::transitions(*from, Role::Admin));
        let tried = all.filter(|it| it.to == to).map(|it| {
            let classified = MissingClassification::default();
            it.check(&fields, Role::Admin, "/comment", true, classified)
        });
        let refused = Err(RuleViolation::field("/to", FieldCode::NotApplicable));
        tried.fold(refused, |best, it| if best.is_ok() { best } else { it })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(steps: &MacroSteps) -> Vec<String> {
        match steps.check() {
            Err(RuleViolation::Invalid(errors)) => {
                errors.iter().map(|it| format!("{} {}", it.pointer, it.code.as_str())).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    fn saying(text: &str) -> MacroSteps {
        MacroSteps { comment: Some(text.to_owned()), ..MacroSteps::default() }
    }

    /// Section 9: a macro that no ticket could ever take is refused when it is written.
    #[test]
    fn s9_steps_that_can_never_be_taken_are_refused() {
        let to = |to| MacroSteps { to: Some(to), ..saying("Смотрим.") };
        let hold = MacroSteps { waiting_on: Some(WaitingOn::Repair), ..to(Status::OnHold) };
        for good in [saying("Смотрим."), to(Status::Feedback), to(Status::InProgress), hold]
        {
            assert_eq!(good.check(), Ok(()), "{good:?}");
        }
        let mine = MacroSteps { assigns_me: true, ..MacroSteps::default() };
        assert_eq!(mine.check(), Ok(()));

        assert_eq!(wrong(&MacroSteps::default()), ["/comment required"]);
        assert_eq!(wrong(&to(Status::New)), ["/to not_applicable"]);
        assert_eq!(wrong(&to(Status::OnHold)), ["/waiting_on required"]);
        assert_eq!(wrong(&to(Status::Closed)), ["/close_reason required"]);
        let silent = MacroSteps { comment: None, ..to(Status::Feedback) };
        assert_eq!(wrong(&silent), ["/comment required"]);
        let quiet = MacroSteps { internal: true, ..to(Status::Resolved) };
        assert_eq!(wrong(&quiet), ["/internal not_applicable"]);
        let reasoned = MacroSteps { waiting_on: Some(WaitingOn::Repair), ..saying("Ждем.") };
        assert_eq!(wrong(&reasoned), ["/waiting_on not_applicable"]);
        let duplicate = Some(RefusalReason::AlreadyRegistered);
        let duplicate = MacroSteps { refusal_reason: duplicate, ..to(Status::Rejected) };
        assert_eq!(wrong(&duplicate), ["/refusal_reason not_applicable"]);
        let both = MacroSteps { assignee_id: Some(2), ..mine };
        assert_eq!(wrong(&both), ["/assigns_me conflicts"]);
        let reason = Some(CloseReason::NoLongerRelevant);
        let given = MacroSteps { close_reason: reason, assigns_me: true, ..to(Status::Closed) };
        assert_eq!(wrong(&given), ["/assigns_me not_applicable"]);
        assert_eq!(wrong(&saying("№{ticket.nr}")), ["/comment unknown_variable"]);
    }
}
