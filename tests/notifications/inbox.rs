//! Section 7 of the contract: the inbox, and what each person wants to be notified of.

use serde_json::{Value, json};

use crate::support::{Person, Response, TestApp};

/// The kinds of the notifications about a ticket.
fn kinds(inbox: &[(String, i64)], ticket: i64) -> Vec<&str> {
    inbox.iter().filter(|(_, id)| *id == ticket).map(|(kind, _)| kind.as_str()).collect()
}

/// Section 7: the author, the assignee and the watchers are notified, but never the actor, nor
/// anybody else.
#[test]
fn s7_everybody_concerned_is_notified_except_the_actor() {
    let app = TestApp::spawn();
    let (customer, colleague, engineer) = (app.customer(), app.colleague(), app.engineer());
    let id = app.watched_ticket(&[&colleague]);
    engineer.takes(id);
    engineer.replies(id, "Проверяем на стенде.");
    customer.replies(id, "Журнал прилагаю.");
    customer.edits(id, json!({ "subject": "Нет регистрации всех абонентов" })).expect(200);
    let nobody = json!({ "assignee_id": null });
    engineer.put(&format!("/tickets/{id}/assignee"), nobody).expect(200);
    app.wait_for_notifications();

    let of_customer = customer.inbox(3);
    let of_colleague = colleague.inbox(6);
    let of_engineer = engineer.inbox(3);

    assert_eq!(kinds(&of_customer, id), ["assigned", "commented", "status_changed"]);
    let expected =
        ["assigned", "edited", "commented", "commented", "status_changed", "ticket_created"];
    assert_eq!(kinds(&of_colleague, id), expected);
    assert_eq!(kinds(&of_engineer, id), ["edited", "commented", "new_in_direction"]);
    for bystander in [app.stranger(), app.other_engineer(), app.commercial(), app.admin()] {
        assert_eq!(bystander.inbox(0), []);
    }
}

/// Section 7: a new watcher is notified; an item names all that a front end needs.
#[test]
fn s7_a_notification_names_ticket_actor_and_comment() {
    let app = TestApp::spawn();
    let (customer, colleague, engineer) = (app.customer(), app.colleague(), app.engineer());
    let id = app.ticket("in_progress");
    customer.adds_watcher(id, &colleague);
    let comment = engineer.replies(id, "Проверяем на стенде.").id();
    colleague.inbox(2);

    let page = colleague.get("/me/notifications").expect(200);

    let [commented, watched] = page.items() else { panic!("{}", page.text) };
    assert_eq!(commented["kind"], "commented");
    assert_eq!(
        commented["actor"],
        json!({ "id": engineer.id, "name": "Ерлан Абдрахманов", "role": "support" })
    );
    assert_eq!(commented["ticket"]["id"], id);
    assert_eq!(commented["comment_id"], comment);
    assert_eq!(commented["read_at"], Value::Null);
    assert_eq!(watched["kind"], "watched");
    assert_eq!(watched["actor"]["id"], customer.id);
    assert_eq!(page.body["unread_count"], 2);
}

/// Section 7: notifications are marked as read by their ids, up to one, or all; nobody marks those
/// of others.
#[test]
fn s7_what_was_read_is_marked() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let id = app.ticket("in_progress");
    for number in 0..4 {
        engineer.replies(id, &format!("Шаг {number}."));
    }
    customer.inbox(5);
    let page = customer.get("/me/notifications").expect(200);
    let ids = page.ids();
    let read = |person: &Person, what: Value| {
        person.post("/me/notifications/read", what).expect(200).body["unread_count"].clone()
    };

    assert_eq!(read(&app.colleague(), json!({ "ids": ids })), 0);
    assert_eq!(read(&customer, json!({ "ids": [ids[0]] })), 4);
    assert_eq!(read(&customer, json!({ "up_to_id": ids[3] })), 2);
    let unread = customer.get("/me/notifications?unread=true").expect(200);
    assert_eq!(unread.ids(), [ids[1], ids[2]]);
    let seen = customer.get("/me/notifications?unread=false").expect(200);
    assert_eq!(seen.items().len(), 3);
    assert!(seen.items().iter().all(|it| it["read_at"].is_string()));
    assert_eq!(read(&customer, json!({ "all": true })), 0);
}

