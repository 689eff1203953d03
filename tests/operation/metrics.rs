//! Metrics (CF05).

use crate::support::TestApp;

/// CF05: the metrics are on an address of their own, where nothing else is.
#[test]
fn sec_cf05_metrics_are_not_on_the_public_address() {
    let app = TestApp::spawn();
    let public = |path: &str| app.server.client.send("GET", path, &[], None).status;

    let metrics = app.server.metrics_reply("/metrics");

    assert_eq!(metrics.status, 200);
    assert_eq!(metrics.media_type, "text/plain");
    assert_eq!(public("/metrics"), 404);
    for path in ["/", "/livez", "/openapi.json", "/docs/", "/api/v1/reference"] {
        assert_eq!(app.server.metrics_reply(path).status, 404, "{path}");
    }
}

/// Requests are counted by route, so that nobody can create as many series as there are paths.
#[test]
fn requests_are_counted_by_route() {
    let app = TestApp::spawn();
    let id = app.ticket("new");

    app.customer().get(&format!("/tickets/{id}")).expect(200);
    app.customer().get("/tickets/4000000").expect(404);
    app.anonymous().get("/no/such/path").expect(404);
    app.anonymous().call("BREW", "/me", None).expect(405);

    let metrics = app.server.metrics();
    for (route, status) in [("/api/v1/tickets/{id}", 200), ("/api/v1/tickets/{id}", 404)] {
        let labels = format!("{{method=\"GET\",route=\"{route}\",status=\"{status}\"}}");
        assert!(metrics.contains(&format!("helpdesk_requests_total{labels} 1")), "{metrics}");
    }
    assert!(metrics.contains("helpdesk_request_seconds_bucket{"), "{metrics}");
    assert!(!metrics.contains("4000000") && !metrics.contains("no/such"), "{metrics}");
    assert!(!metrics.contains("BREW"), "{metrics}");
}

/// If the address of the metrics is taken the service works without them, and says so.
#[test]
fn a_taken_metrics_address_stops_nothing() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();

    let app = TestApp::spawn_with(&[("HELPDESK_METRICS_BIND", &address)]);

    app.customer().get("/me").expect(200);
    assert!(app.server.log().contains(&format!("metrics are off: {address}")));
}

/// The statements that the service sends to the database are counted.
#[test]
fn statements_are_counted() {
    let app = TestApp::spawn();

    let before = app.statements();
    app.customer().get("/me").expect(200);

    assert!(app.statements() >= before + 2);
}

/// CF05: the metrics, and nothing else, are on an address of their own.
#[test]
fn sec_cf05_metrics_have_an_address_of_their_own() {
    let app = TestApp::spawn();

    let on_the_api = app.server.client.send("GET", "/metrics", &[], None);
    let elsewhere = app.server.metrics_reply("/api/v1/reference");

    assert_eq!(on_the_api.status, 404);
    assert_eq!(elsewhere.status, 404);
    assert!(app.server.metrics().contains("helpdesk_requests_total"));
}
