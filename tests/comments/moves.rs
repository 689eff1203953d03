//! 4.2.2: the moves that comments make, by themselves or named.

use serde_json::json;

use crate::comments::posting::{say, show};
use crate::support::TestApp;
use crate::tickets::lifecycle::workflow::{STATUSES, whole};

/// 4.2.2: a customer's comment without a named status: where it leaves the ticket, and who has
/// to act then.
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
        let reply = say(&app.customer(), id, json!({ "body": "Не помогло, лог прилагаю." }));
        let ticket = show(&app.customer(), id);

        assert_eq!((reply.status, &reply.body["ticket_status"]), (201, &json!(after)), "{status}");
        assert_eq!(ticket["status"], json!(after));
        assert_eq!(ticket["needs_action_from"], json!("support"), "{status}");
    }
}

/// 4.2.2: who may answer for the company is not the author alone.
#[test]
fn c4_2_2_a_colleagues_comment_brings_feedback_back_to_work() {
    let app = TestApp::spawn();
    let id = app.ticket("feedback");

    let reply = say(&app.colleague(), id, json!({ "body": "Сделали, ошибка осталась." }));

    assert_eq!(reply.body["ticket_status"], json!("in_progress"));
    assert_eq!(reply.body["author"]["id"], json!(app.colleague().id));
}

/// 4.2.2: support's comment without a named status moves nothing.
#[test]
fn c4_2_2_a_comment_of_support_moves_nothing() {
    let app = TestApp::spawn();

    for status in STATUSES {
        let id = app.ticket(status);
        let reply = say(&app.engineer(), id, json!({ "body": "Проверяем на стенде." }));

        assert_eq!((reply.status, &reply.body["ticket_status"]), (201, &json!(status)));
    }
}

/// 4.2.2: a comment that names the status the ticket has already makes no move; as a move of
/// its own it is refused.
#[test]
fn c4_2_2_naming_the_present_status_is_a_plain_comment() {
    let app = TestApp::spawn();

    for status in STATUSES {
        let id = app.ticket(status);
        let is_finished = ["closed", "rejected"].contains(&status);
        let before = whole(&app, id);
        let asked = json!({ "to": status, "comment": "Пока так." });
        for person in [app.customer(), app.engineer(), app.admin()] {
            let refused = person.post(&format!("/tickets/{id}/transitions"), asked.clone());
            assert_eq!((refused.status, refused.code()), (409, "transition_not_allowed"));
        }
        assert_eq!(whole(&app, id), before);

        let speaker = if is_finished { app.engineer() } else { app.customer() };
        let reply = say(&speaker, id, json!({ "body": "Пока так.", "status": status }));
        let after = whole(&app, id);
        assert_eq!((reply.status, &reply.body["ticket_status"]), (201, &json!(status)));
        assert_eq!(after["status"], before["status"]);
        let last = after["history"].as_array().unwrap().last().unwrap();
        assert_eq!(last["type"], json!("ticket.commented"));
    }
}

/// 4.2.2: a comment carries a move, with all that the move needs, as one event.
#[test]
fn c4_2_2_a_comment_carries_a_move() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");

    let said = json!({ "body": "Плата едет.", "status": "on_hold", "waiting_on": "delivery" });
    let reply = say(&app.engineer(), id, said);

    assert_eq!((reply.status, &reply.body["ticket_status"]), (201, &json!("on_hold")));
    let ticket = whole(&app, id);
    assert_eq!(ticket["waiting_on"], json!("delivery"));
    let last = ticket["history"].as_array().unwrap().last().unwrap();
    assert_eq!(last["type"], json!("ticket.status_changed"));
    assert_eq!(last["comment_id"], json!(reply.id()));
}

/// 4.2.2: the comment and its move happen together or not at all.
#[test]
fn c4_2_2_a_refused_move_leaves_no_comment() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let before = whole(&app, id);

    let forbidden = say(&app.engineer(), id, json!({ "body": "Готово.", "status": "closed" }));
    let unmet = say(&app.engineer(), id, json!({ "body": "Нет.", "status": "rejected" }));
    let foreign = json!({
        "body": "Повтор.",
        "status": "rejected",
        "refusal_reason": "already_registered",
        "duplicate_of": 987_654_321,
    });
    let foreign = say(&app.engineer(), id, foreign);
    let useless = json!({ "body": "Ждем.", "waiting_on": "repair" });
    let useless = say(&app.engineer(), id, useless);

    assert_eq!((forbidden.status, forbidden.code()), (409, "transition_not_allowed"));
    assert_eq!(forbidden.body["allowed"], json!(["in_progress", "rejected"]));
    assert_eq!(unmet.errors(), ["/refusal_reason required"]);
    assert_eq!(foreign.errors(), ["/duplicate_of not_found"]);
    assert_eq!(useless.errors(), ["/waiting_on not_applicable"]);
    assert_eq!(whole(&app, id), before);
}
