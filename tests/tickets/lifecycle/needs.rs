//! 2.5: what the transitions need, and what they do not take.

use serde_json::{Value, json};

use super::table::{CLOSE, TABLE, body, transitions};
use crate::support::{STATUSES, TestApp};

/// 2.5: a transition without what it needs is refused, with every unmet need at once.
#[test]
fn c2_5_unmet_needs_are_named_together() {
    let app = TestApp::spawn();

    for from in STATUSES {
        let id = app.ticket(from);
        let before = app.snapshot(id);
        for (row, role) in transitions().filter(|(it, _)| it.from == from) {
            let unmet = row.needs.iter().filter_map(|need| pointer(need));
            let errors: Vec<String> = unmet.map(|it| format!("{it} required")).collect();
            if errors.is_empty() {
                continue;
            }
            let response = app.with_role(role).moves(id, json!({ "to": row.to }));

            assert_eq!((response.status, response.code()), (422, "validation_failed"), "{row:?}");
            assert_eq!(response.errors(), errors, "{role}: {row:?}");
        }
        assert_eq!(app.snapshot(id), before, "{from}");
    }
}

/// The field that an unmet need is reported at.
fn pointer(need: &str) -> Option<&'static str> {
    match need {
        "waiting_on" => Some("/waiting_on"),
        "refusal_reason" => Some("/refusal_reason"),
        "close_reason" => Some("/close_reason"),
        "confirmation" => None,
        _ => Some("/comment"),
    }
}

/// 2.5: whatever a transition does not take is refused, all of it at once; nothing is ignored.
#[test]
fn c2_5_a_move_refuses_inapplicable_fields() {
    let app = TestApp::spawn();
    let other = app.ticket("new");

    for from in STATUSES {
        let id = app.ticket(from);
        let confirmation = if ["closed", "rejected"].contains(&from) {
            0
        } else {
            app.customer().remarks(id, from)
        };
        let before = app.snapshot(id);
        for (row, role) in transitions().filter(|(it, _)| it.from == from) {
            let mut wanted = body(row.to, CLOSE, confirmation);
            for (member, value) in [
                ("refusal_reason", json!("out_of_scope")),
                ("duplicate_of", json!(other)),
                ("waiting_on", json!("repair")),
            ] {
                wanted[member] = value;
            }
            if confirmation == 0 {
                wanted["confirmation_comment_id"] = Value::Null;
            }
            let response = app.with_role(role).moves(id, wanted);

            let useless = [
                ("/close_reason", "close_reason"),
                ("/refusal_reason", "refusal_reason"),
                ("/duplicate_of", ""),
                ("/waiting_on", "waiting_on"),
                ("/confirmation_comment_id", "confirmation"),
            ];
            let useless = useless.into_iter().filter(|(_, need)| !row.needs.contains(need));
            let expected: Vec<String> = useless
                .filter(|(_, need)| confirmation != 0 || *need != "confirmation")
                .map(|(pointer, _)| format!("{pointer} not_applicable"))
                .collect();
            assert_eq!((response.status, response.code()), (422, "validation_failed"), "{row:?}");
            assert_eq!(response.errors(), expected, "{role}: {row:?}");
        }
        assert_eq!(app.snapshot(id), before, "{from}");
    }
}

/// 2.5: an internal note is no reply to the customer.
#[test]
fn c2_5_a_note_is_not_the_public_comment_that_a_move_needs() {
    let app = TestApp::spawn();

    for row in TABLE.iter().filter(|row| row.needs.contains(&"public_comment")) {
        let id = app.ticket(row.from);
        let confirmation =
            if row.needs == CLOSE { app.customer().remarks(id, row.from) } else { 0 };
        let before = app.snapshot(id);
        let mut wanted = body(row.to, row.needs, confirmation);
        wanted["internal"] = json!(true);
        let response = app.engineer().moves(id, wanted);

        assert_eq!(response.status, 422);
        assert_eq!(response.errors(), ["/internal not_applicable"]);
        assert_eq!(app.snapshot(id), before, "{row:?}");
    }
}

/// 2.5: all errors of a transition are reported at once, wrong references included.
#[test]
fn c2_5_wrong_references_are_reported_with_the_unmet_needs() {
    let app = TestApp::spawn();
    let (id, fresh) = (app.ticket("resolved"), app.ticket("new"));
    let before = [id, fresh].map(|it| app.snapshot(it));

    let close = json!({ "to": "closed", "confirmation_comment_id": 987_654_321 });
    let closing = app.engineer().moves(id, close);
    let reject = json!({
        "to": "rejected",
        "refusal_reason": "already_registered",
        "duplicate_of": fresh,
        "waiting_on": "repair",
    });
    let rejection = app.engineer().moves(fresh, reject);
    let hold = json!({ "to": "on_hold", "confirmation_comment_id": 987_654_321 });
    let forbidden = app.engineer().moves(id, hold);

    assert_eq!(closing.status, 422);
    assert_eq!(
        closing.errors(),
        ["/close_reason required", "/comment required", "/confirmation_comment_id not_found",]
    );
    assert_eq!(
        rejection.errors(),
        ["/comment required", "/waiting_on not_applicable", "/duplicate_of circular",]
    );
    assert_eq!((forbidden.status, forbidden.code()), (409, "transition_not_allowed"));
    assert_eq!([id, fresh].map(|it| app.snapshot(it)), before);
}
