//! 4: what should never have been written is taken out; that it was there stays in the history.

use serde_json::{Value, json};

use crate::comments::posting::say;
use crate::support::{Person, TestApp};

const SECRET: &str = "canary-Gx7tq";
const REASON: &str = "В конфигурации был пароль.";

fn verify(person: &Person, id: i64) -> Value {
    person.get(&format!("/tickets/{id}/history/verify")).expect(200).body
}

/// Where in the database a text still is: `table.column` of every text there is.
fn places(app: &TestApp, text: &str) -> Vec<String> {
    let columns = app.read(
        "select table_name || '.' || column_name from information_schema.columns
         join information_schema.tables using (table_schema, table_name)
         where table_schema = 'public' and table_type = 'BASE TABLE'
           and data_type in ('text', 'jsonb', 'ARRAY', 'character varying')",
    );
    let is_there = |place: &String| {
        let (table, column) = place.trim_matches(['(', ')', '"']).split_once('.').unwrap();
        let query = format!("select from {table} where {column}::text like '%{text}%'");
        !app.read(&query).is_empty()
    };
    columns.into_iter().filter(is_there).collect()
}

/// 4: the text is gone from all versions and from everywhere in the database; the event, its hash
/// and the reason stay, and the check tells of it.
#[test]
fn c4_a_redacted_comment_is_gone_but_for_its_event() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let customer = app.customer();
    let body = json!({ "body": format!("Пароль администратора: {SECRET}") });
    let comments = format!("/tickets/{id}/comments");
    let headers = [("content-type", "application/json"), ("idempotency-key", "said-once")];
    let send = || customer.send("POST", &comments, &headers, Some(body.to_string().as_bytes()));
    let comment = send().expect(201).id();
    let path = format!("{comments}/{comment}");
    customer.patch(&path, json!({ "body": format!("Пароль был {SECRET}.") })).expect(200);
    assert!(!places(&app, SECRET).is_empty());

    let redaction = json!({ "reason": REASON });
    let redacted = app.admin().post(&format!("/comments/{comment}/redact"), redaction).expect(200);

    assert_eq!(redacted.body["body"], "");
    assert!(redacted.body["redacted_at"].is_string());
    assert_eq!(places(&app, SECRET), Vec::<String>::new());
    assert!(!send().text.contains(SECRET));
    let versions = app.engineer().get(&format!("{path}/versions")).items().to_vec();
    assert!(versions.iter().all(|it| it["body"] == "" && it["redacted_at"].is_string()));
    assert_eq!(versions.len(), 2);
    let history = customer.get(&format!("/tickets/{id}/history")).items().to_vec();
    let event = history.last().unwrap();
    assert_eq!(
        [&event["type"], &event["comment_id"], &event["reason"], &event["actor"]["id"]],
        [&json!("ticket.redacted"), &json!(comment), &json!(REASON), &json!(app.admin().id)]
    );
    let checked = verify(&app.engineer(), id);
    assert_eq!([&checked["intact"], &checked["redacted"]], [&json!(true), &json!(2)]);
    assert_eq!(verify(&customer, id)["redacted"], 2);
}

/// 4: the same for a text of the ticket: the present one and those that the history remembers.
#[test]
fn c4_a_redacted_text_of_a_ticket_is_gone_from_its_history() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let (customer, path) = (app.customer(), format!("/tickets/{id}"));
    for steps in [format!("Вошел с паролем {SECRET}."), format!("Вошел: {SECRET}.")]
    {
        customer.patch(&path, json!({ "steps": steps })).expect(200);
    }

    let redaction = json!({ "field": "steps", "reason": REASON });
    let redacted = app.admin().post(&format!("{path}/redact"), redaction).expect(200);

    assert_eq!(redacted.body["steps"], Value::Null);
    assert_eq!(places(&app, SECRET), Vec::<String>::new());
    let history = customer.get(&format!("{path}/history")).items().to_vec();
    let event = history.last().unwrap();
    assert_eq!([&event["type"], &event["reason"]], [&json!("ticket.redacted"), &json!(REASON)]);
    assert_eq!(event["changes"], json!({ "steps": { "from": null, "to": null } }));
    let checked = verify(&app.engineer(), id);
    assert_eq!([&checked["intact"], &checked["redacted"]], [&json!(true), &json!(2)]);
}

/// A second redaction changes nothing; a comment may be written anew, and is whole then.
#[test]
fn c4_a_redacted_comment_can_be_corrected() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let comment = say(&app.customer(), id, json!({ "body": SECRET })).expect(201).id();
    let redact = || {
        let path = format!("/comments/{comment}/redact");
        app.admin().post(&path, json!({ "reason": REASON })).expect(200).body
    };
    let once = redact();
    assert_eq!(redact(), once);
    assert_eq!(app.engineer().get(&format!("/tickets/{id}/history")).items().len(), 4);

    let body = json!({ "body": "Конфигурация без пароля." });
    let path = format!("/tickets/{id}/comments/{comment}");
    let corrected = app.customer().patch(&path, body).expect(200).body;

    assert_eq!([&corrected["version"], &corrected["redacted_at"]], [&json!(2), &Value::Null]);
    let checked = verify(&app.engineer(), id);
    assert_eq!([&checked["intact"], &checked["redacted"]], [&json!(true), &json!(1)]);
}

/// A redacted note tells customers nothing.
#[test]
fn c4_a_redacted_note_stays_unknown_to_customers() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let seen = || {
        let paths = ["", "/comments", "/history", "/history/verify"];
        paths.map(|it| app.customer().get(&format!("/tickets/{id}{it}")).body)
    };
    let before = seen();
    let note = json!({ "body": SECRET, "internal": true });
    let note = say(&app.engineer(), id, note).expect(201).id();

    app.admin().post(&format!("/comments/{note}/redact"), json!({ "reason": REASON })).expect(200);

    assert_eq!(seen(), before);
    assert_eq!(verify(&app.engineer(), id)["redacted"], 1);
}

/// Section 7 of the contract: a text that was changed, or blanked without an event that tells of
/// it, is found like a changed event.
#[test]
fn a7_whoever_changes_a_text_in_the_database_is_found_out() {
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
        let comment = say(&app.customer(), id, json!({ "body": "Порт 3." })).expect(201).id();
        let path = format!("/tickets/{id}/comments/{comment}");
        app.customer().patch(&path, json!({ "body": "Порт 5." })).expect(200);
        app.customer().patch(&format!("/tickets/{id}"), json!({ "steps": steps })).expect(200);
        assert_eq!(verify(&app.engineer(), id)["intact"], true);

        app.sql(&statement.replace('$', &id.to_string()));

        let found = verify(&app.engineer(), id);
        assert_eq!(found["first_broken"]["seq"], seq, "{statement}");
        assert_eq!(verify(&app.customer(), id)["intact"], false);
    }
}
