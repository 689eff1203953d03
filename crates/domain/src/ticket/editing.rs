//! Who may edit which field of a ticket (section 2 of the contract, «Editing»).

use crate::reasons::RefusalReason;
use crate::role::Actor;
use crate::status::Status;
use crate::violation::{FieldCode, FieldError, RuleViolation, check_none};

use super::action::Correction;

/// What customers may correct; support may, too.
const CUSTOMERS_FIELDS: &[&str] = &[
    "subject",
    "description",
    "product_id",
    "product_name",
    "parent_id",
    "external_ref",
    "serial_number",
    "software_version",
    "connection_scheme",
    "addresses",
    "steps",
    "cause",
    "expected_result",
];

/// What support alone may change.
const SUPPORTS_FIELDS: &[&str] =
    &["tracker", "priority", "complexity", "project_id", "release_id", "reason"];

/// The fields whose change needs a reason.
const FIELDS_WITH_REASON: &[&str] = &["priority", "complexity"];

/// Whether a field is one that somebody may edit.
pub fn is_editable(field: &str) -> bool {
    CUSTOMERS_FIELDS.contains(&field) || SUPPORTS_FIELDS.contains(&field)
}

/// Whether people of this role may edit these fields of a ticket in this status.
/// Errors: [`RuleViolation::TicketClosed`] on a finished ticket; [`RuleViolation::Invalid`]
/// naming each field that the role may not set, and a reason that is missing or has nothing to
/// explain.
pub(super) fn check(
    status: Status,
    actor: impl Into<Actor>,
    fields: &[&str],
) -> Result<(), RuleViolation> {
    let is_support = actor.into().is_support();
    if status.is_final() {
        return Err(RuleViolation::TicketClosed);
    }
    let forbidden = fields
        .iter()
        .filter(|it| !(is_support || CUSTOMERS_FIELDS.contains(it)))
        .map(|it| FieldError::new(format!("/{it}"), FieldCode::NotPermitted));
    check_none(forbidden.chain(reason_error(is_support, fields)).collect())
}

fn reason_error(is_support: bool, fields: &[&str]) -> Option<FieldError> {
    let is_needed = fields.iter().any(|it| FIELDS_WITH_REASON.contains(it));
    let code = match (is_needed, fields.contains(&"reason")) {
        (true, false) => FieldCode::Required,
        (false, true) => FieldCode::NotApplicable,
        (true, true) | (false, false) => return None,
    };
    is_support.then(|| FieldError::new("/reason", code))
}

/// Whether the author of a comment may let it say something else: while the ticket is open, and a
/// customer nothing rude that was not there before (3.4.1.3).
/// Errors: [`RuleViolation::TicketClosed`]; [`RuleViolation::Registration`] of a rude text.
pub(super) fn check_comment(
    status: Status,
    actor: impl Into<Actor>,
    correction: &Correction,
) -> Result<(), RuleViolation> {
    if status.is_final() {
        return Err(RuleViolation::TicketClosed);
    }
    let is_changed = correction.before != correction.after;
    if actor.into().is_customer() && is_changed && correction.is_rude {
        return Err(RuleViolation::Registration(RefusalReason::Impolite));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::impolite::is_impolite;
    use crate::role::Role;

    fn corrected(before: &str, after: &str) -> Correction {
        let (is_rude, after) = (is_impolite(after), after.to_owned());
        Correction { is_internal: false, before: before.to_owned(), after, is_rude }
    }

    /// 2.5: a finished ticket is edited by nobody.
    #[test]
    fn c2_5_a_finished_ticket_is_not_edited() {
        for status in [Status::Closed, Status::Rejected] {
            for role in Role::ALL {
                assert_eq!(check(status, *role, &["subject"]), Err(RuleViolation::TicketClosed));
            }
        }
    }

    /// 4, 3.4.1.3: a comment is corrected while its ticket is open, and stays polite.
    #[test]
    fn c4_a_comment_is_corrected_politely_while_the_ticket_is_open() {
        for status in Status::ALL {
            let checked = check_comment(*status, Role::Customer, &corrected("Порт 1.", "Порт 2."));
            assert_eq!(checked.is_ok(), !status.is_final(), "{status}");
        }
        let rude = "Вы там совсем охуели?";
        let refused = Err(RuleViolation::Registration(RefusalReason::Impolite));
        assert_eq!(
            check_comment(Status::New, Role::Customer, &corrected("Порт 1.", rude)),
            refused
        );
        assert!(check_comment(Status::New, Role::Customer, &corrected(rude, rude)).is_ok());
        assert!(check_comment(Status::New, Role::Engineer, &corrected("Порт 1.", rude)).is_ok());
    }

    /// 2.5: customers correct what they wrote; only support re-grades, and says why.
    #[test]
    fn c2_5_support_alone_regrades_and_gives_a_reason() {
        assert!(check(Status::New, Role::Customer, CUSTOMERS_FIELDS).is_ok());
        assert!(check(Status::New, Role::Engineer, &["tracker"]).is_ok());
        assert!(check(Status::New, Role::Engineer, &["priority", "reason"]).is_ok());

        let refused = |pointer, code| Err(RuleViolation::field(pointer, code));
        let by_customer = check(Status::New, Role::Customer, &["tracker"]);
        assert_eq!(by_customer, refused("/tracker", FieldCode::NotPermitted));
        let unexplained = check(Status::New, Role::Admin, &["complexity"]);
        assert_eq!(unexplained, refused("/reason", FieldCode::Required));
        let pointless = check(Status::New, Role::Engineer, &["subject", "reason"]);
        assert_eq!(pointless, refused("/reason", FieldCode::NotApplicable));
    }
}
