//! Section 7 of the contract: every action, who and when, the old and the new value, in order.

use serde_json::{Value, json};

use crate::comments::posting::{instant, pages};
use crate::support::{Person, TestApp};

fn history(person: &Person, id: i64) -> Vec<Value> {
    person.get(&format!("/tickets/{id}/history?limit=100")).items().to_vec()
}

fn last(person: &Person, id: i64) -> Value {
    history(person, id).pop().unwrap()
}

fn go(person: &Person, id: i64, body: Value) {
    assert_eq!(person.post(&format!("/tickets/{id}/transitions"), body).status, 200);
}

/// Advantage 7: the whole life of a ticket reads as a story, one event for each request.
#[test]
fn a7_the_life_of_a_ticket_is_told_in_order() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let filed = customer.post("/tickets", app.request()).body;
    let id = filed["id"].as_i64().unwrap();
    let comments = format!("/tickets/{id}/comments");

    go(&engineer, id, json!({ "to": "in_progress" }));
    go(&engineer, id, json!({ "to": "feedback", "comment": "Пришлите вывод show version." }));
    let answer = customer.post(&comments, json!({ "body": "3.23.1." })).id();
    go(&engineer, id, json!({ "to": "resolved", "comment": "Обновите до 3.24." }));
    let path = format!("/tickets/{id}/confirmation");
    customer.post(&path, json!({ "comment": "Помогло.", "rating": 5 }));
    let close = json!({
        "to": "closed",
        "comment": "Рады помочь.",
        "close_reason": "confirmed_by_customer",
    });
    go(&engineer, id, close);

    let events = history(&customer, id);
    let said = customer.get(&comments).body["items"].clone();
    let told: Vec<Value> = events
        .iter()
        .map(|it| json!([it["type"], it["actor"]["id"], it["changes"], it["comment_id"]]))
        .collect();
    let status = |from: &str, to: &str| json!({ "from": from, "to": to });
    let comment = |number: usize| said[number]["id"].clone();
    let expected = [
        json!(["ticket.created", customer.id, events[0]["changes"], null]),
        json!(["ticket.status_changed", engineer.id, {
            "status": status("new", "in_progress"),
            "assignee_id": { "from": null, "to": engineer.id },
        }, null]),
        json!(["ticket.status_changed", engineer.id, {
            "status": status("in_progress", "feedback"),
        }, comment(0)]),
        json!(["ticket.status_changed", customer.id, {
            "status": status("feedback", "in_progress"),
        }, answer]),
        json!(["ticket.status_changed", engineer.id, {
            "status": status("in_progress", "resolved"),
        }, comment(2)]),
        json!(["ticket.confirmed", customer.id, {
            "confirmed": { "from": false, "to": true },
            "rating": { "from": null, "to": 5 },
        }, comment(3)]),
        json!(["ticket.status_changed", engineer.id, {
            "status": status("resolved", "closed"),
            "close_reason": { "from": null, "to": "confirmed_by_customer" },
        }, comment(4)]),
    ];
    assert_eq!(told, expected);
    assert_eq!(events[0]["changes"]["status"], json!({ "from": null, "to": "new" }));
    assert_eq!(events[0]["changes"]["author_id"], json!({ "from": null, "to": customer.id }));
    assert!(events.iter().map(|it| it["id"].as_i64().unwrap()).is_sorted_by(|one, two| one < two));
    assert!(events.iter().map(|it| instant(&it["at"])).is_sorted());
    let ticket = engineer.get(&format!("/tickets/{id}")).body;
    assert_eq!(events[0]["at"], ticket["created_at"]);
    assert_eq!(events[1]["at"], ticket["accepted_at"]);
    assert_eq!(events[5]["at"], ticket["confirmed_at"]);
    assert_eq!(events[6]["at"], ticket["closed_at"]);
    assert!(events.iter().all(|it| it["ticket_id"] == json!(id)));
}

/// Advantage 7: an edit shows the old and the new text, and the reason of a new grade.
#[test]
fn a7_an_edit_shows_both_texts() {
    let app = TestApp::spawn();
    let filed = app.customer().post("/tickets", app.request()).body;
    let id = filed["id"].as_i64().unwrap();
    let path = format!("/tickets/{id}");
    let text = "Регистрация SIP-абонентов обрывается каждые 30 минут после обновления.";

    let edit = json!({ "description": text, "software_version": "3.23.1" });
    app.customer().patch(&path, edit);
    let edited = last(&app.customer(), id);
    let grade = json!({ "priority": "critical", "reason": "Без связи весь район." });
    app.engineer().patch(&path, grade);
    let graded = last(&app.customer(), id);

    assert_eq!(edited["type"], json!("ticket.edited"));
    let expected = json!({
        "description": { "from": filed["description"], "to": text },
        "software_version": { "from": null, "to": "3.23.1" },
    });
    assert_eq!(edited["changes"], expected);
    let changed = json!({ "priority": { "from": filed["priority"], "to": "critical" } });
    assert_eq!(graded["changes"], changed);
    assert_eq!(graded["reason"], json!("Без связи весь район."));
}

