//! 4: what should never have been written is redacted; that it was there stays in the history.

use serde_json::{Value, json};

use crate::support::TestApp;

const SECRET: &str = "canary-Gx7tq";
const REASON: &str = "В конфигурации был пароль.";

fn redact(app: &TestApp, comment: i64) -> Value {
    let path = format!("/comments/{comment}/redact");
    app.admin().post(&path, json!({ "reason": REASON })).expect(200).body
}

/// The columns of the database, as `table.column`, that contain a text.
fn places(app: &TestApp, text: &str) -> Vec<String> {
    let columns = app.rows::<String>(
        "select table_name || '.' || column_name from information_schema.columns
         join information_schema.tables using (table_schema, table_name)
         where table_schema = 'public' and table_type = 'BASE TABLE'
           and data_type in ('text', 'jsonb', 'ARRAY', 'character varying')",
    );
    let is_there = |place: &String| {
        let (table, column) = place.split_once('.').unwrap();
        let query = format!("select from {table} where {column}::text like '%{text}%'");
        app.count(&query) > 0
    };
    columns.into_iter().filter(is_there).collect()
}

/// 4: the text is gone from all versions and from everywhere in the database; the event, its hash
/// and the reason stay, and the verification mentions it.
#[test]
fn c4_a_redacted_comment_is_gone_but_for_its_event() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let customer = app.customer();
    let body = json!({ "body": format!("Пароль администратора: {SECRET}") });
    let comments = format!("/tickets/{id}/comments");
    let key = [("idempotency-key", "said-once")];
    let send = || customer.call_with("POST", &comments, &key, &body);
    let comment = send().expect(201).id();
    let path = format!("{comments}/{comment}");
    customer.patch(&path, json!({ "body": format!("Пароль был {SECRET}.") })).expect(200);
    assert!(!places(&app, SECRET).is_empty());

    let redacted = redact(&app, comment);

    assert_eq!(redacted["body"], "");
    assert!(redacted["redacted_at"].is_string());
    assert_eq!(places(&app, SECRET), Vec::<String>::new());
    assert!(!send().text.contains(SECRET));
    let versions = app.engineer().get(&format!("{path}/versions")).items().to_vec();
    assert!(versions.iter().all(|it| it["body"] == "" && it["redacted_at"].is_string()));
    assert_eq!(versions.len(), 2);
    let event = customer.last_event(id);
    assert_eq!(
        [&event["type"], &event["comment_id"], &event["reason"], &event["actor"]["id"]],
        [&json!("ticket.redacted"), &json!(comment), &json!(REASON), &json!(app.admin().id)]
    );
    let checked = app.engineer().verifies(id);
    assert_eq!([&checked["intact"], &checked["redacted"]], [&json!(true), &json!(2)]);
    assert_eq!(customer.verifies(id)["redacted"], 2);
}

/// 4: so is a text of the ticket itself, the present one and those that the history remembers.
#[test]
fn c4_a_redacted_text_of_a_ticket_is_gone_from_its_history() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let (customer, path) = (app.customer(), format!("/tickets/{id}"));
    for steps in [format!("Вошел с паролем {SECRET}."), format!("Вошел: {SECRET}.")]
    {
        customer.patch(&path, json!({ "steps": steps })).expect(200);
    }
    assert!(!places(&app, SECRET).is_empty());

    let redaction = json!({ "field": "steps", "reason": REASON });
    let redacted = app.admin().post(&format!("{path}/redact"), redaction).expect(200);

    assert_eq!(redacted.body["steps"], Value::Null);
    assert_eq!(places(&app, SECRET), Vec::<String>::new());
    let event = customer.last_event(id);
    assert_eq!([&event["type"], &event["reason"]], [&json!("ticket.redacted"), &json!(REASON)]);
    assert_eq!(event["changes"], json!({ "steps": { "from": null, "to": null } }));
    let checked = app.engineer().verifies(id);
    assert_eq!([&checked["intact"], &checked["redacted"]], [&json!(true), &json!(2)]);
}

/// A second redaction changes nothing; a redacted comment may be written anew.
#[test]
fn c4_a_redacted_comment_can_be_corrected() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let comment = app.customer().replies(id, SECRET).id();
    let once = redact(&app, comment);
    assert_eq!(redact(&app, comment), once);
    assert_eq!(app.engineer().history(id).len(), 4);

    let body = json!({ "body": "Конфигурация без пароля." });
    let path = format!("/tickets/{id}/comments/{comment}");
    let corrected = app.customer().patch(&path, body).expect(200).body;

    assert_eq!([&corrected["version"], &corrected["redacted_at"]], [&json!(2), &Value::Null]);
    let checked = app.engineer().verifies(id);
    assert_eq!([&checked["intact"], &checked["redacted"]], [&json!(true), &json!(1)]);
}

/// Customers learn nothing of a redacted note.
#[test]
fn c4_a_redacted_note_stays_unknown_to_customers() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let seen = || {
        let paths = ["", "/comments", "/history", "/history/verify"];
        paths.map(|it| app.customer().get(&format!("/tickets/{id}{it}")).body)
    };
    let before = seen();
    let note = app.engineer().writes_note(id, SECRET).id();

    redact(&app, note);

    assert_eq!(seen(), before);
    assert_eq!(app.engineer().verifies(id)["redacted"], 1);
}

/// Section 7 of the contract: a text that was changed, or blanked without an event that says so,
/// is detected like a changed event.
#[test]
fn a7_tampering_with_texts_is_detected() {
    let app = TestApp::spawn();
    let steps = "Обновить ПО, перезагрузить.";

    for (statement, seq) in [
        ("update comments set body = 'Все хорошо.' where ticket_id = $", 3),
        ("update comments set body = '', salt = null, redacted_at = now() where ticket_id = $", 3),
        ("update comment_versions set body = 'Все хорошо.'", 2),
        ("delete from comment_versions", 2),
        ("update event_texts set body = 'Ничего не делать.' where ticket_id = $", 4),
        ("delete from event_texts where ticket_id = $", 4),
    ] {
        let id = app.ticket("new");
        let comment = app.customer().replies(id, "Порт 3.").id();
        let path = format!("/tickets/{id}/comments/{comment}");
        app.customer().patch(&path, json!({ "body": "Порт 5." })).expect(200);
        app.customer().edits(id, json!({ "steps": steps })).expect(200);
        assert_eq!(app.engineer().verifies(id)["intact"], true);

        app.sql(&statement.replace('$', &id.to_string()));

        let found = app.engineer().verifies(id);
        assert_eq!(found["first_broken"]["seq"], seq, "{statement}");
        assert_eq!(app.customer().verifies(id)["intact"], false);
    }
}
