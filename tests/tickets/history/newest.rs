//! Long conversations and histories are read from their end.

use serde_json::{Value, json};

use crate::support::{Person, TestApp, ids};

/// A ticket with this many comments.
fn talkative(app: &TestApp, count: i64) -> i64 {
    let ticket = app.ticket("in_progress");
    let customer = app.customer().id;
    app.sql(&format!(
        "insert into comments (ticket_id, author_id, body, created_at, version, is_internal)
         select {ticket}, {customer}, 'Слово ' || number, now(), 1, false
         from generate_series(1, {count}) as number"
    ));
    ticket
}

fn bodies(comments: &Value) -> Vec<String> {
    let comments = comments.as_array().unwrap().iter();
    comments.map(|it| it["body"].as_str().unwrap().to_owned()).collect()
}

/// An expanded ticket has the newest hundred, and its cursor leads to the older ones.
#[test]
fn an_expanded_ticket_shows_the_newest_and_leads_to_the_older() {
    let app = TestApp::spawn();
    let ticket = talkative(&app, 120);
    let reader = app.engineer();

    let expanded =
        reader.get(&format!("/tickets/{ticket}?expand=comments,history")).expect(200).body;

    let shown = bodies(&expanded["comments"]);
    assert_eq!(
        (shown.len(), shown[0].as_str(), shown[99].as_str()),
        (100, "Слово 21", "Слово 120")
    );
    let cursor = expanded["comments_cursor"].as_str().unwrap();
    let path = format!("/tickets/{ticket}/comments?sort=-created_at&limit=100&cursor={cursor}");
    let older = reader.get(&path).expect(200).body;
    assert_eq!(
        bodies(&older["items"]),
        (1..=20).rev().map(|it| format!("Слово {it}")).collect::<Vec<_>>()
    );
    assert_eq!((&older["next_cursor"], &expanded["history_cursor"]), (&Value::Null, &Value::Null));
    let plain = reader.get(&format!("/tickets/{ticket}")).expect(200).body;
    assert!(plain.get("comments_cursor").is_none() && plain.get("history_cursor").is_none());
}

fn walk(reader: &Person, path: &str) -> Vec<i64> {
    ids(&reader.all(path))
}

/// Both orders have the same rows, and whoever has one asks for what came after it.
#[test]
fn both_orders_have_the_same_and_a_reader_goes_on_after_what_it_has() {
    let app = TestApp::spawn();
    let ticket = talkative(&app, 30);
    app.engineer().asks(ticket, "Пришлите дамп.");
    let reader = app.customer();

    for list in ["comments", "history"] {
        let path = format!("/tickets/{ticket}/{list}?limit=1");
        let oldest = walk(&reader, &path);
        let mut newest = walk(&reader, &format!("{path}&sort=-created_at"));
        newest.reverse();
        assert_eq!(newest, oldest, "{list}");
        let known = oldest[oldest.len() - 2];
        assert_eq!(walk(&reader, &format!("{path}&after_id={known}")), oldest[oldest.len() - 1..]);
        let last = oldest.last().unwrap();
        assert_eq!(walk(&reader, &format!("{path}&after_id={last}")), Vec::<i64>::new());
    }
    let cursor = reader.get(&format!("/tickets/{ticket}/comments?limit=1")).word("next_cursor");
    let other = format!("/tickets/{ticket}/comments?limit=1&sort=-created_at&cursor={cursor}");
    assert_eq!(reader.get(&other).expect(400).code(), "invalid_cursor");
    let wrong = format!("/tickets/{ticket}/comments?sort=newest&after_id=0");
    assert_eq!(reader.get(&wrong).expect(422).errors(), ["sort not_one_of", "after_id too_small"]);
}

/// One event is found by its id, as the feed has it, by those who may read it.
#[test]
fn an_event_is_found_by_its_id() {
    let app = TestApp::spawn();
    let ticket = app.ticket("feedback");
    let (customer, engineer) = (app.customer(), app.engineer());
    engineer.writes_note(ticket, "Похоже на 1041.");
    let feed = engineer.all(&format!("/events?ticket_id={ticket}&limit=100"));
    let note = feed.last().unwrap();

    for event in &feed {
        let path = format!("/events/{}", event["id"]);
        assert_eq!(engineer.get(&path).expect(200).body, *event);
        app.stranger().get(&path).expect(404);
    }
    assert_eq!(note["type"], json!("ticket.commented"));
    customer.get(&format!("/events/{}", note["id"])).expect(404);
    customer.get("/events/4000000").expect(404);
}
