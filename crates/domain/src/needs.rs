//! 2.5: what a move cannot be made without, and whether it was given.

use crate::language::Text;
use crate::reasons::{CloseReason, RefusalReason, WaitingOn};
use crate::role::{Actor, Role};
use crate::status::Status;
use crate::string_enum::string_enum;
use crate::violation::{FieldCode, FieldError, RuleViolation};
use crate::workflow::Transition;

string_enum! {
    /// Something that a move cannot be made without.
    Need {
        /// Every required field of 3.2.
        RequiredFields = "required_fields",
        /// A comment, public or internal.
        Comment = "comment",
        /// A comment that the customer can read.
        PublicComment = "public_comment",
        /// `comment` or `release_id`.
        CommentOrRelease = "comment_or_release",
        /// `refusal_reason`, and `duplicate_of` where the reason is `already_registered`.
        RefusalReason = "refusal_reason",
        /// `waiting_on`.
        WaitingOn = "waiting_on",
        /// `close_reason`.
        CloseReason = "close_reason",
        /// The customer's confirmation, or `confirmation_comment_id` that names it.
        Confirmation = "confirmation",
    }
}

/// What accompanies a move.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransitionFields {
    /// A comment, and whether it is an internal note.
    pub comment: Option<Visibility>,
    /// Why the ticket is closed.
    pub close_reason: Option<CloseReason>,
    /// Why the ticket is rejected.
    pub refusal_reason: Option<RefusalReason>,
    /// The ticket that this one repeats.
    pub duplicate_of: Option<i64>,
    /// The release that is waited for or handed out.
    pub release_id: Option<i64>,
    /// What the ticket waits for.
    pub waiting_on: Option<WaitingOn>,
    /// The customer's comment that confirms the solution.
    pub confirmation_comment_id: Option<i64>,
}

/// Who may read a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody who sees the ticket.
    Public,
    /// Staff alone: an internal note.
    Internal,
}

impl Visibility {
    /// Whether a customer reads it.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Public)
    }
}

impl Transition {
    /// Whether everything that the move needs is given, and nothing that it has no use for.
    ///
    /// `comment_pointer` is where the request spells the comment; `confirmed` says whether the
    /// customer has confirmed the solution already.
    ///
    /// # Errors
    /// [`RuleViolation::Invalid`] naming each unmet need, then [`RuleViolation::ConfirmationMissing`].
    pub fn check(
        &self,
        given: &TransitionFields,
        actor: impl Into<Actor>,
        comment_pointer: &str,
        confirmed: bool,
    ) -> Result<(), RuleViolation> {
        let actor = actor.into();
        let unmet: Vec<FieldError> = self
            .needs
            .iter()
            .filter_map(|need| need.unmet(given, actor, comment_pointer))
            .collect();
        let useless = self.useless(given, actor);
        let errors: Vec<FieldError> = unmet.into_iter().chain(useless).collect();
        if !errors.is_empty() {
            return Err(RuleViolation::Invalid(errors));
        }
        let excused =
            actor == Actor::Person(Role::Admin) && given.close_reason == Some(CloseReason::Other);
        let confirmed = confirmed || given.confirmation_comment_id.is_some() || excused;
        if self.needs.contains(&Need::Confirmation) && !confirmed {
            return Err(RuleViolation::ConfirmationMissing);
        }
        Ok(())
    }

    fn useless(&self, given: &TransitionFields, actor: Actor) -> Vec<FieldError> {
        let rejected_as_duplicate = given.refusal_reason == Some(RefusalReason::AlreadyRegistered);
        let takes = |need| self.needs.contains(&need);
        // 2.2: support hands a release out in any ticket, where the customer reads of it.
        let is_told = given.comment == Some(Visibility::Public);
        let release = takes(Need::CommentOrRelease) || is_told && !actor.is_customer();
        [
            ("/close_reason", given.close_reason.is_some(), takes(Need::CloseReason)),
            ("/refusal_reason", given.refusal_reason.is_some(), takes(Need::RefusalReason)),
            ("/duplicate_of", given.duplicate_of.is_some(), rejected_as_duplicate),
            ("/waiting_on", given.waiting_on.is_some(), takes(Need::WaitingOn)),
            ("/release_id", given.release_id.is_some(), release),
            (
                "/confirmation_comment_id",
                given.confirmation_comment_id.is_some(),
                takes(Need::Confirmation),
            ),
        ]
        .into_iter()
        .filter(|(_, is_given, is_taken)| *is_given && !is_taken)
        .map(|(pointer, ..)| FieldError::new(pointer, FieldCode::NotApplicable))
        .collect()
    }
}