/// Section 7: exactly one of the three is given.
#[test]
fn s7_marking_names_one_of_three() {
    let app = TestApp::spawn();
    let refused = |what: Value| {
        app.customer().post("/me/notifications/read", what).expect(422).errors().join(", ")
    };

    assert_eq!(refused(json!({})), "/ids required");
    assert_eq!(refused(json!({ "ids": [1], "up_to_id": 1 })), "/up_to_id conflicts");
    assert_eq!(refused(json!({ "up_to_id": 1, "all": true })), "/all conflicts");
    assert_eq!(refused(json!({ "all": false })), "/all not_applicable");
    assert_eq!(refused(json!({ "ids": [] })), "/ids too_short");
    assert_eq!(refused(json!({ "some": 1 })), "/some unknown_field");
}

/// Section 7: the pages of the inbox show each notification once.
#[test]
fn s7_the_inbox_is_walked_page_by_page() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let id = app.ticket("in_progress");
    for number in 0..4 {
        engineer.replies(id, &format!("Шаг {number}."));
    }
    customer.inbox(5);

    let pages = customer.pages("/me/notifications?limit=2");

    let seen: Vec<i64> = pages.iter().flat_map(Response::ids).collect();
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
    let foreign = pages[0].word("next_cursor");
    app.colleague().get(&format!("/me/notifications?cursor={foreign}")).expect(400);
}

/// Section 7: people choose by kind and channel; what they leave out has its default.
#[test]
fn s7_people_choose_their_notifications() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let usual = customer.get("/me/notification-settings").expect(200).body;
    let quiet = json!({ "status_changed": { "email": true, "inbox": false } });

    let chosen = customer.put("/me/notification-settings", quiet).expect(200).body;
    let id = app.ticket("in_progress");
    engineer.replies(id, "Проверяем на стенде.");
    app.wait_for_notifications();

    assert_eq!(usual["commented"], json!({ "email": true, "inbox": true, "digest": false }));
    assert_eq!(
        usual["new_in_direction"],
        json!({ "email": false, "inbox": true, "digest": false })
    );
    assert_eq!(chosen["status_changed"], json!({ "email": true, "inbox": false, "digest": false }));
    assert_eq!(chosen["commented"], usual["commented"]);
    assert_eq!(kinds(&customer.inbox(1), id), ["commented"]);
    assert_eq!(customer.get("/me/notification-settings").expect(200).body, chosen);
    assert_eq!(customer.put("/me/notification-settings", json!({})).expect(200).body, usual);
    let colleague = app.colleague().get("/me/notification-settings").expect(200).body;
    assert_eq!(colleague, usual);
    let wrong = json!({ "gossip": { "email": true, "inbox": true }, "edited": { "email": 1 } });
    let wrong = customer.put("/me/notification-settings", wrong).expect(422);
    let expected = ["/edited/email wrong_type", "/edited/inbox required", "/gossip unknown_field"];
    assert_eq!(wrong.validation_errors(), expected);
}

/// 3.4, section 3: the engineers of the direction are notified of a refusal that waits for a
/// decision.
#[test]
fn c3_4_the_engineers_of_the_direction_are_notified_of_a_refusal() {
    let app = TestApp::spawn_with(&[("HELPDESK_REFUSAL_PAUSE", "0")]);
    let empty = app.request_with(&json!({ "description": "???" }));

    let refused = app.customer().files(empty).expect(422).body;
    let mail = app.mail_to(&app.engineer().email);

    assert_eq!(app.engineer().inbox(1), [("request_refused".to_owned(), 0)]);
    let page = app.engineer().get("/me/notifications").expect(200);
    assert_eq!(page.items()[0]["refusal"]["id"], refused["refusal_id"]);
    assert_eq!(page.items()[0]["actor"]["id"], app.customer().id);
    assert!(mail.subject.starts_with("Отказ в регистрации ждет решения: "), "{}", mail.subject);
    assert!(mail.body.contains("Компания: Сары-Арка Телеком"), "{}", mail.body);
    for other in [app.other_engineer(), app.customer(), app.admin()] {
        assert_eq!(other.inbox(0), []);
    }
}
