//! 4: posting comments, reading them, and what they do to the ticket.

use serde_json::json;

use crate::support::{TestApp, bodies, instant};

/// 4.2: a customer who comments on a finished ticket has to file a new one; support may comment.
#[test]
fn c4_2_a_finished_ticket_takes_comments_of_support_alone() {
    let app = TestApp::spawn();

    for status in ["closed", "rejected"] {
        let id = app.ticket(status);
        let before = app.snapshot(id);
        for body in [
            json!({ "body": "Опять не работает." }),
            json!({ "body": "Опять не работает.", "status": status }),
            json!({ "body": "Опять не работает.", "status": "in_progress" }),
        ] {
            let response = app.customer().says(id, body);
            assert_eq!((response.status, response.code()), (409, "ticket_closed"));
        }
        assert_eq!(app.snapshot(id), before);

        let response = app.engineer().replies(id, "Новая версия 3.24 это исправляет.");
        let after = app.customer().ticket(id);
        assert_eq!((response.status, &response.body["ticket_status"]), (201, &json!(status)));
        assert_eq!(after["version"], before["version"]);
        assert_eq!(after["needs_action_from"], json!("nobody"));
    }
}

/// 4, 2.5: an empty comment is refused.
#[test]
fn c4_2_a_comment_says_something() {
    let app = TestApp::spawn();
    let id = app.ticket("feedback");
    let before = app.snapshot(id);

    for (body, code) in [
        (json!({}), "required"),
        (json!({ "body": " \n\t" }), "blank"),
        (json!({ "body": "\u{200b}\u{feff} \u{3164}" }), "blank"),
        (json!({ "body": "я".repeat(50_001) }), "too_long"),
    ] {
        let response = app.customer().says(id, body);
        assert_eq!((response.status, response.errors()), (422, vec![format!("/body {code}")]));
    }

    assert_eq!(app.snapshot(id), before);
}

/// App. 2: the oldest comment comes first; pages follow each other without a gap, also where
/// internal notes lie between the comments that a customer may read.
#[test]
fn app2_comments_come_oldest_first_page_by_page() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    for number in 0..5 {
        app.engineer().replies(id, &format!("Ответ {number}"));
        app.engineer().writes_note(id, "Заметка");
    }

    let pages = app.customer().pages(&format!("/tickets/{id}/comments?limit=2"));

    let read: Vec<Vec<&str>> = pages.iter().map(|it| bodies(&it.body["items"])).collect();
    assert_eq!(read, [vec!["Ответ 0", "Ответ 1"], vec!["Ответ 2", "Ответ 3"], vec!["Ответ 4"]]);
    let times = pages.iter().flat_map(|it| it.items());
    assert!(times.map(|it| instant(&it["created_at"])).is_sorted());
}

/// A comment changes nothing in the ticket itself but the time of its last update.
#[test]
fn c4_2_a_comment_leaves_the_version_and_sets_the_time() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let before = app.engineer().ticket(id);

    let posted = app.engineer().replies(id, "Проверяем на стенде.").body;

    let after = app.engineer().ticket(id);
    assert_eq!(after["version"], before["version"]);
    assert_eq!(after["updated_at"], posted["created_at"]);
    assert!(instant(&after["updated_at"]) > instant(&before["updated_at"]));
    assert_eq!(after["first_answered_at"], posted["created_at"]);
}

/// 2.5: «не помогло» on a resolved ticket calls for support until it replies in public.
#[test]
fn c2_5_a_reply_returns_a_resolved_ticket_to_support() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    app.engineer().resolves(id, "Исправлено.");
    let party = || app.customer().ticket(id)["needs_action_from"].as_str().unwrap().to_owned();
    assert_eq!(party(), "customer");

    app.customer().replies(id, "Не помогло.");
    assert_eq!(party(), "support");
    app.engineer().writes_note(id, "Вернуть в работу?");
    assert_eq!(party(), "support");
    app.engineer().replies(id, "Обновите и второй блок.");
    assert_eq!(party(), "customer");

    assert_eq!(app.customer().ticket(id)["status"], json!("resolved"));
}