/// The members of [`TransitionFields`] beside the comment, refused where no move is made; a release is
/// handed out without one, too.
///
/// # Errors
/// [`RuleViolation::Invalid`] naming each one given.
pub fn check_without_move(
    given: &TransitionFields,
    actor: impl Into<Actor>,
) -> Result<(), RuleViolation> {
    const STAY: Transition = Transition { from: None, to: Status::New, by: &[], needs: &[] };
    match STAY.useless(given, actor.into()) {
        errors if errors.is_empty() => Ok(()),
        errors => Err(RuleViolation::Invalid(errors)),
    }
}

impl Need {
    /// What people call the need.
    #[rustfmt::skip]
    pub const fn label(self) -> Text {
        match self {
            Self::RequiredFields => Text::new("Обязательные поля", "Міндетті өрістер", "The required fields"),
            Self::Comment => Text::new("Комментарий", "Пікір", "A comment"),
            Self::PublicComment => Text::new("Комментарий, видимый заказчику", "Тапсырыс берушіге көрінетін пікір", "A comment that the customer can read"),
            Self::CommentOrRelease => Text::new("Комментарий или релиз", "Пікір немесе релиз", "A comment or a release"),
            Self::RefusalReason => Text::new("Причина отклонения", "Қабылдамау себебі", "The reason for the rejection"),
            Self::WaitingOn => Text::new("Чего ждем", "Не күтілуде", "What is waited for"),
            Self::CloseReason => Text::new("Причина закрытия", "Жабу себебі", "The reason for closing"),
            Self::Confirmation => Text::new("Подтверждение заказчика", "Тапсырыс берушінің растауы", "The customer's confirmation"),
        }
    }

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
        }
    }

    fn unmet(self, given: &TransitionFields, actor: Actor, comment: &str) -> Option<FieldError> {
        let missing = |pointer: &str| Some(FieldError::new(pointer, FieldCode::Required));
        match self {
            Self::RequiredFields | Self::Confirmation => None,
            Self::Comment => given.comment.is_none().then(|| missing(comment))?,
            Self::PublicComment => match given.comment {
                None => missing(comment),
                Some(Visibility::Internal) => {
                    Some(FieldError::new("/internal", FieldCode::NotApplicable))
                }
                Some(Visibility::Public) => None,
            },
            Self::CommentOrRelease => {
                let nothing = given.comment.is_none() && given.release_id.is_none();
                nothing.then(|| missing(comment))?
            }
            Self::WaitingOn => given.waiting_on.is_none().then(|| missing("/waiting_on"))?,
            Self::RefusalReason => match (given.refusal_reason, given.duplicate_of) {
                (None, _) => missing("/refusal_reason"),
                (Some(RefusalReason::AlreadyRegistered), None) => missing("/duplicate_of"),
                (Some(_), _) => None,
            },
            Self::CloseReason => match given.close_reason {
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
mod tests {
    use super::*;
    use crate::workflow::transition;

    fn refused(
        from: Status,
        to: Status,
        role: Role,
        given: &TransitionFields,
    ) -> Option<Vec<(String, &'static str)>> {
        let found = transition(from, to, role).expect("a move of the table");
        match found.check(given, role, "/comment", false) {
            Err(RuleViolation::Invalid(errors)) => {
                Some(errors.into_iter().map(|it| (it.pointer, it.code.as_str())).collect())
            }
            Err(other) => panic!("{other:?}"),
            Ok(()) => None,
        }
    }

    /// 2.5: every unmet need of a move is named, at once.
    #[test]
    fn c2_5_unmet_needs_are_named_together() {
        let nothing = TransitionFields::default();
        let errors = |from, to, role| refused(from, to, role, &nothing).unwrap_or_default();
        let required = |pointer: &str| (pointer.to_owned(), "required");

        let hold = errors(Status::InProgress, Status::OnHold, Role::Engineer);
        assert_eq!(hold, [required("/comment"), required("/waiting_on")]);
        let rejection = errors(Status::New, Status::Rejected, Role::Engineer);
        assert_eq!(rejection, [required("/refusal_reason"), required("/comment")]);
        let closing = errors(Status::Resolved, Status::Closed, Role::Engineer);
        assert_eq!(closing, [required("/close_reason"), required("/comment")]);
        let release = errors(Status::InProgress, Status::AwaitingRelease, Role::Engineer);
        assert_eq!(release, [required("/comment")]);
        assert!(errors(Status::New, Status::InProgress, Role::Engineer).is_empty());
        assert!(errors(Status::Feedback, Status::InProgress, Role::Engineer).is_empty());
    }

    /// 3.4.1.4: a rejection as a duplicate names the ticket it repeats; no other one may.
    #[test]
    fn c3_4_1_4_a_duplicate_names_the_first_ticket() {
        let given = TransitionFields {
            comment: Some(Visibility::Public),
            refusal_reason: Some(RefusalReason::AlreadyRegistered),
            ..TransitionFields::default()
        };
        let other = TransitionFields {
            refusal_reason: Some(RefusalReason::OutOfScope),
            duplicate_of: Some(1),
            ..given.clone()
        };

        let unnamed = refused(Status::New, Status::Rejected, Role::Engineer, &given);
        let useless = refused(Status::New, Status::Rejected, Role::Engineer, &other);

        assert_eq!(unnamed, Some(vec![("/duplicate_of".to_owned(), "required")]));
        assert_eq!(useless, Some(vec![("/duplicate_of".to_owned(), "not_applicable")]));
    }

    /// 2.5: an internal note is no answer to the customer.
    #[test]
    fn c2_5_a_public_comment_is_one_that_the_customer_reads() {
        let given =
            TransitionFields { comment: Some(Visibility::Internal), ..TransitionFields::default() };

        let feedback = refused(Status::InProgress, Status::Feedback, Role::Engineer, &given);

        assert_eq!(feedback, Some(vec![("/internal".to_owned(), "not_applicable")]));
    }

    /// 2.2: support hands a release out in a comment that the customer reads, with a move or
    /// without; nobody else does.
    #[test]
    fn c2_2_support_hands_a_release_out_in_a_public_comment() {
        let given = |comment| TransitionFields {
            comment,
            release_id: Some(1),
            ..TransitionFields::default()
        };
        let without_move = |comment, actor| check_without_move(&given(comment), actor).is_ok();
        let solved = |comment| {
            refused(Status::Feedback, Status::Resolved, Role::Engineer, &given(comment)).is_none()
        };

        assert!(without_move(Some(Visibility::Public), Actor::Person(Role::Engineer)));
        assert!(without_move(Some(Visibility::Public), Actor::System));
        assert!(!without_move(Some(Visibility::Internal), Actor::Person(Role::Engineer)));
        assert!(!without_move(None, Actor::Person(Role::Admin)));
        assert!(!without_move(Some(Visibility::Public), Actor::Person(Role::Customer)));
        assert!(solved(Some(Visibility::Public)) && !solved(Some(Visibility::Internal)));
        let awaited = given(None);
        let wait = refused(Status::InProgress, Status::AwaitingRelease, Role::Engineer, &awaited);
        assert_eq!(wait, None);
    }

    /// 2.5: closing needs a confirmation; only an admin with `other` is excused.
    #[test]
    fn c2_5_only_an_admin_closes_without_a_confirmation() {
        let given = |reason| TransitionFields {
            comment: Some(Visibility::Public),
            close_reason: Some(reason),
            ..TransitionFields::default()
        };
        let close = |reason, role, confirmed| {
            let found = transition(Status::Resolved, Status::Closed, role).expect("a move");
            found.check(&given(reason), role, "/comment", confirmed)
        };

        let confirmed = CloseReason::ConfirmedByCustomer;
        assert_eq!(
            close(confirmed, Role::Engineer, false),
            Err(RuleViolation::ConfirmationMissing)
        );
        assert_eq!(close(confirmed, Role::Admin, false), Err(RuleViolation::ConfirmationMissing));
        assert_eq!(close(confirmed, Role::Engineer, true), Ok(()));
        assert_eq!(close(CloseReason::Other, Role::Admin, false), Ok(()));
        assert!(matches!(
            close(CloseReason::Other, Role::Engineer, true),
            Err(RuleViolation::Invalid(_))
        ));
        let timeout = close(CloseReason::FeedbackTimeout, Role::Admin, true);
        assert!(matches!(timeout, Err(RuleViolation::Invalid(_))));
    }

    /// 2.5: the system closes by time-out, without a comment or a confirmation.
    #[test]
    fn c2_5_the_system_closes_by_time_out_alone() {
        let found =
            transition(Status::Feedback, Status::Closed, Actor::System).expect("the system's move");
        let close = |reason| {
            let given = TransitionFields { close_reason: reason, ..TransitionFields::default() };
            found.check(&given, Actor::System, "/comment", false)
        };

        assert_eq!(close(Some(CloseReason::FeedbackTimeout)), Ok(()));
        assert!(matches!(close(Some(CloseReason::Other)), Err(RuleViolation::Invalid(_))));
        assert!(matches!(close(None), Err(RuleViolation::Invalid(_))));
    }
}
