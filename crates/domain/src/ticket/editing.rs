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

/// What only support may change.
const SUPPORTS_FIELDS: &[&str] =
    &["tracker", "priority", "complexity", "project_id", "release_id", "reason"];

/// The fields whose change needs a reason.
const FIELDS_WITH_REASON: &[&str] = &["priority", "complexity"];

/// Whether a field is one that somebody may edit.
pub fn is_editable(field: &str) -> bool {
    CUSTOMERS_FIELDS.contains(&field) || SUPPORTS_FIELDS.contains(&field)
}

/// The fields of a ticket in this status that somebody may edit, without the `reason` that goes with some.
pub(super) fn editable_by(status: Status, actor: Actor) -> Vec<&'static str> {
    let supports = SUPPORTS_FIELDS.iter().filter(|it| actor.is_support() && **it != "reason");
    let fields = CUSTOMERS_FIELDS.iter().chain(supports).copied();
    fields.filter(|_| !status.is_final()).collect()
}

/// Whether people of this role may edit these fields of a ticket in this status.
/// Errors: [`RuleViolation::TicketClosed`] on a finished ticket; [`RuleViolation::Invalid`]
/// naming each field that the role may not set, and a reason that is missing or
/// has nothing to explain.
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

/// Whether the author of a comment may change its text: only while the ticket is open, and a customer may not
/// add anything rude (3.4.1.3).
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
mod tests;
