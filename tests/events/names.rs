//! Events and responses refer to things by name, in the reader's language.

use serde_json::json;

use crate::support::{Person, Response, TestApp};

fn in_language(person: &Person, path: &str, language: &str) -> Response {
    person.send("GET", path, &[("accept-language", language)], None).expect(200)
}

/// Every value of every change that names something says how it is called, and every event says in
/// one sentence what happened, in the language of its reader.
#[test]
fn changes_have_names_and_every_event_has_a_sentence() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let parent = app.ticket("new");
    let ticket = app.ticket("in_progress");
    customer.edits(ticket, json!({ "parent_id": parent, "product_id": app.ids.second_product }));
    customer.adds_watcher(ticket, &app.colleague());
    customer.links(ticket, parent).expect(204);

    let path = format!("/tickets/{ticket}/history");
    let history = in_language(&engineer, &path, "en");
    let in_russian = in_language(&engineer, &path, "ru");

    let subject = app.customer().ticket(parent)["subject"].clone();
    let named = json!({ "id": parent, "name": subject });
    let of = |field: &str| {
        let mut changes = history.items().iter().map(|it| &it["changes"][field]["to"]);
        changes.rfind(|it| !it.is_null()).unwrap().clone()
    };
    assert_eq!(of("assignee_id"), json!({ "id": engineer.id, "name": "Ерлан Абдрахманов" }));
    assert_eq!(of("parent_id"), named);
    assert_eq!(of("related_id"), named);
    assert_eq!(of("product_id")["name"], "TAU-72.IP");
    assert_eq!(of("watcher_id")["id"], app.colleague().id);
    let summary = |response: &Response, place: usize| response.items()[place]["summary"].clone();
    assert_eq!(summary(&history, 0), "Айгуль Омарова: ticket created");
    assert_eq!(
        summary(&history, 1),
        "Ерлан Абдрахманов: status changed (Status: New → In progress; Assignee: Ерлан Абдрахманов)"
    );
    assert_eq!(summary(&in_russian, 0), "Айгуль Омарова: заявка создана");
    for event in history.items() {
        assert_eq!(event["ticket_subject"], app.customer().ticket(ticket)["subject"]);
        assert!(["customer", "support"].contains(&event["actor"]["role"].as_str().unwrap()));
    }
}

/// What the system does has an actor, too, called in the reader's language.
#[test]
fn the_system_is_somebody() {
    let app = TestApp::spawn();
    let release = app.planned_release("3.20.1", None);
    let ticket = app.ticket_awaiting(release);
    app.engineer().publishes(release).expect(200);
    app.wait_for_releases();

    let path = format!("/tickets/{ticket}/history?sort=-created_at&limit=1");
    for (language, name) in [("ru", "Система"), ("kk", "Жүйе"), ("en", "System")] {
        let last = in_language(&app.customer(), &path, language);
        let system = json!({ "id": null, "name": name, "role": "system" });
        assert_eq!(last.items()[0]["actor"], system);
        let comments = in_language(
            &app.customer(),
            &format!("/tickets/{ticket}/comments?sort=-created_at&limit=1"),
            language,
        );
        assert_eq!(comments.items()[0]["author"], system);
    }
}
