//! 4.2.2: the transitions that comments make, implied or named.

use serde_json::json;

use crate::support::{STATUSES, TestApp};

/// 4.2.2: a customer's comment that names no status: where it leaves the ticket, and who has to
/// act then.
#[test]
fn c4_2_2_a_customers_comment_does_what_the_status_says() {
    let app = TestApp::spawn();

    for (status, after) in [
        ("new", "new"),
        ("in_progress", "in_progress"),
        ("feedback", "in_progress"),
        ("awaiting_release", "awaiting_release"),
        ("on_hold", "on_hold"),
        ("resolved", "resolved"),
    ] {
        let id = app.ticket(status);
        let response = app.customer().replies(id, "Не помогло, лог прилагаю.");
        let ticket = app.customer().ticket(id);

        assert_eq!(
            (response.status, &response.body["ticket_status"]),
            (201, &json!(after)),
            "{status}"
        );
        assert_eq!(ticket["status"], json!(after));
        assert_eq!(ticket["needs_action_from"], json!("support"), "{status}");
    }
}

/// 4.2.2: not only the author may answer for the company.
#[test]
fn c4_2_2_a_colleagues_comment_brings_feedback_back_to_work() {
    let app = TestApp::spawn();
    let id = app.ticket("feedback");

    let response = app.colleague().replies(id, "Сделали, ошибка осталась.");

    assert_eq!(response.body["ticket_status"], json!("in_progress"));
    assert_eq!(response.body["author"]["id"], json!(app.colleague().id));
}

/// 4.2.2: a comment of support that names no status moves nothing.
#[test]
fn c4_2_2_a_comment_of_support_moves_nothing() {
    let app = TestApp::spawn();

    for status in STATUSES {
        let id = app.ticket(status);
        let response = app.engineer().replies(id, "Проверяем на стенде.");

        assert_eq!((response.status, &response.body["ticket_status"]), (201, &json!(status)));
    }
}

/// 4.2.2: a comment that names the present status is a plain comment; as a transition of its own
/// it is refused.
#[test]
fn c4_2_2_naming_the_present_status_is_a_plain_comment() {
    let app = TestApp::spawn();

    for status in STATUSES {
        let id = app.ticket(status);
        let is_finished = ["closed", "rejected"].contains(&status);
        let before = app.snapshot(id);
        let asked = json!({ "to": status, "comment": "Пока так." });
        for person in [app.customer(), app.engineer(), app.admin()] {
            let refused = person.moves(id, asked.clone());
            assert_eq!((refused.status, refused.code()), (409, "transition_not_allowed"));
        }
        assert_eq!(app.snapshot(id), before);

        let speaker = if is_finished { app.engineer() } else { app.customer() };
        let response = speaker.says(id, json!({ "body": "Пока так.", "status": status }));
        let after = app.snapshot(id);
        assert_eq!((response.status, &response.body["ticket_status"]), (201, &json!(status)));
        assert_eq!(after["status"], before["status"]);
        let last = after["history"].as_array().unwrap().last().unwrap();
        assert_eq!(last["type"], json!("ticket.commented"));
    }
}

/// 4.2.2: a comment carries a transition, with all that the transition needs, as one event.
#[test]
fn c4_2_2_a_comment_carries_a_move() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");

    let comment = json!({ "body": "Плата едет.", "status": "on_hold", "waiting_on": "delivery" });
    let response = app.engineer().says(id, comment);

    assert_eq!((response.status, &response.body["ticket_status"]), (201, &json!("on_hold")));
    let ticket = app.snapshot(id);
    assert_eq!(ticket["waiting_on"], json!("delivery"));
    let last = ticket["history"].as_array().unwrap().last().unwrap();
    assert_eq!(last["type"], json!("ticket.status_changed"));
    assert_eq!(last["comment_id"], json!(response.id()));
}

/// 4.2.2: the comment and its transition happen together or not at all.
#[test]
fn c4_2_2_a_refused_move_leaves_no_comment() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let before = app.snapshot(id);

    let forbidden = app.engineer().says(id, json!({ "body": "Готово.", "status": "closed" }));
    let unmet = app.engineer().says(id, json!({ "body": "Нет.", "status": "rejected" }));
    let foreign = json!({
        "body": "Повтор.",
        "status": "rejected",
        "refusal_reason": "already_registered",
        "duplicate_of": 987_654_321,
    });
    let foreign = app.engineer().says(id, foreign);
    let useless = json!({ "body": "Ждем.", "waiting_on": "repair" });
    let useless = app.engineer().says(id, useless);

    assert_eq!((forbidden.status, forbidden.code()), (409, "transition_not_allowed"));
    assert_eq!(forbidden.body["allowed"], json!(["in_progress", "rejected"]));
    assert_eq!(unmet.errors(), ["/refusal_reason required"]);
    assert_eq!(foreign.errors(), ["/duplicate_of not_found"]);
    assert_eq!(useless.errors(), ["/waiting_on not_applicable"]);
    assert_eq!(app.snapshot(id), before);
}
