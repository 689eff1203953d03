//! Internal notes: what support says without the customer.

use serde_json::json;

use crate::comments::posting::{bodies, say};
use crate::support::TestApp;
use crate::tickets::lifecycle::workflow::whole;

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
