//! Internal notes: what support says among itself.

use serde_json::json;

use crate::support::{TestApp, bodies};

/// Section 4 of the contract: customers see no trace of an internal note.
#[test]
fn c4_2_an_internal_note_is_invisible_to_customers() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    app.engineer().replies(id, "Проверяем на стенде.");
    let note_id = app.engineer().writes_note(id, "Заказчик путает порты.").id();
    app.engineer().holds_quietly(id, "delivery", "Ждем склад.");

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
    let before = app.snapshot(id);

    let note = json!({ "body": "Только для вас.", "internal": true });
    let posted = app.customer().says(id, note);
    let moved = json!({ "to": "in_progress", "comment": "Только для вас.", "internal": true });
    let moved = app.customer().moves(id, moved);

    for response in [posted, moved] {
        assert_eq!(response.status, 422);
        assert_eq!(response.errors(), ["/internal not_permitted"]);
    }
    assert_eq!(app.snapshot(id), before);
}
