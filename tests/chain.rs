//! Section 7 of the contract: the events of a ticket are chained, each to the one before it.

use serde_json::json;

use crate::support::TestApp;

const CHAIN: &str = "select id, ticket_id, company_id, seq, hash from events order by id";
const HEADS: &str = "select id, head_seq, head_hash from tickets order by id";

/// Events that were there before the chain get the links that the service would have made.
#[test]
fn a7_older_events_are_chained_when_the_chain_comes() {
    let app = TestApp::spawn();
    let (one, other) = (app.ticket("closed"), app.ticket("feedback"));
    app.engineer().put(&format!("/tickets/{one}/links/{other}"), json!({})).expect(204);
    let before = [app.read(CHAIN), app.read(HEADS)];

    app.sql(include_str!("../migrations/20261124000501_event_chain/down.sql"));
    app.sql(include_str!("../migrations/20261124000501_event_chain/up.sql"));

    assert_eq!([app.read(CHAIN), app.read(HEADS)], before);
    assert_eq!(app.read("select from events where seq is null or hash is null").len(), 0);
}
