//! 2.5: what a transition cannot be made without, and whether it was given.

mod fields;

use crate::reasons::{CloseReason, RefusalReason};
use crate::role::{Actor, Role};
use crate::status::Status;
use crate::string_enum;
use crate::violation::{FieldCode, FieldError, RuleViolation, check_none};
use crate::workflow::Transition;

pub use fields::{TransitionFields, Visibility};

string_enum! {
    /// A requirement of a transition.
    Need {
        /// Every required field of 3.2.
        RequiredFields = "required_fields" ("Обязательные поля", "Міндетті өрістер", "The required fields"),
        /// A comment, public or internal.
        Comment = "comment" ("Комментарий", "Пікір", "A comment"),
        /// A comment that the customer can read.
        PublicComment = "public_comment" ("Комментарий, видимый заказчику", "Тапсырыс берушіге көрінетін пікір", "A comment that the customer can read"),
        /// `comment` or `release_id`.
        CommentOrRelease = "comment_or_release" ("Комментарий или релиз", "Пікір немесе релиз", "A comment or a release"),
        /// `refusal_reason`, and `duplicate_of` where the reason is `already_registered`.
        RefusalReason = "refusal_reason" ("Причина отклонения", "Қабылдамау себебі", "The reason for the rejection"),
        /// `waiting_on`.
        WaitingOn = "waiting_on" ("Чего ждем", "Не күтілуде", "What the ticket waits for"),
        /// `close_reason`.
        CloseReason = "close_reason" ("Причина закрытия", "Жабу себебі", "The reason for closing"),
        /// The customer's confirmation, or `confirmation_comment_id` that names it.
        Confirmation = "confirmation" ("Подтверждение заказчика", "Тапсырыс берушінің растауы", "The customer's confirmation"),
        /// `topic_id`; only if a setting requires it and the ticket has no topic yet.
        Topic = "topic" ("Тема обращения", "Өтініш тақырыбы", "The topic"),
        /// `root_cause`; only if a setting requires it and the ticket has none yet.
        RootCause = "root_cause" ("Первопричина", "Түпкі себеп", "The root cause"),
    }
}

/// What a ticket lacks of what a setting requires of solved tickets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct MissingClassification {
    pub topic: bool,
    pub root_cause: bool,
}

impl Transition {
    /// Checks that everything that the transition needs is given, and nothing that does not apply to it.
    ///
    /// `comment_pointer` is the JSON pointer to the comment in the request; `confirmed` says whether the
    /// customer has confirmed the solution already, and `missing_classification` what the ticket still has
    /// to state.
    /// Errors: [`RuleViolation::Invalid`] naming each unmet need, then [`RuleViolation::ConfirmationMissing`].
    pub fn check(
        &self,
        fields: &TransitionFields,
        actor: impl Into<Actor>,
        comment_pointer: &str,
        confirmed: bool,
        missing_classification: MissingClassification,
    ) -> Result<(), RuleViolation> {
        let actor = actor.into();
        let needs = self.all_needs(actor, missing_classification);
        let unmet = needs.filter_map(|it| it.unmet(fields, actor, comment_pointer));
        check_none(unmet.chain(self.not_applicable(fields, actor)).collect())?;
        let excused =
            actor == Actor::Person(Role::Admin) && fields.close_reason == Some(CloseReason::Other);
        let confirmed = confirmed || fields.confirmation_comment_id.is_some() || excused;
        if self.needs.contains(&Need::Confirmation) && !confirmed {
            return Err(RuleViolation::ConfirmationMissing);
        }
        Ok(())
    }

    /// What the transition requires, including what a setting requires of solved tickets.
    pub fn all_needs(
        &self,
        actor: Actor,
        missing_classification: MissingClassification,
    ) -> impl Iterator<Item = Need> + use<> {
        let solves = self.solves(actor);
        let topic = (solves && missing_classification.topic).then_some(Need::Topic);
        let root_cause = (solves && missing_classification.root_cause).then_some(Need::RootCause);
        self.needs.iter().copied().chain(topic).chain(root_cause)
    }

    /// Whether support declares the ticket solved by the transition.
    const fn solves(&self, actor: Actor) -> bool {
        actor.is_support() && matches!(self.to, Status::Resolved | Status::Closed)
    }

