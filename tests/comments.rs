//! 4: what is said in a ticket, who reads it, and what it does to the ticket.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::support::{Person, Reply, TestApp};
use crate::workflow::{STATUSES, whole};

fn say(person: &Person, id: i64, body: Value) -> Reply {
    person.post(&format!("/tickets/{id}/comments"), body)
}

fn show(person: &Person, id: i64) -> Value {
    person.get(&format!("/tickets/{id}")).body
}

fn bodies(comments: &Value) -> Vec<&str> {
    comments.as_array().unwrap().iter().map(|it| it["body"].as_str().unwrap()).collect()
}

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

/// 4.2: on a finished ticket a customer is told to file a new one; support may still comment.
#[test]
fn c4_2_a_finished_ticket_takes_comments_of_support_alone() {
    let app = TestApp::spawn();

    for status in ["closed", "rejected"] {
        let id = app.ticket(status);
        let before = whole(&app, id);
        for body in [
            json!({ "body": "Опять не работает." }),
            json!({ "body": "Опять не работает.", "status": status }),
            json!({ "body": "Опять не работает.", "status": "in_progress" }),
        ] {
            let reply = say(&app.customer(), id, body);
            assert_eq!((reply.status, reply.code()), (409, "ticket_closed"));
        }
        assert_eq!(whole(&app, id), before);

        let reply =
            say(&app.engineer(), id, json!({ "body": "Новая версия 3.24 это исправляет." }));
        let after = show(&app.customer(), id);
        assert_eq!((reply.status, &reply.body["ticket_status"]), (201, &json!(status)));
        assert_eq!(after["version"], before["version"]);
        assert_eq!(after["needs_action_from"], json!("nobody"));
    }
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

/// 4, 2.5: a comment that says nothing is none.
#[test]
fn c4_2_a_comment_says_something() {
    let app = TestApp::spawn();
    let id = app.ticket("feedback");
    let before = whole(&app, id);

    for (body, code) in [
        (json!({}), "required"),
        (json!({ "body": " \n\t" }), "blank"),
        (json!({ "body": "я".repeat(50_001) }), "too_long"),
    ] {
        let reply = say(&app.customer(), id, body);
        assert_eq!((reply.status, reply.errors()), (422, vec![format!("/body {code}")]));
    }

    assert_eq!(whole(&app, id), before);
}

/// Section 4 of the contract: customers see no trace of an internal note.
#[test]
fn c4_2_an_internal_note_is_invisible_to_customers() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    say(&app.engineer(), id, json!({ "body": "Проверяем на стенде." }));
    let note = json!({ "body": "Заказчик путает порты.", "internal": true });
    let note_id = say(&app.engineer(), id, note).id();
    let hold = json!({
        "to": "on_hold",
        "comment": "Ждем склад.",
        "internal": true,
        "waiting_on": "delivery",
    });
    let moved = app.engineer().post(&format!("/tickets/{id}/transitions"), hold);
    assert_eq!(moved.status, 200);

    for person in [app.customer(), app.colleague()] {
        let listed = person.get(&format!("/tickets/{id}/comments"));
        let shown = person.get(&format!("/tickets/{id}?expand=comments,history"));
        let history = person.get(&format!("/tickets/{id}/history"));

        assert_eq!(bodies(&listed.body["items"]), ["Проверяем на стенде."]);
        assert_eq!(bodies(&shown.body["comments"]), ["Проверяем на стенде."]);
        assert_eq!(shown.body["comments_count"], json!(1));
        assert_eq!(shown.body["history"], history.body["items"]);
        for text in [&listed.text, &shown.text, &history.text] {
            assert!(!text.contains("порты") && !text.contains("склад"), "{text}");
        }
        assert!(history.items().iter().all(|it| it["comment_id"] != json!(note_id)));
        let last = history.items().last().unwrap();
        assert_eq!(last["changes"]["status"]["to"], json!("on_hold"));
        assert_eq!(last.get("comment_id"), None);
    }

    let staff = app.other_engineer().get(&format!("/tickets/{id}?expand=comments,history"));
    let expected = ["Проверяем на стенде.", "Заказчик путает порты.", "Ждем склад."];
    assert_eq!(bodies(&staff.body["comments"]), expected);
    assert_eq!(staff.body["comments_count"], json!(3));
    let noted = staff.body["history"].as_array().unwrap().iter();
    assert_eq!(noted.filter(|it| it["comment_id"] == json!(note_id)).count(), 1);
}

