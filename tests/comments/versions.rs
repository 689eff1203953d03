//! 4: a comment is corrected by its author by a new version, never overwritten.

use serde_json::{Value, json};

use crate::support::{Person, Response, TestApp};

const TEXT: &str = "Порт 3 не поднимается.";
const BETTER: &str = "Порт 5 не поднимается.";

fn correct(person: &Person, ticket: i64, comment: i64, body: &str) -> Response {
    person.patch(&format!("/tickets/{ticket}/comments/{comment}"), json!({ "body": body }))
}

fn versions(person: &Person, ticket: i64, comment: i64) -> Response {
    person.get(&format!("/tickets/{ticket}/comments/{comment}/versions"))
}

/// 4: everybody reads the new text, and staff the old one, too; the history says that it changed.
#[test]
fn c4_a_comment_is_corrected_by_a_new_version() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let posted = app.customer().replies(id, TEXT).body;
    let comment = posted["id"].as_i64().unwrap();
    assert_eq!([&posted["version"], &posted["edited_at"]], [&json!(1), &Value::Null]);

    let corrected = correct(&app.customer(), id, comment, BETTER).expect(200);

    let list = app.engineer().get(&format!("/tickets/{id}/comments"));
    assert_eq!(list.items().last(), Some(&corrected.body));
    assert_eq!([&corrected.body["body"], &corrected.body["version"]], [&json!(BETTER), &json!(2)]);
    assert!(corrected.header("etag").starts_with("\"2."));
    let event = app.colleague().last_event(id);
    assert_eq!(
        [&event["type"], &event["comment_id"], &event["actor"]["id"], &event["at"]],
        [
            &json!("ticket.comment_edited"),
            &json!(comment),
            &json!(app.customer().id),
            &corrected.body["edited_at"],
        ]
    );
    let listed = versions(&app.engineer(), id, comment).items().to_vec();
    let bodies: Vec<Value> = listed.iter().map(|it| json!([it["version"], it["body"]])).collect();
    assert_eq!(bodies, [json!([1, TEXT]), json!([2, BETTER])]);
    assert_eq!(
        [&listed[0]["written_at"], &listed[1]["written_at"]],
        [&posted["created_at"], &corrected.body["edited_at"]]
    );
    let check = app.engineer().verifies(id);
    assert_eq!(check["intact"], true);
}

/// 4: only the author corrects a comment, while the ticket is open, and politely.
#[test]
fn c4_a_comment_is_corrected_by_its_author_while_the_ticket_is_open() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let comment = app.customer().replies(id, TEXT).id();
    let other = app.ticket("in_progress");
    let text = || versions(&app.engineer(), id, comment).body;
    let before = text();

    for (person, ticket, status, code) in [
        (app.colleague(), id, 403, "forbidden"),
        (app.engineer(), id, 403, "forbidden"),
        (app.admin(), id, 403, "forbidden"),
        (app.stranger(), id, 404, "not_found"),
        (app.customer(), other, 404, "not_found"),
    ] {
        let response = correct(&person, ticket, comment, BETTER);
        assert_eq!((response.status, response.code()), (status, code));
    }
    let rude = correct(&app.customer(), id, comment, "Вы там совсем охуели?").expect(422);
    assert_eq!((rude.code(), &rude.body["clause"]), ("impolite", &json!("3.4.1.3")));
    let empty = correct(&app.customer(), id, comment, " \n").expect(422);
    assert_eq!(empty.errors(), ["/body blank"]);
    app.customer().resolves(id, "Все работает.");
    app.engineer().closes(id, "confirmed_by_customer");
    let closed = correct(&app.customer(), id, comment, BETTER);
    assert_eq!((closed.status, closed.code()), (409, "ticket_closed"));

    assert_eq!(text(), before);
}

/// A stale version is refused; a patch that changes nothing makes no version
/// and no event.
#[test]
fn c4_a_correction_honours_the_version() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let customer = app.customer();
    let comment = customer.replies(id, TEXT).id();
    let path = format!("/tickets/{id}/comments/{comment}");
    let correct_if = |version: &str| {
        let body = json!({ "body": BETTER });
        customer.call_with("PATCH", &path, &[("if-match", version)], &body)
    };

    let same = correct(&customer, id, comment, TEXT).expect(200);
    assert_eq!(same.body["version"], 1);
    customer.patch(&path, json!({})).expect(200);
    assert_eq!(customer.last_event(id)["type"], "ticket.commented");
    correct_if("\"1\"").expect(200);
    let stale = correct_if("\"1\"").expect(412);
    assert_eq!(stale.header("etag"), "\"2\"");
}

/// 4: a corrected note stays internal: customers learn nothing of it, not even a time.
#[test]
fn c4_a_corrected_note_stays_internal() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let note = app.engineer().writes_note(id, "Похоже на брак.").id();
    let seen = || {
        let history = app.customer().get(&format!("/tickets/{id}/history")).body;
        json!([app.customer().ticket(id), history])
    };
    let before = seen();

    let corrected = correct(&app.engineer(), id, note, "Похоже на брак партии.").expect(200);

    assert_eq!(corrected.body["internal"], true);
    assert_eq!(seen(), before);
    assert_eq!(correct(&app.customer(), id, note, "Нет.").status, 404);
    assert_eq!(versions(&app.engineer(), id, note).items().len(), 2);
}

/// The versions of a comment come page by page, the oldest first.
#[test]
fn c4_versions_are_paged() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let comment = app.customer().replies(id, "Версия 1").id();
    for number in 2..6 {
        correct(&app.customer(), id, comment, &format!("Версия {number}")).expect(200);
    }

    let path = format!("/tickets/{id}/comments/{comment}/versions?limit=2");
    let pages = app.engineer().pages(&path);

    let versions = |page: &Response| -> Vec<i64> {
        page.items().iter().map(|it| it["version"].as_i64().unwrap()).collect()
    };
    let read: Vec<Vec<i64>> = pages.iter().map(versions).collect();
    assert_eq!(read, [vec![1, 2], vec![3, 4], vec![5]]);
}