/// One request is one event; one that changes nothing is none.
#[test]
fn a7_one_request_is_one_event() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let path = format!("/tickets/{id}");
    let count = || history(&app.engineer(), id).len();
    let subject = app.engineer().get(&path).body["subject"].clone();
    let start = count();

    app.engineer().patch(&path, json!({ "subject": subject }));
    let assignment = json!({ "assignee_id": app.engineer().id });
    app.engineer().put(&format!("{path}/assignee"), assignment);
    assert_eq!(count(), start);

    let edit = json!({ "subject": "Обрыв регистрации", "tracker": "bug", "steps": "Обновить ПО." });
    app.engineer().patch(&path, edit);
    assert_eq!(count(), start + 1);
    let hold = json!({ "body": "Ждем плату.", "status": "on_hold", "waiting_on": "delivery" });
    app.engineer().post(&format!("{path}/comments"), hold);
    assert_eq!(count(), start + 2);
}

/// Section 2 of the contract: assignment is told to all, its reason to staff alone.
#[test]
fn a7_the_reason_of_an_assignment_is_internal() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let assignment = json!({ "assignee_id": null, "reason": "Уходит в отпуск." });

    app.admin().put(&format!("/tickets/{id}/assignee"), assignment);

    let (seen, known) = (last(&app.customer(), id), last(&app.other_engineer(), id));
    for event in [&seen, &known] {
        assert_eq!(event["type"], json!("ticket.assigned"));
        assert_eq!(event["actor"]["id"], json!(app.admin().id));
        let change = json!({ "assignee_id": { "from": app.engineer().id, "to": null } });
        assert_eq!(event["changes"], change);
    }
    assert_eq!(seen.get("reason"), None);
    assert_eq!(known["reason"], json!("Уходит в отпуск."));
}

/// Section 7 of the contract: watchers come and go in the history; a second time is no event.
#[test]
fn a7_watchers_come_and_go_in_the_history() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let colleague = app.colleague().id;
    let path = format!("/tickets/{id}/watchers/{colleague}");

    for _ in 0..2 {
        assert_eq!(app.customer().put(&path, json!({})).status, 204);
    }
    for _ in 0..2 {
        assert_eq!(app.customer().delete(&path).status, 204);
    }

    let events = history(&app.customer(), id);
    let told: Vec<Value> =
        events.iter().skip(1).map(|it| json!([it["type"], it["changes"]])).collect();
    let expected = [
        json!(["ticket.watched", { "watcher_id": { "from": null, "to": colleague } }]),
        json!(["ticket.unwatched", { "watcher_id": { "from": colleague, "to": null } }]),
    ];
    assert_eq!(told, expected);
}

/// Advantage 7: pages of the history follow each other without a gap or a repetition.
#[test]
fn a7_the_history_is_paged() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    for number in 0..5 {
        let body = json!({ "body": format!("Ответ {number}"), "internal": number % 2 == 0 });
        app.engineer().post(&format!("/tickets/{id}/comments"), body);
    }

    for person in [app.engineer(), app.customer()] {
        let pages = pages(&person, &format!("/tickets/{id}/history?limit=2"));

        let sizes: Vec<usize> =
            pages.iter().map(|it| it["items"].as_array().unwrap().len()).collect();
        assert!(sizes.iter().rev().skip(1).all(|it| *it == 2), "{sizes:?}");
        let read: Vec<&Value> =
            pages.iter().flat_map(|it| it["items"].as_array().unwrap()).collect();
        assert_eq!(read, history(&person, id).iter().collect::<Vec<_>>());
    }
    assert_eq!(history(&app.engineer(), id).len(), history(&app.customer(), id).len() + 3);
}

/// Section 1 of the contract: nobody changes or deletes an event, in the database either.
#[test]
fn a7_the_database_refuses_to_touch_events() {
    let app = TestApp::spawn();
    let id = app.ticket("closed");
    let before = history(&app.engineer(), id);

    for statement in [
        "update events set body = '{}'",
        "update events set at = at where false",
        "delete from events",
        "truncate events",
        "truncate tickets cascade",
        "insert into events overriding system value select * from events
            on conflict (id) do update set body = '{}'",
    ] {
        // The inner block fails as it should, or the outer one does.
        app.sql(&format!(
            "do $$ begin
                begin
                    {statement};
                exception when insufficient_privilege then
                    return;
                end;
                raise exception 'the database let it pass';
            end $$"
        ));
    }

    assert_eq!(history(&app.engineer(), id), before);
}
