//! 2.5: what a confirmation is, who gives it, and its rating.

use serde_json::{Value, json};

use crate::support::{STATUSES, TestApp};

/// 2.5: only a resolved ticket can be confirmed.
#[test]
fn c2_5_only_a_resolved_ticket_is_confirmed() {
    let app = TestApp::spawn();

    for status in STATUSES.into_iter().filter(|it| *it != "resolved") {
        let id = app.ticket(status);
        let before = app.snapshot(id);
        let response =
            app.customer().confirms_with(id, json!({ "comment": "Работает.", "rating": 5 }));

        let is_finished = ["closed", "rejected"].contains(&status);
        let code = if is_finished { "ticket_closed" } else { "not_resolved" };
        assert_eq!((response.status, response.code()), (409, code), "{status}");
        assert_eq!(app.snapshot(id), before);
    }
}

/// 2.5: only customers of the company confirm.
#[test]
fn c2_5_nobody_else_confirms() {
    let app = TestApp::spawn();
    let id = app.ticket("resolved");
    let before = app.snapshot(id);
    let path = format!("/tickets/{id}/confirmation");

    for person in [app.engineer(), app.admin(), app.commercial()] {
        assert_eq!(person.post(&path, json!({})).status, 403);
    }
    assert_eq!(app.stranger().post(&path, json!({})).status, 404);

    assert_eq!(app.snapshot(id), before);
}

/// 2.5: a ticket that goes back to work has to be confirmed again.
#[test]
fn c2_5_going_back_to_work_withdraws_the_confirmation() {
    let app = TestApp::spawn();

    for (person, to) in [(app.engineer(), "feedback"), (app.customer(), "in_progress")] {
        let id = app.ticket("resolved");
        app.customer().confirms_with(id, json!({ "rating": 4 })).expect(200);
        let back = person.moves(id, json!({ "to": to, "comment": "Снова не работает." }));
        assert_eq!((back.status, &back.body["confirmed_at"]), (200, &Value::Null));

        assert_eq!(app.engineer().closes_confirmed(id, None).code(), "confirmation_missing");
        app.engineer().resolves(id, "Теперь да.");
        assert_eq!(app.engineer().closes_confirmed(id, None).code(), "confirmation_missing");
    }
}

/// 2.5: a rating is between 1 and 5.
#[test]
fn c2_5_a_rating_is_one_to_five() {
    let app = TestApp::spawn();
    let id = app.ticket("resolved");
    let before = app.snapshot(id);

    for (rating, code) in [
        (json!(0), "too_small"),
        (json!(6), "too_large"),
        (json!(-3), "too_small"),
        (json!(4.5), "wrong_type"),
        (json!("5"), "wrong_type"),
    ] {
        let response = app.customer().confirms_with(id, json!({ "rating": rating }));
        assert_eq!((response.status, response.errors()), (422, vec![format!("/rating {code}")]));
    }
    let blank = app.customer().confirms_with(id, json!({ "comment": "  " }));
    assert_eq!((blank.status, blank.errors()), (422, vec!["/comment blank".to_owned()]));

    assert_eq!(app.snapshot(id), before);
}

/// 2.5: a second confirmation may add the rating; one that adds nothing changes nothing.
#[test]
fn c2_5_a_second_confirmation_brings_a_rating() {
    let app = TestApp::spawn();
    let id = app.ticket("resolved");
    let first = app.customer().confirms_with(id, json!({})).expect(200);

    let second = app.customer().confirms_with(id, json!({ "rating": 3 }));
    let before = app.snapshot(id);
    let third = app.customer().confirms_with(id, json!({}));

    assert_eq!((second.status, &second.body["rating"]), (200, &json!(3)));
    assert_eq!(second.body["confirmed_at"], first.body["confirmed_at"]);
    assert_eq!((third.status, &third.body["rating"]), (200, &json!(3)));
    assert_eq!(app.snapshot(id), before);
}
