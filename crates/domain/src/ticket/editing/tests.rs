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
    assert_eq!(check_comment(Status::New, Role::Customer, &corrected("Порт 1.", rude)), refused);
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