    fn not_applicable(&self, fields: &TransitionFields, actor: Actor) -> Vec<FieldError> {
        let rejected_as_duplicate = fields.refusal_reason == Some(RefusalReason::AlreadyRegistered);
        let takes = |need| self.needs.contains(&need);
        // 2.2: support provides a release in any ticket, with a comment that the customer can read.
        let is_public = fields.comment == Some(Visibility::Public);
        let release = takes(Need::CommentOrRelease) || is_public && !actor.is_customer();
        [
            ("/close_reason", fields.close_reason.is_some(), takes(Need::CloseReason)),
            ("/refusal_reason", fields.refusal_reason.is_some(), takes(Need::RefusalReason)),
            ("/duplicate_of", fields.duplicate_of.is_some(), rejected_as_duplicate),
            ("/waiting_on", fields.waiting_on.is_some(), takes(Need::WaitingOn)),
            ("/release_id", fields.release_id.is_some(), release),
            (
                "/confirmation_comment_id",
                fields.confirmation_comment_id.is_some(),
                takes(Need::Confirmation),
            ),
            ("/topic_id", fields.topic_id.is_some(), self.solves(actor)),
            ("/root_cause", fields.root_cause.is_some(), self.solves(actor)),
        ]
        .into_iter()
        .filter(|(_, is_given, is_taken)| *is_given && !is_taken)
        .map(|(pointer, ..)| FieldError::new(pointer, FieldCode::NotApplicable))
        .collect()
    }
}

/// The members of [`TransitionFields`] besides the comment, refused where no transition is made; a release is
/// handed out without one, too.
/// Errors: [`RuleViolation::Invalid`] naming each one given.
pub fn check_without_move(
    fields: &TransitionFields,
    actor: impl Into<Actor>,
) -> Result<(), RuleViolation> {
    const STAY: Transition = Transition { from: None, to: Status::New, by: &[], needs: &[] };
    check_none(STAY.not_applicable(fields, actor.into()))
}

impl Need {
    /// The members of the request that meet the need.
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::RequiredFields => &[],
            Self::Comment | Self::PublicComment => &["comment"],
            Self::CommentOrRelease => &["comment", "release_id"],
            Self::RefusalReason => &["refusal_reason", "duplicate_of"],
            Self::WaitingOn => &["waiting_on"],
            Self::CloseReason => &["close_reason"],
            Self::Confirmation => &["confirmation_comment_id"],
            Self::Topic => &["topic_id"],
            Self::RootCause => &["root_cause"],
        }
    }

    fn unmet(self, fields: &TransitionFields, actor: Actor, comment: &str) -> Option<FieldError> {
        let missing = |pointer: &str| Some(FieldError::new(pointer, FieldCode::Required));
        match self {
            Self::RequiredFields | Self::Confirmation => None,
            Self::Comment => fields.comment.is_none().then(|| missing(comment))?,
            Self::PublicComment => match fields.comment {
                None => missing(comment),
                Some(Visibility::Internal) => {
                    Some(FieldError::new("/internal", FieldCode::NotApplicable))
                }
                Some(Visibility::Public) => None,
            },
            Self::CommentOrRelease => {
                let nothing = fields.comment.is_none() && fields.release_id.is_none();
                nothing.then(|| missing(comment))?
            }
            Self::Topic => fields.topic_id.is_none().then(|| missing("/topic_id"))?,
            Self::RootCause => fields.root_cause.is_none().then(|| missing("/root_cause"))?,
            Self::WaitingOn => fields.waiting_on.is_none().then(|| missing("/waiting_on"))?,
            Self::RefusalReason => match (fields.refusal_reason, fields.duplicate_of) {
                (None, _) => missing("/refusal_reason"),
                (Some(RefusalReason::AlreadyRegistered), None) => missing("/duplicate_of"),
                (Some(_), _) => None,
            },
            Self::CloseReason => match fields.close_reason {
                None => missing("/close_reason"),
                Some(reason) => {
                    let permitted = close_reasons(actor);
                    let words = || permitted.iter().map(ToString::to_string).collect();
                    (!permitted.contains(&reason))
                        .then(|| FieldError::new("/close_reason", FieldCode::NotOneOf(words())))
                }
            },
        }
    }
}

/// The reasons with which `actor` may close; `feedback_timeout` is the system's.
pub fn close_reasons(actor: impl Into<Actor>) -> &'static [CloseReason] {
    match actor.into() {
        Actor::Person(Role::Admin) => {
            &[CloseReason::ConfirmedByCustomer, CloseReason::NoLongerRelevant, CloseReason::Other]
        }
        Actor::Person(Role::Engineer) => {
            &[CloseReason::ConfirmedByCustomer, CloseReason::NoLongerRelevant]
        }
        Actor::Person(Role::Customer | Role::Commercial) => &[],
        Actor::System => &[CloseReason::FeedbackTimeout],
    }
}

#[cfg(test)]
mod tests;
