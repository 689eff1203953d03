//! Requests that go nowhere: paths, methods, media types, parameters (RFC 9110, RFC 9457).

use serde_json::{Value, json};

use crate::support::{Person, Reply, TestApp, document};

/// An id that nothing has.
const MISSING: &str = "4000000";

/// Every path of the document with the methods it has, in capitals.
fn paths() -> impl Iterator<Item = (String, Vec<String>)> {
    document()["paths"].as_object().unwrap().iter().map(|(path, item)| {
        let methods = item.as_object().unwrap().keys().map(|it| it.to_uppercase());
        (below_base(path), methods.collect())
    })
}

/// Every operation that is called by a method, with its path.
fn operations(method: &str) -> impl Iterator<Item = (String, &'static Value)> {
    document()["paths"].as_object().unwrap().iter().filter_map(move |(path, item)| {
        item.get(method.to_lowercase()).map(|it| (below_base(path), it))
    })
}

fn below_base(path: &str) -> String {
    let path = path.strip_prefix("/api/v1").unwrap();
    let ids = ["{id}", "{user_id}", "{other_id}", "{comment_id}", "{delivery_id}"];
    ids.into_iter().fold(path.to_owned(), |path, id| path.replace(id, "1"))
}

fn bare(person: &Person, method: &str, path: &str) -> Reply {
    person.send(method, path, &[], None)
}

/// What is not there is told as a problem, signed in or not.
#[test]
fn an_unknown_path_is_not_found() {
    let app = TestApp::spawn();

    for path in ["", "/", "/nonsense", "/tickets/1/nonsense", "//tickets"] {
        assert_eq!(app.anonymous().get(path).expect(404).code(), "not_found", "{path}");
        app.customer().get(path).expect(404);
    }
    for path in ["/", "/nonsense", "/api", "/api/v2/tickets", "/metrics", "/docs", "/problems/x"] {
        let answer = app.server.client.send("GET", path, &[], None).expect(404);
        assert_eq!(answer.code(), "not_found", "{path}");
    }
}

/// One thing has one path: with a slash at its end it is another one.
#[test]
fn a_path_with_a_slash_at_its_end_is_not_found() {
    let app = TestApp::spawn();

    for (path, methods) in paths() {
        for method in methods {
            bare(&app.admin(), &method, &format!("{path}/")).expect(404);
        }
    }
}

/// A path id that is no id is as good as one that nothing has.
#[test]
fn a_path_id_that_is_no_id_is_not_found() {
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
        let answer = app.customer().get(&format!("/tickets/{id}")).expect(404);
        assert_eq!(answer.but_for_its_id(), missing.but_for_its_id(), "{id}");
    }
}

/// RFC 9110: a method that a path does not have is refused, and those it has are named.
#[test]
fn a_wrong_method_is_told_the_right_ones() {
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
            let answer = bare(&app.anonymous(), method, &path).expect(405);
            assert_eq!(answer.code(), "method_not_allowed");
            assert_eq!(answer.header("allow"), methods.join(", "), "{method} {path}");
        }
    }
}

/// CF03: nothing is echoed and nothing tunnelled.
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

/// RFC 9110: HEAD works wherever GET does, and answers the same without the body.
#[test]
fn head_works_wherever_get_does() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    assert_eq!(id, 1);

    for (path, _) in operations("GET") {
        let (get, head) = (bare(&app.admin(), "GET", &path), bare(&app.admin(), "HEAD", &path));

        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.text, "", "{path}");
        for header in ["content-type", "etag", "cache-control", "content-language", "vary"] {
            assert_eq!(head.header(header), get.header(header), "{path} {header}");
        }
    }
    for path in ["/livez", "/readyz", "/openapi.json", "/docs/"] {
        let head = app.server.client.send("HEAD", path, &[], None).expect(200);
        assert_eq!(head.text, "", "{path}");
    }
}

