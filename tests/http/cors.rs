//! Cross-origin requests (CF02).

use crate::support::TestApp;

/// CF02: only the origins that the operator has named may read responses.
#[test]
fn sec_cf02_a_foreign_origin_is_not_allowed() {
    let origins = ("HELPDESK_CORS_ORIGINS", "https://desk.example,https://other.example:8443");
    let app = TestApp::spawn_with(&[origins]);
    let asked =
        |path: &str, origin: &str| app.customer().send("GET", path, &[("origin", origin)], None);

    for origin in [
        "https://evil.example",
        "null",
        "https://desk.example.evil.example",
        "http://desk.example",
        "https://desk.example:444",
        "https://other.example",
    ] {
        let response = asked("/me", origin);
        assert!(!response.headers.contains_key("access-control-allow-origin"), "{origin}");
    }
    for (path, status) in [("/me", 200), ("/tickets/4000000", 404), ("/companies", 403)] {
        let response = asked(path, "https://desk.example").expect(status);
        assert_eq!(response.header("access-control-allow-origin"), "https://desk.example");
        assert!(response.header("vary").contains("Origin"));
        assert!(!response.headers.contains_key("access-control-allow-credentials"));
        let exposed = response.header("access-control-expose-headers").to_lowercase();
        for name in [
            "etag",
            "location",
            "retry-after",
            "x-request-id",
            "content-disposition",
            "content-range",
            "accept-ranges",
            "ratelimit",
            "ratelimit-policy",
        ] {
            assert!(exposed.contains(name), "{exposed}");
        }
    }
}

/// CF02: a preflight request needs no sign-in.
#[test]
fn sec_cf02_a_preflight_is_answered() {
    let app = TestApp::spawn_with(&[("HELPDESK_CORS_ORIGINS", "https://desk.example")]);
    let asked = |origin: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "PATCH"),
            ("access-control-request-headers", "authorization, content-type, if-match"),
        ];
        app.server.client.send("OPTIONS", "/api/v1/tickets/1", &headers, None)
    };

    let allowed = asked("https://desk.example");
    let foreign = asked("https://evil.example");

    assert!([200, 204].contains(&allowed.status), "{}", allowed.text);
    assert_eq!(allowed.header("access-control-allow-origin"), "https://desk.example");
    assert!(allowed.header("access-control-allow-methods").contains("PATCH"));
    let headers = allowed.header("access-control-allow-headers").to_lowercase();
    assert!(headers.contains("authorization") && headers.contains("if-match"), "{headers}");
    assert_eq!(allowed.header("access-control-max-age"), "600");
    assert!(!foreign.headers.contains_key("access-control-allow-origin"), "{foreign:?}");
    assert_eq!((foreign.status, foreign.code()), (403, "origin_not_allowed"));
    assert!(foreign.word("detail").contains("HELPDESK_CORS_ORIGINS"), "{}", foreign.text);
}

/// CF02: where no origin is listed at all, a preflight request says so, too.
#[test]
fn sec_cf02_a_preflight_without_any_listed_origin_names_the_setting() {
    let app = TestApp::spawn();
    let headers = [("origin", "http://localhost:5173"), ("access-control-request-method", "GET")];

    let response = app.server.client.send("OPTIONS", "/api/v1/me", &headers, None);

    assert_eq!((response.status, response.code()), (403, "origin_not_allowed"));
    assert!(response.word("detail").contains("HELPDESK_CORS_ORIGINS"));
}
