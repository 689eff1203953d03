//! How events get their position in the feed: after their commit, by any process.

use serde_json::json;

use crate::support::{TestApp, wait_until};

/// A writer does not wait for a process that appends to the feed, not even until its commit.
#[test]
fn writers_do_not_wait_for_the_order_of_the_feed() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    wait_until("the feed is at rest", || app.count("select from feed_waiting") == 0);
    let stuck = app.lock("select pg_advisory_xact_lock(6814201)");

    app.engineer().replies(id, "Смотрю.");
    app.engineer().replies(id, "Готово.");

    let waiting = app.count("select from feed_waiting");
    assert_eq!(waiting, 2);
    drop(stuck);
    wait_until("they are in the feed", || app.count("select from feed_waiting") == 0);
    let last = "select (select max(position) from feed) = (select max(position) from feed
        join (select max(id) as id from events) as last on event_id = last.id)";
    assert!(app.value::<bool>(last));
}

/// What a process left that died after its commit gets its place from another one, once.
#[test]
fn events_of_a_dead_process_get_their_place() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let id = app.ticket("in_progress");
    let before = customer.get("/events?limit=100").expect(200).items().len();

    app.sql(
        "with written as (insert into events (company_id, type, at, is_internal, body)
         select company_id, 'ticket.redacted', now(), false, '{\"changes\":{}}'
         from tickets, generate_series(1, 3) limit 3 returning id)
         insert into feed_waiting select id from written",
    );

    wait_until("they are in the feed", || app.count("select from feed_waiting") == 0);
    let after = customer.get("/events?limit=100").expect(200).items().len();
    assert_eq!(
        (after - before, app.count("select from events")),
        (3, app.count("select from feed"))
    );
    assert_eq!(customer.get(&format!("/tickets/{id}")).expect(200).body["id"], json!(id));
}

/// Reading to the end includes one's own latest events.
#[test]
fn writers_find_their_own_events_in_the_feed() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let id = app.ticket("in_progress");

    for number in 0..20 {
        let comment = engineer.replies(id, &format!("Ответ {number}.")).id();
        let feed = engineer.get("/events?limit=100").expect(200);
        assert_eq!(feed.items().last().unwrap()["comment_id"], comment);
    }
}