/// Section 1 of the contract: a customer's comment is always public.
#[test]
fn c4_2_a_customer_writes_no_internal_notes() {
    let app = TestApp::spawn();
    let id = app.ticket("feedback");
    let before = whole(&app, id);

    let note = json!({ "body": "Только для вас.", "internal": true });
    let said = say(&app.customer(), id, note);
    let moved = json!({ "to": "in_progress", "comment": "Только для вас.", "internal": true });
    let moved = app.customer().post(&format!("/tickets/{id}/transitions"), moved);

    for reply in [said, moved] {
        assert_eq!(reply.status, 422);
        assert_eq!(reply.errors(), ["/internal not_permitted"]);
    }
    assert_eq!(whole(&app, id), before);
}

/// App. 2: the oldest comment comes first; pages follow each other without a gap, also where
/// notes lie between what a customer may read.
#[test]
fn app_2_comments_come_oldest_first_page_by_page() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    for number in 0..5 {
        let body = format!("Ответ {number}");
        say(&app.engineer(), id, json!({ "body": body }));
        say(&app.engineer(), id, json!({ "body": "Заметка", "internal": true }));
    }

    let pages = pages(&app.customer(), &format!("/tickets/{id}/comments?limit=2"));

    let read: Vec<Vec<&str>> = pages.iter().map(|it| bodies(&it["items"])).collect();
    assert_eq!(read, [vec!["Ответ 0", "Ответ 1"], vec!["Ответ 2", "Ответ 3"], vec!["Ответ 4"]]);
    let times = pages.iter().flat_map(|it| it["items"].as_array().unwrap());
    assert!(times.map(|it| instant(&it["created_at"])).is_sorted());
}

/// A time of an answer; as texts, times without a fraction of a second sort wrongly.
pub fn instant(time: &Value) -> DateTime<Utc> {
    time.as_str().unwrap().parse().unwrap()
}

/// Every page of a list, the first one included.
pub fn pages(person: &Person, path: &str) -> Vec<Value> {
    let mut pages = vec![person.get(path).body];
    while let Some(cursor) = pages.last().and_then(|it| it["next_cursor"].as_str()) {
        pages.push(person.get(&format!("{path}&cursor={cursor}")).body);
    }
    pages
}

/// A comment changes nothing of the ticket itself, but the time of its last change.
#[test]
fn c4_2_a_comment_leaves_the_version_and_sets_the_time() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let before = show(&app.engineer(), id);

    let said = say(&app.engineer(), id, json!({ "body": "Проверяем на стенде." })).body;

    let after = show(&app.engineer(), id);
    assert_eq!(after["version"], before["version"]);
    assert_eq!(after["updated_at"], said["created_at"]);
    assert!(instant(&after["updated_at"]) > instant(&before["updated_at"]));
    assert_eq!(after["first_answered_at"], said["created_at"]);
}

/// 2.5: «не помогло» on a resolved ticket calls support until it answers in public.
#[test]
fn c2_5_an_answer_hands_a_resolved_ticket_back() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let path = format!("/tickets/{id}/transitions");
    app.engineer().post(&path, json!({ "to": "resolved", "comment": "Исправлено." }));
    let party = || show(&app.customer(), id)["needs_action_from"].as_str().unwrap().to_owned();
    assert_eq!(party(), "customer");

    say(&app.customer(), id, json!({ "body": "Не помогло." }));
    assert_eq!(party(), "support");
    say(&app.engineer(), id, json!({ "body": "Вернуть в работу?", "internal": true }));
    assert_eq!(party(), "support");
    say(&app.engineer(), id, json!({ "body": "Обновите и второй блок." }));
    assert_eq!(party(), "customer");

    assert_eq!(show(&app.customer(), id)["status"], json!("resolved"));
}
