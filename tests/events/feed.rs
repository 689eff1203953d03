//! The feed of events, by page and as a stream, and who sees which events.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Person, TestApp};

/// All events that somebody reads, by pages of `limit`.
fn walk(person: &Person, limit: usize) -> Vec<Value> {
    let mut read = Vec::new();
    let mut after = "0".to_owned();
    loop {
        let page = person.get(&format!("/events?limit={limit}&after={after}")).expect(200);
        read.extend(page.items().to_vec());
        match page.body["next_cursor"].as_str() {
            Some(next) => after = next.to_owned(),
            None => return read,
        }
    }
}

fn positions(events: &[Value]) -> Vec<i64> {
    events.iter().map(|it| it["position"].as_i64().unwrap()).collect()
}

/// The same events as in histories, without their position in the feed.
fn without_positions(events: &[Value]) -> Vec<Value> {
    let mut events = events.to_vec();
    for event in &mut events {
        event.as_object_mut().unwrap().remove("position").unwrap();
    }
    events
}

/// The feed is the histories of all tickets together, each event the same object, in order.
#[test]
fn the_feed_has_what_the_histories_have() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let tickets = ["closed", "feedback", "new"].map(|it| app.ticket(it));

    let feed = walk(&engineer, 3);

    let mut histories = tickets.map(|it| engineer.history(it)).concat();
    histories.sort_by_key(|it| it["id"].as_i64());
    assert_eq!(without_positions(&feed), histories);
    assert!(positions(&feed).is_sorted_by(|one, two| one < two));
    assert_eq!(feed, walk(&engineer, 100));
    assert!(feed.len() >= 7, "{feed:?}");
}

/// A page links to the next one, and a reader at the end goes on from there later.
#[test]
fn a_page_links_to_the_next() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    app.ticket("feedback");

    let first = engineer.get("/events?limit=2").expect(200);
    let next = first.word("next_cursor");
    let last = engineer.get(&format!("/events?limit=2&after={next}")).expect(200);
    let end = positions(last.items())[0];

    assert!(first.header("link").contains(&format!("/api/v1/events?limit=2&after={next}>")));
    assert_eq!(last.body["next_cursor"], Value::Null);
    assert!(engineer.get(&format!("/events?after={end}")).expect(200).items().is_empty());
    app.ticket("new");
    let later = engineer.get(&format!("/events?after={end}")).expect(200);
    assert_eq!(later.items()[0]["type"], "ticket.created");
    assert_eq!(engineer.get("/events?after=-1").expect(422).errors(), ["after too_small"]);
    assert_eq!(engineer.get("/events?after=x").expect(422).errors(), ["after wrong_type"]);
}

/// AZ04, AZ05: customers read the public events of their own company alone, by page and as a
/// stream.
#[test]
fn sec_az04_az05_customers_see_their_companys_public_events() {
    let app = TestApp::spawn();
    let (customer, stranger, engineer) = (app.customer(), app.stranger(), app.engineer());
    let foreign = app.foreign_ticket();
    let own = app.ticket("in_progress");
    let note = engineer.writes_note(own, "Клиент путает порты.").id();
    engineer.holds_quietly(own, "repair", "Ждем склад.");

    let (seen, all) = (walk(&customer, 2), walk(&engineer, 100));
    let by_stranger = walk(&stranger, 100);

    let tickets = |events: &[Value]| -> BTreeSet<i64> {
        events.iter().map(|it| it["ticket_id"].as_i64().unwrap()).collect()
    };
    assert_eq!(tickets(&seen), BTreeSet::from([own]));
    assert_eq!(tickets(&by_stranger), BTreeSet::from([foreign]));
    assert_eq!(tickets(&all), BTreeSet::from([own, foreign]));
    assert!(all.iter().any(|it| it["comment_id"] == note), "{all:?}");
    assert!(seen.iter().all(|it| it.get("comment_id").is_none()), "{seen:?}");
    assert_eq!(seen.last().unwrap()["changes"]["status"]["to"], "on_hold");
    assert_eq!(without_positions(&seen), customer.history(own));
    let streamed = customer.follow(&app.server, "?after=0", &[]).take(seen.len());
    assert_eq!(streamed.map(|it| it.data).collect::<Vec<_>>(), seen);
}

/// A stream is one of server-sent events, which no proxy buffers or caches.
#[test]
fn a_stream_is_one_of_server_sent_events() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let before = app.ticket("new");
    let accept = [("accept", "text/event-stream")];

    let mut from_now = customer.follow(&app.server, "", &accept);
    let id = app.ticket("new");
    let retry = from_now.comment_line();
    let first = from_now.next().unwrap();

    let head = &from_now.head;
    assert_eq!([head.status.to_string().as_str(), &head.media_type], ["200", "text/event-stream"]);
    assert_eq!(head.header("cache-control"), "no-store");
    assert_eq!(head.header("x-accel-buffering"), "no");
    assert_eq!(retry.as_deref(), Some("retry: 3000"));
    assert_eq!((first.event.as_str(), &first.data["ticket_id"]), ("ticket.created", &json!(id)));
    assert_eq!(first.data["position"], first.id);
    let read = walk(&customer, 100);
    assert_eq!(first.data, *read.last().unwrap());
    assert_eq!(read[0]["ticket_id"], before);
}

/// A reader that comes back says where it was: the header wins over the URL, which is that of the
/// first request.
#[test]
fn a_stream_goes_on_where_it_was_left() {
    let app = TestApp::spawn();
    let customer = app.customer();
    app.ticket("closed");
    let all = positions(&walk(&customer, 100));
    let after = |address: &str, headers: &[(&str, &str)], left: usize| -> Vec<i64> {
        customer.follow(&app.server, address, headers).take(left).map(|it| it.id).collect()
    };

    let second = all[1].to_string();
    let resumed = after("?after=0", &[("last-event-id", &second)], all.len() - 2);

    assert_eq!(after("?after=0", &[], all.len()), all);
    assert_eq!(resumed, all[2..]);
    assert_eq!(after(&format!("?after={second}"), &[], all.len() - 2), all[2..]);
    for (wrong, code) in [("x", "wrong_type"), ("-1", "too_small"), ("1.5", "wrong_type")] {
        let refused = customer.follow(&app.server, "", &[("last-event-id", wrong)]).head;
        assert_eq!((refused.status, refused.code()), (400, "malformed_header"));
        assert_eq!(refused.body["errors"][0]["header"], "Last-Event-ID");
        assert_eq!(refused.body["errors"][0]["code"], code);
    }
}

/// HEAD of a stream returns the head alone and leaves the connection usable.
#[test]
fn the_head_of_a_stream_does_not_wait_for_its_end() {
    let app = TestApp::spawn();
    let customer = app.customer();

    for _ in 0..3 {
        let head = customer.call("HEAD", "/events/stream", None).expect(200);
        assert_eq!(head.media_type, "text/event-stream");
        customer.get("/me").expect(200);
    }
}
