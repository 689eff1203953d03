//! 4: what is said in a ticket, who reads it, and what it does to the ticket.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::support::{Person, Reply, TestApp};
use crate::tickets::lifecycle::workflow::whole;

pub fn say(person: &Person, id: i64, body: Value) -> Reply {
    person.post(&format!("/tickets/{id}/comments"), body)
}

pub fn show(person: &Person, id: i64) -> Value {
    person.get(&format!("/tickets/{id}")).body
}

pub fn bodies(comments: &Value) -> Vec<&str> {
    comments.as_array().unwrap().iter().map(|it| it["body"].as_str().unwrap()).collect()
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

/// App. 2: the oldest comment comes first; pages follow each other without a gap, also where
/// notes lie between what a customer may read.
#[test]
fn app2_comments_come_oldest_first_page_by_page() {
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
