//! What every response carries: language, request id, security headers (CF01).

use serde_json::json;

use crate::support::{Response, TestApp};

fn in_language(app: &TestApp, accept: &str) -> Response {
    let headers = [("accept-language", accept)];
    app.customer().send("GET", "/tickets/4000000", &headers, None).expect(404)
}

/// Problems are in the language that was asked for, else the person's own, else Russian.
#[test]
fn problems_are_in_the_readers_language() {
    let app = TestApp::spawn();
    let problem_in = |accept: &str| {
        let response = in_language(&app, accept);
        (response.header("content-language").to_owned(), response.word("title"))
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
        assert_eq!(problem_in(accept), *expected, "{accept}");
    }
    app.customer().speaks("kk");
    assert_eq!(problem_in("de"), kk);
    assert_eq!(app.customer().get("/tickets/4000000").word("title"), "Табылмады");
    assert_eq!(app.anonymous().get("/me").header("content-language"), "ru");
}

/// So are the texts about single fields.
#[test]
fn field_errors_are_in_the_readers_language() {
    let app = TestApp::spawn();
    let problem_in = |language: &str| {
        let headers = [("accept-language", language)];
        let refused = app.customer().call_with("POST", "/tickets", &headers, &json!({}));
        assert_eq!(refused.header("content-language"), language);
        refused.body["errors"][0]["detail"].as_str().unwrap().to_owned()
    };

    let texts = ["ru", "kk", "en"].map(problem_in);

    assert_eq!(texts[0], "Обязательное поле.");
    assert!(texts[1] != texts[0] && texts[1] != texts[2] && texts[2].is_ascii(), "{texts:?}");
}

/// A request keeps the id it came with if that is well-formed; otherwise it gets one.
#[test]
fn every_request_has_an_id() {
    let app = TestApp::spawn();
    let answered = |id: &str| {
        let response = app.customer().send("GET", "/nonsense", &[("x-request-id", id)], None);
        assert_eq!(response.body["request_id"], response.header("x-request-id"));
        response.header("x-request-id").to_owned()
    };

    let (longest, longer) = ("x".repeat(64), "x".repeat(65));

    for id in ["abc-1.2_3", longest.as_str()] {
        assert_eq!(answered(id), id);
    }
    for id in ["", "a b", "a\"b", "а", longer.as_str()] {
        let generated = answered(id);
        assert_eq!(generated.len(), 32, "{id}: {generated}");
        assert!(generated.chars().all(|it| it.is_ascii_hexdigit()), "{generated}");
    }
    let generated = || app.customer().get("/me").header("x-request-id").to_owned();
    assert_ne!(generated(), generated());
    assert!(app.server.log().contains("id=abc-1.2_3"));
}

/// One response of each kind.
fn one_of_each(app: &TestApp) -> Vec<Response> {
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
        admin.call("PUT", &format!("{path}/watchers/{}", admin.id), None).expect(204),
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
        customer.files(json!({})).expect(422),
        outside("/livez").expect(200),
        outside("/readyz").expect(200),
        outside("/openapi.json").expect(200),
        outside("/docs/").expect(200),
        outside("/problems/not_found").expect(200),
        outside("/nonsense").expect(404),
        app.server.client.send("OPTIONS", "/api/v1/tickets", &[], None).expect(405),
    ]
}

/// CF01: every response tells browsers to treat it as data and nothing else.
#[test]
fn sec_cf01_every_answer_has_the_security_headers() {
    let app = TestApp::spawn();

    for response in one_of_each(&app) {
        let context = format!("{} {:?}", response.status, response.headers);
        assert_eq!(response.header("x-content-type-options"), "nosniff", "{context}");
        assert_eq!(response.header("referrer-policy"), "no-referrer", "{context}");
        let policy = response.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{context}");
        assert!(!policy.contains("script-src") && !policy.contains('*'), "{context}");
        assert!(!response.header("cache-control").is_empty(), "{context}");
        assert!(response.header("vary").contains("Accept-Language, Authorization"), "{context}");
        assert!(!response.header("x-request-id").is_empty(), "{context}");
        assert!(!response.headers.contains_key("server"), "{context}");
        assert!(!response.headers.contains_key("set-cookie"), "{context}");
    }
}

/// CF01: no shared cache stores a response to a person.
#[test]
fn sec_cf01_personal_answers_are_private() {
    let app = TestApp::spawn();

    for path in ["/me", "/tickets", "/users", "/me/tickets"] {
        let cache_control = app.customer().get(path).expect(200).header("cache-control").to_owned();
        assert!(
            cache_control.contains("private") || cache_control.contains("no-store"),
            "{path}: {cache_control}"
        );
    }
    let open = app.server.client.send("GET", "/openapi.json", &[], None);
    assert!(open.header("cache-control").starts_with("public"));
}
