//! Section 7 of the contract: every action with its actor, its time and the old and new values, in
//! order.

use serde_json::{Value, json};

use crate::support::{TestApp, ids_only, instant};

/// Advantage 7: the history tells the whole life of a ticket, one event for each request.
#[test]
fn a7_the_life_of_a_ticket_is_recorded_in_order() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let id = customer.has_filed(app.request());

    engineer.takes(id);
    engineer.asks(id, "Пришлите вывод show version.");
    let reply = customer.replies(id, "3.23.1.").id();
    engineer.resolves(id, "Обновите до 3.24.");
    let thanks = json!({ "comment": "Помогло.", "rating": 5 });
    customer.confirms_with(id, thanks).expect(200);
    engineer.closes(id, "confirmed_by_customer");

    let events = customer.history(id);
    let comments = customer.comments(id);
    let recorded: Vec<Value> = events
        .iter()
        .map(|it| {
            json!([it["type"], it["actor"]["id"], ids_only(&it["changes"]), it["comment_id"]])
        })
        .collect();
    let status = |from: &str, to: &str| json!({ "from": from, "to": to });
    let comment = |number: usize| comments[number]["id"].clone();
    let expected = [
        json!(["ticket.created", customer.id, ids_only(&events[0]["changes"]), null]),
        json!(["ticket.status_changed", engineer.id, {
            "status": status("new", "in_progress"),
            "assignee_id": { "from": null, "to": engineer.id },
        }, null]),
        json!(["ticket.status_changed", engineer.id, {
            "status": status("in_progress", "feedback"),
        }, comment(0)]),
        json!(["ticket.status_changed", customer.id, {
            "status": status("feedback", "in_progress"),
        }, reply]),
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
    assert_eq!(recorded, expected);
    assert_eq!(events[0]["changes"]["status"], json!({ "from": null, "to": "new" }));
    assert_eq!(
        ids_only(&events[0]["changes"]["author_id"]),
        json!({ "from": null, "to": customer.id })
    );
    assert!(events.iter().map(|it| it["id"].as_i64().unwrap()).is_sorted_by(|one, two| one < two));
    assert!(events.iter().map(|it| instant(&it["at"])).is_sorted());
    let ticket = engineer.ticket(id);
    assert_eq!(events[0]["at"], ticket["created_at"]);
    assert_eq!(events[1]["at"], ticket["accepted_at"]);
    assert_eq!(events[5]["at"], ticket["confirmed_at"]);
    assert_eq!(events[6]["at"], ticket["closed_at"]);
    assert!(events.iter().all(|it| it["ticket_id"] == json!(id)));
}

/// Advantage 7: an edit shows the old and the new text, and the reason of a new priority.
#[test]
fn a7_an_edit_shows_both_texts() {
    let app = TestApp::spawn();
    let filed = app.customer().files(app.request()).expect(201).body;
    let id = filed["id"].as_i64().unwrap();
    let text = "Регистрация SIP-абонентов обрывается каждые 30 минут после обновления.";

    let edit = json!({ "description": text, "software_version": "3.23.1" });
    app.customer().edits(id, edit).expect(200);
    let edited = app.customer().last_event(id);
    let grade = json!({ "priority": "critical", "reason": "Без связи весь район." });
    app.engineer().edits(id, grade).expect(200);
    let graded = app.customer().last_event(id);

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

/// Advantage 7: one request makes one event; one that changes nothing makes none.
#[test]
fn a7_one_request_is_one_event() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let count = || app.engineer().history(id).len();
    let subject = app.engineer().ticket(id)["subject"].clone();
    let start = count();

    app.engineer().edits(id, json!({ "subject": subject })).expect(200);
    app.engineer().assigns(id, &app.engineer());
    assert_eq!(count(), start);

    let edit = json!({ "subject": "Обрыв регистрации", "tracker": "bug", "steps": "Обновить ПО." });
    app.engineer().edits(id, edit).expect(200);
    assert_eq!(count(), start + 1);
    let hold = json!({ "body": "Ждем плату.", "status": "on_hold", "waiting_on": "delivery" });
    app.engineer().says(id, hold).expect(201);
    assert_eq!(count(), start + 2);
}

/// Section 2 of the contract: everybody sees an assignment, only staff its reason.
#[test]
fn a7_the_reason_of_an_assignment_is_internal() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let assignment = json!({ "assignee_id": null, "reason": "Уходит в отпуск." });

    app.admin().put(&format!("/tickets/{id}/assignee"), assignment).expect(200);

    let (seen, known) = (app.customer().last_event(id), app.other_engineer().last_event(id));
    for event in [&seen, &known] {
        assert_eq!(event["type"], json!("ticket.assigned"));
        assert_eq!(event["actor"]["id"], json!(app.admin().id));
        let change = &event["changes"]["assignee_id"];
        assert_eq!(change["from"]["id"], json!(app.engineer().id));
        assert_eq!(change["to"], Value::Null);
    }
    assert_eq!(seen.get("reason"), None);
    assert_eq!(known["reason"], json!("Уходит в отпуск."));
}

/// Section 7 of the contract: adding and removing watchers is in the history; repetitions are not.
#[test]
fn a7_watchers_come_and_go_in_the_history() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let colleague = app.colleague().id;
    let path = format!("/tickets/{id}/watchers/{colleague}");

    for _ in 0..2 {
        app.customer().adds_watcher(id, &app.colleague());
    }
    for _ in 0..2 {
        app.customer().delete(&path).expect(204);
    }

    let events = app.customer().history(id);
    let id_of = |it: &Value| it["id"].clone();
    let change = |it: &Value| {
        let watcher = &it["changes"]["watcher_id"];
        json!([it["type"], id_of(&watcher["from"]), id_of(&watcher["to"])])
    };
    let recorded: Vec<Value> = events.iter().skip(1).map(change).collect();
    let expected =
        [json!(["ticket.watched", null, colleague]), json!(["ticket.unwatched", colleague, null])];
    assert_eq!(recorded, expected);
}

/// Advantage 7: the pages of the history follow each other without gaps or repetitions.
#[test]
fn a7_the_history_is_paged() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    for number in 0..5 {
        let body = json!({ "body": format!("Ответ {number}"), "internal": number % 2 == 0 });
        app.engineer().says(id, body).expect(201);
    }

    for person in [app.engineer(), app.customer()] {
        let pages = person.pages(&format!("/tickets/{id}/history?limit=2"));

        let sizes: Vec<usize> = pages.iter().map(|it| it.items().len()).collect();
        assert!(sizes.iter().rev().skip(1).all(|it| *it == 2), "{sizes:?}");
        let read: Vec<Value> = pages.iter().flat_map(|it| it.items().to_vec()).collect();
        assert_eq!(read, person.history(id));
    }
    assert_eq!(app.engineer().history(id).len(), app.customer().history(id).len() + 3);
}
