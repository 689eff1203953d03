//! `GET /events`, narrowed down: what somebody did, what happened to a ticket, when.

use serde_json::{Value, json};

use crate::support::{Person, TestApp};

/// Whether an event passes a filter.
type Check = Box<dyn Fn(&Value) -> bool>;

fn read(person: &Person, query: &str) -> Vec<Value> {
    let mut events = Vec::new();
    let mut after = String::new();
    loop {
        let page = person.get(&format!("/events?limit=3&{query}{after}")).expect(200);
        events.extend_from_slice(page.items());
        match page.body["next_cursor"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return events,
        }
    }
}

/// A filter leaves exactly the events of the feed that pass it, in their order, for each reader.
#[test]
fn a_filter_leaves_the_events_that_pass_it() {
    let app = TestApp::spawn();
    for status in ["feedback", "closed", "on_hold"] {
        app.ticket(status);
    }
    app.foreign_ticket();
    let ticket = app.ticket("feedback");
    app.engineer().writes_note(ticket, "Похоже на прошивку.");
    let middle = app.value::<String>(
        "select to_char(now() - interval '1 hour', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
    );
    app.sql(
        "alter table events disable trigger all;
         update events set at = now() - interval '2 hours' where id % 2 = 0;
         update events set actor_id = null where id % 3 = 0;
         alter table events enable trigger all",
    );
    let engineer = app.engineer();
    let checks: [(String, Check); 8] = [
        (format!("actor_id={}", engineer.id), {
            let id = engineer.id;
            Box::new(move |it| it["actor"]["id"] == id)
        }),
        ("by_people=true".to_owned(), Box::new(|it| it["actor"]["role"] != "system")),
        ("by_people=false".to_owned(), Box::new(|it| it["actor"]["role"] == "system")),
        (format!("ticket_id={ticket}"), Box::new(move |it| it["ticket_id"] == ticket)),
        ("type=ticket.created".to_owned(), Box::new(|it| it["type"] == "ticket.created")),
        (
            "type=ticket.created,ticket.commented".to_owned(),
            Box::new(|it| it["type"] == "ticket.created" || it["type"] == "ticket.commented"),
        ),
        (format!("at_after={middle}"), {
            let middle = middle.clone();
            Box::new(move |it| it["at"].as_str().unwrap() > middle.as_str())
        }),
        (format!("at_before={middle}&type=ticket.created"), {
            Box::new(move |it| {
                it["at"].as_str().unwrap() < middle.as_str() && it["type"] == "ticket.created"
            })
        }),
    ];

    for person in [app.engineer(), app.customer(), app.stranger()] {
        let all = read(&person, "");
        for (query, passes) in &checks {
            let expected: Vec<Value> = all.iter().filter(|it| passes(it)).cloned().collect();
            assert_eq!(read(&person, query), expected, "{query}");
        }
    }
    assert!(!read(&engineer, &checks[0].0).is_empty());
    let hidden = read(&app.customer(), &format!("ticket_id={ticket}&type=ticket.commented"));
    assert!(hidden.iter().all(|it| it["comment_id"] != json!(null)), "{hidden:?}");
}

/// Wrong values are named by their parameters.
#[test]
fn bad_filters_of_the_feed_are_named() {
    let app = TestApp::spawn();
    for (query, error) in [
        ("actor_id=0", "actor_id too_small"),
        ("by_people=1", "by_people wrong_type"),
        ("type=ticket.eaten", "type not_one_of"),
        ("at_after=yesterday", "at_after wrong_format"),
    ] {
        assert_eq!(app.engineer().get(&format!("/events?{query}")).errors(), [error], "{query}");
    }
}
