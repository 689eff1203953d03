//! Paths, methods and media types that do not exist, and the problems that say so (RFC 9110, RFC
//! 9457).

use std::collections::BTreeMap;

use serde_json::json;

use crate::support::{TestApp, document, operations, wait_for, wait_until};

/// An id that nothing has.
const MISSING: &str = "4000000";

/// Every path with the methods it has.
fn paths() -> BTreeMap<String, Vec<String>> {
    let mut paths: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for operation in operations() {
        paths.entry(operation.path_of("1")).or_default().push(operation.method);
    }
    paths
}

/// An unknown path is a problem, signed in or not.
#[test]
fn an_unknown_path_is_not_found() {
    let app = TestApp::spawn();

    for path in ["", "/", "/nonsense", "/tickets/1/nonsense", "//tickets"] {
        assert_eq!(app.anonymous().get(path).expect(404).code(), "not_found", "{path}");
        app.customer().get(path).expect(404);
    }
    for path in ["/", "/nonsense", "/api", "/api/v2/tickets", "/metrics", "/docs", "/problems/x"] {
        let response = app.server.client.send("GET", path, &[], None).expect(404);
        assert_eq!(response.code(), "not_found", "{path}");
    }
}

/// A resource has one path: a trailing slash makes it a different one.
#[test]
fn a_path_with_a_slash_at_its_end_is_not_found() {
    let app = TestApp::spawn();

    for (path, methods) in paths() {
        for method in methods {
            app.admin().call(&method, &format!("{path}/"), None).expect(404);
        }
    }
}

/// A malformed id in a path looks like one that does not exist.
#[test]
fn a_malformed_path_id_is_not_found() {
    let app = TestApp::spawn();
    let missing = app.customer().get(&format!("/tickets/{MISSING}")).expect(404);

    for id in [
        "0",
        "-1",
        "x",
        "1.0",
        "1e3",
        "0x1",
        "9223372036854775807",
        "9223372036854775808",
        "99999999999999999999999999",
        "%00",
        "%20",
        "1%2F2",
        "..%2F1",
        "%F0%9F%8C%8A",
        "%FF",
        "1;x=1",
    ] {
        let response = app.customer().get(&format!("/tickets/{id}")).expect(404);
        assert_eq!(response.without_request_id(), missing.without_request_id(), "{id}");
    }
}

/// RFC 9110: a method that a path does not have is refused, and those that it has are named.
#[test]
fn a_wrong_method_gets_the_allowed_ones() {
    let app = TestApp::spawn();

    for (path, mut methods) in paths() {
        if methods.contains(&"GET".to_owned()) {
            methods.push("HEAD".to_owned());
        }
        methods.sort();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] {
            if methods.contains(&method.to_owned()) {
                continue;
            }
            let response = app.anonymous().call(method, &path, None).expect(405);
            assert_eq!(response.code(), "method_not_allowed");
            assert_eq!(response.header("allow"), methods.join(", "), "{method} {path}");
        }
    }
}

/// CF03: nothing is echoed, and nothing is tunnelled.
#[test]
fn sec_cf03_trace_and_connect_are_refused() {
    let app = TestApp::spawn();
    let token = app.customer().token;
    let head = format!("host: x\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n");

    let trace = app.server.client.raw(format!("TRACE /api/v1/me HTTP/1.1\r\n{head}").as_bytes());
    let connect = app.server.client.raw(format!("CONNECT x:443 HTTP/1.1\r\n{head}").as_bytes());

    assert!(trace.starts_with("HTTP/1.1 405 "), "{trace}");
    assert!(connect.starts_with("HTTP/1.1 404 "), "{connect}");
    assert!(!trace.contains(&token) && !connect.contains(&token));
}

/// RFC 9110: HEAD works wherever GET does, and returns the same without the body.
#[test]
fn head_works_wherever_get_does() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    assert_eq!(id, 1);

    for operation in operations().iter().filter(|it| it.method == "GET") {
        let path = operation.path_of("1");
        let get = app.admin().get(&path);
        // The place of an export that has been read is free a moment later.
        let head = wait_for(&format!("HEAD {path} is answered"), || {
            let head = app.admin().call("HEAD", &path, None);
            (head.status != 429).then_some(head)
        });

        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.text, "", "{path}");
        for header in ["content-type", "cache-control", "content-language", "vary"] {
            assert_eq!(head.header(header), get.header(header), "{path} {header}");
        }
        // A report says when it was made.
        if get.text.contains("\"generated_at\"") {
            continue;
        }
        // What jobs do may show between two requests.
        wait_until(&format!("HEAD {path} has the tag of GET"), || {
            let (get, head) = (app.admin().get(&path), app.admin().call("HEAD", &path, None));
            head.header("etag") == get.header("etag")
        });
    }
    for path in ["/livez", "/readyz", "/openapi.json", "/docs/"] {
        let head = app.server.client.send("HEAD", path, &[], None).expect(200);
        assert_eq!(head.text, "", "{path}");
    }
}

/// A client that accepts no JSON gets 406.
#[test]
fn another_response_format_is_not_acceptable() {
    let app = TestApp::spawn();
    let asked = |accept: &str| app.customer().send("GET", "/me", &[("accept", accept)], None);

    for accept in ["text/html", "application/xml, text/*", "image/png;q=0.5"] {
        assert_eq!(asked(accept).expect(406).code(), "not_acceptable", "{accept}");
    }
    for accept in ["*/*", "application/*", "Application/JSON", "text/html, application/json;q=0.1"]
    {
        asked(accept).expect(200);
    }
}

/// Each problem links to a page about it, in the reader's language.
#[test]
fn every_problem_has_a_page() {
    let app = TestApp::spawn();
    let codes = &document()["components"]["schemas"]["ProblemCode"]["x-extensible-enum"];
    let address = format!("http://{}", app.server.client.address);
    let problem = app.anonymous().get("/me").expect(401);

    for code in codes.as_array().unwrap().iter().map(|it| it.as_str().unwrap()) {
        let headers = [("accept-language", "en"), ("accept", "text/html")];
        let page = app.server.client.send("GET", &format!("/problems/{code}"), &headers, None);
        assert_eq!(page.clone().expect(200).media_type, "text/html", "{code}");
        assert!(page.text.contains(&format!("<code>{code}</code>")), "{}", page.text);
        assert!(page.text.contains("lang=\"en\""), "{}", page.text);
    }
    let kind = problem.word("type");
    let page = app.server.client.send("GET", kind.strip_prefix(&address).unwrap(), &[], None);
    assert!(page.expect(200).text.contains(&problem.word("title")));
}

/// Links lead to the public URL, not to the address on which the service listens.
#[test]
fn a_problem_points_to_the_public_address() {
    let app = TestApp::spawn_with(&[("HELPDESK_PUBLIC_URL", "https://help.example/desk/")]);

    let problem = app.customer().get(&format!("/tickets/{MISSING}")).expect(404);

    assert_eq!(
        problem.without_request_id(),
        json!({
            "type": "https://help.example/desk/problems/not_found",
            "title": problem.body["title"],
            "status": 404,
            "detail": problem.body["detail"],
            "code": "not_found",
        })
    );
}
