//! 2.5: what the moves need, and what they have no use for.

use serde_json::{Value, json};

use crate::support::TestApp;
use crate::tickets::lifecycle::moves::go;
use crate::tickets::lifecycle::workflow::{
    CLOSE, STATUSES, TABLE, body, moves, person, remark, whole,
};

/// 2.5: a move without what it needs is refused, and every unmet need is named at once.
#[test]
fn c2_5_unmet_needs_are_named_together() {
    let app = TestApp::spawn();

    for from in STATUSES {
        let id = app.ticket(from);
        let before = whole(&app, id);
        for (row, role) in moves().filter(|(row, _)| row.0 == from) {
            let unmet = row.3.iter().filter_map(|need| pointer(need));
            let errors: Vec<String> = unmet.map(|it| format!("{it} required")).collect();
            if errors.is_empty() {
                continue;
            }
            let path = format!("/tickets/{id}/transitions");
            let reply = person(&app, role).post(&path, json!({ "to": row.1 }));

            assert_eq!((reply.status, reply.code()), (422, "validation_failed"), "{row:?}");
            assert_eq!(reply.errors(), errors, "{role}: {row:?}");
        }
        assert_eq!(whole(&app, id), before, "{from}");
    }
}

/// Where a request that leaves this need unmet is told so.
fn pointer(need: &str) -> Option<&'static str> {
    match need {
        "waiting_on" => Some("/waiting_on"),
        "refusal_reason" => Some("/refusal_reason"),
        "close_reason" => Some("/close_reason"),
        "confirmation" => None,
        _ => Some("/comment"),
    }
}

/// 2.5: what a move has no use for is refused, all of it at once; nothing is ignored.
#[test]
fn c2_5_a_move_refuses_what_it_has_no_use_for() {
    let app = TestApp::spawn();
    let other = app.ticket("new");

    for from in STATUSES {
        let id = app.ticket(from);
        let said = if ["closed", "rejected"].contains(&from) { 0 } else { remark(&app, id, from) };
        let before = whole(&app, id);
        for (row, role) in moves().filter(|(row, _)| row.0 == from) {
            let mut wanted = body(row.1, CLOSE, said);
            for (member, value) in [
                ("refusal_reason", json!("out_of_scope")),
                ("duplicate_of", json!(other)),
                ("waiting_on", json!("repair")),
            ] {
                wanted[member] = value;
            }
            if said == 0 {
                wanted["confirmation_comment_id"] = Value::Null;
            }
            let reply = person(&app, role).post(&format!("/tickets/{id}/transitions"), wanted);

            let useless = [
                ("/close_reason", "close_reason"),
                ("/refusal_reason", "refusal_reason"),
                ("/duplicate_of", ""),
                ("/waiting_on", "waiting_on"),
                ("/confirmation_comment_id", "confirmation"),
            ];
            let useless = useless.into_iter().filter(|(_, need)| !row.3.contains(need));
            let expected: Vec<String> = useless
                .filter(|(_, need)| said != 0 || *need != "confirmation")
                .map(|(pointer, _)| format!("{pointer} not_applicable"))
                .collect();
            assert_eq!((reply.status, reply.code()), (422, "validation_failed"), "{row:?}");
            assert_eq!(reply.errors(), expected, "{role}: {row:?}");
        }
        assert_eq!(whole(&app, id), before, "{from}");
    }
}

/// 2.5: an internal note is no answer to the customer.
#[test]
fn c2_5_a_note_is_not_the_public_comment_that_a_move_needs() {
    let app = TestApp::spawn();

    for row in TABLE.iter().filter(|row| row.3.contains(&"public_comment")) {
        let id = app.ticket(row.0);
        let said = if row.3 == CLOSE { remark(&app, id, row.0) } else { 0 };
        let before = whole(&app, id);
        let mut wanted = body(row.1, row.3, said);
        wanted["internal"] = json!(true);
        let reply = app.engineer().post(&format!("/tickets/{id}/transitions"), wanted);

        assert_eq!(reply.status, 422);
        assert_eq!(reply.errors(), ["/internal not_applicable"]);
        assert_eq!(whole(&app, id), before, "{row:?}");
    }
}

/// 2.5: every wrong member of a move is told in one answer, those that name other things too.
#[test]
fn c2_5_wrong_references_are_told_with_the_unmet_needs() {
    let app = TestApp::spawn();
    let (id, fresh) = (app.ticket("resolved"), app.ticket("new"));
    let before = [id, fresh].map(|it| whole(&app, it));

    let close = json!({ "to": "closed", "confirmation_comment_id": 987_654_321 });
    let closing = go(&app.engineer(), id, close);
    let reject = json!({
        "to": "rejected",
        "refusal_reason": "already_registered",
        "duplicate_of": fresh,
        "waiting_on": "repair",
    });
    let rejection = go(&app.engineer(), fresh, reject);
    let hold = json!({ "to": "on_hold", "confirmation_comment_id": 987_654_321 });
    let forbidden = go(&app.engineer(), id, hold);

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
    assert_eq!([id, fresh].map(|it| whole(&app, it)), before);
}
