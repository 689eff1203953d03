//! What every answer carries: language, request id, headers that protect, CORS (CF).

use serde_json::json;

use crate::support::{Reply, TestApp};

fn in_language(app: &TestApp, accept: &str) -> Reply {
    let headers = [("accept-language", accept)];
    app.customer().send("GET", "/tickets/4000000", &headers, None).expect(404)
}

/// Problems are told in the language that is asked for, else the person's own, else Russian.
#[test]
fn problems_are_told_in_the_readers_language() {
    let app = TestApp::spawn();
    let told = |accept: &str| {
        let answer = in_language(&app, accept);
        (answer.header("content-language").to_owned(), answer.word("title"))
    };
    let pair = |language: &str, title: &str| (language.to_owned(), title.to_owned());
    let (ru, kk, en) = (pair("ru", "Не найдено"), pair("kk", "Табылмады"), pair("en", "Not found"));

    for (accept, expected) in [
        ("ru", &ru),
        ("kk", &kk),
        ("en", &en),
        ("en-GB, ru;q=0.5", &en),
        ("de, kk;q=0.2, ru;q=0.1", &kk),
        ("de", &ru),
        ("*", &ru),
        (";;;q=x", &ru),
    ] {
        assert_eq!(told(accept), *expected, "{accept}");
    }
    app.customer().patch("/me", json!({ "language": "kk" })).expect(200);
    assert_eq!(told("de"), kk);
    assert_eq!(app.customer().get("/tickets/4000000").word("title"), "Табылмады");
    assert_eq!(app.anonymous().get("/me").header("content-language"), "ru");
}

/// The texts of single fields follow, too.
#[test]
fn field_errors_are_told_in_the_readers_language() {
    let app = TestApp::spawn();
    let told = |language: &str| {
        let headers = [("content-type", "application/json"), ("accept-language", language)];
        let answer = app.customer().send("POST", "/tickets", &headers, Some(b"{}")).expect(422);
        assert_eq!(answer.header("content-language"), language);
        answer.body["errors"][0]["detail"].as_str().unwrap().to_owned()
    };

    let texts = ["ru", "kk", "en"].map(told);

    assert_eq!(texts[0], "Обязательное поле.");
    assert!(texts[1] != texts[0] && texts[1] != texts[2] && texts[2].is_ascii(), "{texts:?}");
}

/// A request keeps the id it came with, if that is one; else it is given one.
#[test]
fn every_request_has_an_id() {
    let app = TestApp::spawn();
    let answered = |id: &str| {
        let answer = app.customer().send("GET", "/nonsense", &[("x-request-id", id)], None);
        assert_eq!(answer.body["request_id"], answer.header("x-request-id"));
        answer.header("x-request-id").to_owned()
    };

    let (longest, longer) = ("x".repeat(64), "x".repeat(65));

    for id in ["abc-1.2_3", longest.as_str()] {
        assert_eq!(answered(id), id);
    }
    for id in ["", "a b", "a\"b", "а", longer.as_str()] {
        let made = answered(id);
        assert_eq!(made.len(), 32, "{id}: {made}");
        assert!(made.chars().all(|it| it.is_ascii_hexdigit()), "{made}");
    }
    let made = || app.customer().get("/me").header("x-request-id").to_owned();
    assert_ne!(made(), made());
    assert!(app.server.log().contains("id=abc-1.2_3"));
}

/// One answer of each kind.
fn one_of_each(app: &TestApp) -> Vec<Reply> {
    let (customer, admin) = (app.customer(), app.admin());
    let id = app.ticket("new");
    let path = format!("/tickets/{id}");
    let tag = customer.get(&path).header("etag").to_owned();
    let json = ("content-type", "application/json");
    let outside = |path: &str| app.server.client.send("GET", path, &[], None);
    vec![
        customer.get(&path).expect(200),
        admin.post("/companies", json!({ "name": "Алатау Нет" })).expect(201),
        customer.send("GET", &path, &[("if-none-match", &tag)], None).expect(304),
        admin.send("PUT", &format!("{path}/watchers/{}", admin.id), &[], None).expect(204),
        customer.send("POST", "/tickets", &[json], Some(b"{")).expect(400),
        app.anonymous().get("/me").expect(401),
        app.sign_in("nobody@helpdesk.example", "x").expect(401),
        customer.get("/companies").expect(403),
        customer.get("/tickets/4000000").expect(404),
        customer.get("/nonsense").expect(404),
        customer.delete("/tickets").expect(405),
        customer.send("GET", "/me", &[("accept", "text/html")], None).expect(406),
        admin.post("/companies", json!({ "name": "Алатау Нет" })).expect(409),
        customer.send("PATCH", &path, &[json, ("if-match", "\"0.x\"")], Some(b"{}")).expect(412),
        customer
            .send("POST", "/tickets", &[("content-type", "text/plain")], Some(b"x"))
            .expect(415),
        customer.post("/tickets", json!({})).expect(422),
        outside("/livez").expect(200),
        outside("/readyz").expect(200),
        outside("/openapi.json").expect(200),
        outside("/docs/").expect(200),
        outside("/problems/not_found").expect(200),
        outside("/nonsense").expect(404),
        app.server.client.send("OPTIONS", "/api/v1/tickets", &[], None).expect(405),
    ]
}

/// CF01: every answer tells browsers to make nothing of it but data.
#[test]
fn sec_cf01_every_answer_has_the_security_headers() {
    let app = TestApp::spawn();

    for answer in one_of_each(&app) {
        let told = format!("{} {:?}", answer.status, answer.headers);
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{told}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{told}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{told}");
        assert!(!policy.contains("script-src") && !policy.contains('*'), "{told}");
        assert!(!answer.header("cache-control").is_empty(), "{told}");
        assert!(answer.header("vary").contains("Accept-Language, Authorization"), "{told}");
        assert!(!answer.header("x-request-id").is_empty(), "{told}");
        assert!(!answer.headers.contains_key("server"), "{told}");
        assert!(!answer.headers.contains_key("set-cookie"), "{told}");
    }
}

/// No shared cache keeps what was answered to somebody.
#[test]
fn sec_cf01_personal_answers_are_private() {
    let app = TestApp::spawn();

    for path in ["/me", "/tickets", "/users", "/me/tickets"] {
        let kept = app.customer().get(path).expect(200).header("cache-control").to_owned();
        assert!(kept.contains("private") || kept.contains("no-store"), "{path}: {kept}");
    }
    let open = app.server.client.send("GET", "/openapi.json", &[], None);
    assert!(open.header("cache-control").starts_with("public"));
}

/// CF02: only the pages that the operator has named may read answers.
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
        let answer = asked("/me", origin);
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{origin}");
    }
    for (path, status) in [("/me", 200), ("/tickets/4000000", 404), ("/companies", 403)] {
        let answer = asked(path, "https://desk.example").expect(status);
        assert_eq!(answer.header("access-control-allow-origin"), "https://desk.example");
        assert!(answer.header("vary").contains("Origin"));
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        let exposed = answer.header("access-control-expose-headers").to_lowercase();
        for name in ["etag", "location", "retry-after", "x-request-id"] {
            assert!(exposed.contains(name), "{exposed}");
        }
    }
}

/// CF02: the browser's own question is answered before the sign-in.
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
}
