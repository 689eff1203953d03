//! Tickets with which the `EventSource` of a browser opens a stream (AU09, AZ08).

use serde_json::json;

use crate::support::{EventStream, PASSWORD, TestApp};

impl TestApp {
    /// A stream as a browser opens it: by its URL alone.
    fn browses(&self, url: &str) -> EventStream {
        EventStream::open(&self.server.client.address, &self.path_of(url), &[])
    }
}

/// AU09: a ticket opens one stream, once, for a minute, without a header, where the reader wants to go on; it is in no
/// log.
#[test]
fn sec_au09_a_ticket_opens_one_stream_without_a_header() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let ticket = || customer.call("POST", "/events/stream-ticket", None).expect(200);
    let first = ticket();
    let url = first.word("url");

    let mut stream = app.browses(&url);

    assert_eq!((stream.head.status, first.header("cache-control")), (200, "no-store"));
    let id = customer.has_filed(app.request());
    let event = stream.next().unwrap();
    assert_eq!(event.data["ticket_id"], id);
    let used = app.browses(&url).head;
    assert_eq!((used.status, used.code()), (403, "invalid_ticket"));
    let again = ticket().word("url");
    let earlier = event.id - 1;
    assert_eq!(app.browses(&format!("{again}&after={earlier}")).next().unwrap().id, event.id);

    let expired = ticket().word("url");
    app.sql("update stream_tickets set expires_at = now()");
    for url in [&expired, "/api/v1/events/stream?ticket=hd_st_x", "/api/v1/events/stream?ticket="] {
        assert_eq!(app.browses(url).head.code(), "invalid_ticket", "{url}");
    }
    let elsewhere = format!("/events?ticket={}", ticket().word("ticket"));
    assert_eq!(app.anonymous().get(&elsewhere).code(), "unauthenticated");
    let both = format!("/events/stream?ticket={}", ticket().word("ticket"));
    assert_eq!(customer.get(&both).code(), "malformed_header");
    let log = app.server.log();
    assert!(log.contains("/events/stream") && !log.contains("hd_st_"), "{log}");
}

/// A reader that never got an event still knows where to go on: the ticket says where the feed ended, and the stream
/// where it begins.
#[test]
fn a_stream_that_breaks_before_its_first_event_loses_none() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let ticket = || customer.call("POST", "/events/stream-ticket", None).expect(200);
    app.ticket("new");
    let end =
        customer.get("/events?limit=100").expect(200).items().last().unwrap()["position"].clone();
    let first = ticket();

    let began_at = app.browses(&first.word("url")).position();
    let missed = customer.has_filed(app.request());

    assert_eq!((&first.body["position"], &json!(began_at)), (&end, &end));
    let again = format!("{}&after={began_at}", ticket().word("url"));
    assert_eq!(app.browses(&again).next().unwrap().data["ticket_id"], missed);
    let last = [("last-event-id", &*began_at.to_string())];
    let mut resumed = customer.follow(&app.server, "", &last);
    assert_eq!(resumed.position(), began_at);
    assert_eq!(resumed.next().unwrap().data["ticket_id"], missed);
}

/// AZ08: a ticket gives the rights that its maker has when it is used; the stream ends with them.
#[test]
fn sec_az08_a_ticket_and_its_stream_end_with_the_rights_behind_them() {
    let app = TestApp::spawn();
    let sign_in = || {
        let token = app.sign_in(&app.customer().email, PASSWORD).expect(200).word("access_token");
        app.with_token(&token)
    };
    let (session, other) = (sign_in(), sign_in());
    let script = app.engineer().makes_api_token(&["events:read"]).expect(201);
    let by_token = app.with_token(&script.word("token"));
    let url = |it: &crate::support::Person| {
        it.call("POST", "/events/stream-ticket", None).expect(200).word("url")
    };
    let mut streams = [app.browses(&url(&session)), app.browses(&url(&by_token))];
    let unused = [url(&session), url(&by_token), url(&app.colleague())];
    assert!(streams.iter().all(|it| it.head.status == 200));

    session.signs_out();
    app.engineer().delete(&format!("/me/api-tokens/{}", script.id())).expect(204);
    app.admin().deactivates(&app.colleague());
    app.customer().has_filed(app.request());

    for stream in &mut streams {
        assert_eq!(stream.next(), None);
    }
    for url in unused {
        assert_eq!(app.browses(&url).head.code(), "invalid_ticket");
    }
    assert_eq!(app.browses(&url(&other)).head.status, 200);
    let narrow = app.engineer().script(&["tickets:read"]);
    let refused = narrow.call("POST", "/events/stream-ticket", None).expect(403);
    assert_eq!(refused.body["required_scope"], json!("events:read"));
}