/// Whoever takes no JSON is told that there is nothing else.
#[test]
fn an_answer_in_another_format_is_not_acceptable() {
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

/// IN05: a parameter that an operation does not know, or is given twice, is a mistake; every
/// operation says so.
#[test]
fn sec_in05_an_unknown_or_repeated_parameter_is_refused() {
    let app = TestApp::spawn();
    let person = |id: &str| if id == "tickets_confirm" { app.customer() } else { app.admin() };

    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        for (path, operation) in operations(method) {
            let person = person(operation["operationId"].as_str().unwrap());
            let unknown = bare(&person, method, &format!("{path}?nonsense=1")).expect(400);
            assert_eq!(unknown.code(), "unknown_parameter");
            assert_eq!(unknown.errors(), ["nonsense unknown_field"], "{method} {path}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                if parameter["in"] == "query" {
                    let twice = format!("{path}?{name}=1&{name}=2");
                    let repeated = bare(&person, method, &twice);
                    assert!([400, 422].contains(&repeated.status), "{twice}: {}", repeated.text);
                }
            }
        }
    }
    let repeated = app.admin().get("/users?limit=1&limit=1").expect(400);
    assert_eq!(repeated.code(), "repeated_parameter");
    assert_eq!(repeated.errors(), ["limit repeated"]);
}

/// A known parameter with a bad value is told by its name, all of them at once.
#[test]
fn every_bad_parameter_is_named() {
    let app = TestApp::spawn();
    let admin = app.admin();

    let wrong = admin.get("/users?role=king&company_id=0&limit=101").expect(422);
    let broken = admin.get("/users?limit=%FF").expect(400);
    let zero = admin.get("/users?cursor=%00").expect(422);

    assert_eq!(wrong.code(), "validation_failed");
    assert_eq!(wrong.errors(), ["role not_one_of", "company_id too_small", "limit too_large"]);
    assert_eq!(broken.code(), "malformed_query");
    assert_eq!(zero.errors(), ["cursor forbidden_character"]);
    for limit in ["0", "-1", "x", "", "1.5", "99999999999999999999"] {
        let answer = admin.get(&format!("/users?limit={limit}")).expect(422);
        assert_eq!(answer.body["errors"][0]["parameter"], "limit", "{limit}");
    }
}

/// AZ03: a cursor is good for the list it came from, in every list.
#[test]
fn sec_az03_a_cursor_of_another_list_is_refused() {
    let app = TestApp::spawn();
    let admin = app.admin();
    app.ticket("new");
    let users = admin.get("/users?limit=1").expect(200).word("next_cursor");
    let customers = admin.get("/users?limit=1&role=customer").expect(200).word("next_cursor");

    let lists = operations("GET").filter(|(_, operation)| {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        parameters.into_iter().any(|it| it["name"] == "cursor")
    });
    let mut seen = 0;
    for (path, _) in lists {
        for cursor in ["x", "eyJ9", "", &customers, &"x".repeat(500)] {
            let answer = admin.get(&format!("{path}?cursor={cursor}")).expect(400);
            assert_eq!(answer.code(), "invalid_cursor", "{path}");
        }
        if path != "/users" {
            admin.get(&format!("{path}?cursor={users}")).expect(400);
        }
        seen += 1;
    }

    assert!(seen >= 9, "{seen}");
    app.commercial().get(&format!("/users?cursor={users}")).expect(400);
    admin.get(&format!("/users?cursor={users}")).expect(200);
}

/// Each problem points to a page about it, in the reader's language.
#[test]
fn every_problem_has_a_page() {
    let app = TestApp::spawn();
    let codes = &document()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
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

/// Clients are sent to where they reach the service, not to where it listens.
#[test]
fn a_problem_points_to_the_public_address() {
    let app = TestApp::spawn_with(&[("HELPDESK_PUBLIC_URL", "https://help.example/desk/")]);

    let problem = app.customer().get(&format!("/tickets/{MISSING}")).expect(404);

    assert_eq!(
        problem.but_for_its_id(),
        json!({
            "type": "https://help.example/desk/problems/not_found",
            "title": problem.body["title"],
            "status": 404,
            "detail": problem.body["detail"],
            "code": "not_found",
        })
    );
}
