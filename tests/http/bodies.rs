//! Bodies that cannot be read or are not what an operation takes (IN).

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Operation, Response, TestApp, operations, permissions, with};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

fn file(app: &TestApp, body: &[u8]) -> Response {
    app.customer().send("POST", "/tickets", JSON, Some(body))
}

/// How many requests were registered or refused.
fn requests(app: &TestApp) -> i64 {
    app.count("select from tickets") + app.count("select from refusals")
}

/// Bodies are JSON and say so.
#[test]
fn a_body_of_another_kind_is_refused() {
    let app = TestApp::spawn();
    let body = app.request().to_string();
    let sent = |kind: &str, method: &str, path: &str| {
        let headers = [("content-type", kind)];
        app.customer().send(method, path, &headers, Some(body.as_bytes()))
    };

    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=windows-1251",
        "application/jsonx",
        "application/json-patch+json",
        "application/merge-patch+json",
        "json",
        "",
    ] {
        let refused = sent(kind, "POST", "/tickets").expect(415);
        assert_eq!(refused.code(), "unsupported_media_type", "{kind}");
    }
    let charset = sent("application/json; charset=windows-1251", "POST", "/tickets");
    assert!(charset.word("detail").contains("UTF-8"), "{}", charset.text);
    let missing = app.customer().send("POST", "/tickets", &[], Some(body.as_bytes()));
    assert_eq!(missing.expect(415).code(), "unsupported_media_type");
    sent("application/json-patch+json", "PATCH", "/me").expect(415);
    assert_eq!(requests(&app), 0);
    sent("Application/JSON; charset=\"UTF-8\"", "POST", "/tickets").expect(201);
    let headers = [("content-type", "application/merge-patch+json")];
    app.customer().send("PATCH", "/me", &headers, Some(b"{}")).expect(200);
}

/// IN03, IN05: a body that is not JSON, or that parsers may understand differently, is refused.
#[test]
fn sec_in03_in05_a_body_that_cannot_be_read_is_refused() {
    let app = TestApp::spawn();
    let good = app.request().to_string();
    let with = |member: &str| good.replacen('{', &format!("{{{member},"), 1).into_bytes();
    let deep = |open: &str, close: &str| {
        format!("{{\"subject\":{}{}}}", open.repeat(10_000), close.repeat(10_000)).into_bytes()
    };

    for body in [
        b"".to_vec(),
        b"{".to_vec(),
        b"{}{}".to_vec(),
        b"{'subject':1}".to_vec(),
        b"{\"subject\":NaN}".to_vec(),
        b"{\"subject\":1e999}".to_vec(),
        format!("{{\"subject\":{}}}", "1".repeat(1_000_000)).into_bytes(),
        with("\"tracker\":\"bug\""),
        with("\"x\":{\"a\":1,\"a\":2}"),
        with("\"x\":\"\\ud800\""),
        with("\"x\":\"\\udc00\\ud800\""),
        with("\"x\":\"\n\""),
        [b"\xef\xbb\xbf", good.as_bytes()].concat(),
        good.replace("bug", "\u{fffd}")
            .into_bytes()
            .iter()
            .map(|it| if *it == 0xbd { 0xff } else { *it })
            .collect(),
        b"{\"subject\":\"\xc0\xaf\"}".to_vec(),
        b"{\"subject\":\"\xed\xa0\x80\"}".to_vec(),
        deep("[", "]"),
        deep("{\"x\":", "}"),
    ] {
        let started = Instant::now();
        let refused = file(&app, &body).expect(400);

        assert_eq!(refused.code(), "malformed_body");
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    }
    assert_eq!(requests(&app), 0);
}

/// IN05: every operation refuses an array or a scalar in place of an object.
#[test]
fn sec_in05_a_body_that_is_no_object_is_refused() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let user = app.colleague().id;

    let takes_json = |it: &Operation| {
        // A check reports in its response what is wrong; a file is not JSON.
        it.described["requestBody"]["content"]["application/json"].is_object()
            && it.id != "tickets_check"
    };
    for operation in operations().into_iter().filter(takes_json) {
        let id = if operation.path.contains("/users/") { user } else { id };
        let path = operation.path.replace("{id}", &id.to_string()).replace("{comment_id}", "1");
        let is_own = operation.id == "tickets_confirm";
        let person = if is_own { app.customer() } else { app.admin() };
        for body in ["[]", "[1]", "\"x\"", "null", "1", "true"] {
            let sent = person.send(&operation.method, &path, JSON, Some(body.as_bytes()));
            assert_eq!(sent.expect(422).errors(), [" wrong_type"], "{} {body}", operation.id);
        }
    }
}

/// AZ07: everything that is wrong is reported at once, unknown members included.
#[test]
fn sec_az07_every_wrong_member_is_named() {
    let app = TestApp::spawn();
    let mut body = app.request();
    body["subject"] = json!(1);
    body["tracker"] = json!("epic");
    body["priority"] = Value::Null;
    body["status"] = json!("closed");
    body["a/b~c"] = json!(true);
    body["watcher_ids"] = json!([1, "x"]);
    body["project_id"] = json!(9_007_199_254_740_993_i64);

    let refused = app.customer().files(body);

    assert_eq!(
        refused.validation_errors(),
        [
            "/a~1b~0c unknown_field",
            "/priority required",
            "/project_id too_large",
            "/status unknown_field",
            "/subject wrong_type",
            "/tracker not_one_of",
            "/watcher_ids/1 wrong_type",
        ]
    );
    assert_eq!(requests(&app), 0);
}

/// IN04: a body that is wrong throughout gets a short response.
#[test]
fn sec_in04_a_hundred_mistakes_are_enough() {
    let app = TestApp::spawn();
    let members: Vec<String> = (0..50_000).map(|it| format!("\"x{it}\":\"\\u0000\"")).collect();

    let refused = file(&app, format!("{{{}}}", members.join(",")).as_bytes()).expect(422);

    let errors = refused.errors().len();
    assert!((100..110).contains(&errors), "{errors}");
}

/// IN02, IN06: a forbidden character is refused wherever it stands.
#[test]
fn sec_in02_forbidden_characters_are_refused() {
    let app = TestApp::spawn();
    let refused = |member: &str, text: &str| {
        app.customer().files(app.request_with(&json!({ member: text }))).expect(422).errors()
    };

    for text in ["нет\u{0}звука", "\u{202e}кувз тен", "\u{2066}x"] {
        assert_eq!(refused("subject", text), ["/subject forbidden_character"]);
        assert_eq!(refused("description", text), ["/description forbidden_character"]);
        assert_eq!(refused("serial_number", text), ["/serial_number forbidden_character"]);
    }
    assert_eq!(refused("subject", "две\nстроки"), ["/subject forbidden_character"]);
    assert_eq!(requests(&app), 0);
}

/// IN06: no text of one line has a character that nobody sees, whatever it is a name of.
#[test]
fn sec_in06_names_and_subjects_have_nothing_hidden() {
    let app = TestApp::spawn();
    let (admin, customer) = (app.admin(), app.customer());
    let user = |name: &str| {
        json!({
            "role": "engineer", "first_name": name, "last_name": "Ким", "email": "kim@helpdesk.example",
        })
    };
    let file = |it: &str| {
        let files = json!([{ "upload_id": customer.uploaded("a.log", b"a"), "description": it }]);
        app.request_with(&json!({ "attachments": files }))
    };

    for hidden in ["\u{200b}", "\u{200d}", "\u{2028}", "\u{2029}", "\u{feff}", "\u{200f}", "\u{ad}"]
    {
        let text = format!("Сары{hidden}арқа");
        let subject = app.request_with(&json!({ "subject": text }));
        for (person, path, body, pointer) in [
            (&customer, "/tickets", subject, "/subject"),
            (&customer, "/tickets", file(&text), "/attachments/0/description"),
            (&admin, "/users", user(&text), "/first_name"),
            (&admin, "/companies", json!({ "name": text }), "/name"),
            (&admin, "/directions", json!({ "name": text }), "/name"),
        ] {
            let errors = person.post(path, body).expect(422).errors();
            assert_eq!(errors, [format!("{pointer} forbidden_character")], "{hidden:?}");
        }
        let email = format!("kim{hidden}@helpdesk.example");
        let sent = with(user("Олег"), &json!({ "email": email }));
        admin.post("/users", sent).expect(422);
    }
    let seen = app.request_with(&json!({ "subject": "Не отвечает 👩\u{200d}💻 ❤\u{fe0f}" }));
    customer.files(seen).expect(201);
    let several = app.request_with(&json!({ "description": "Журнал:\n\u{feff}порт\u{200b}упал" }));
    customer.files(several).expect(201);
}

/// IN06: text is stored in its composed form, so that the same words are the same text.
#[test]
fn sec_in06_text_is_normalised() {
    let app = TestApp::spawn();
    let request = app.request_with(&json!({ "subject": "Сбои\u{306} связи" }));

    let ticket = app.customer().files(request).expect(201);

    assert_eq!(ticket.body["subject"], "Сбой связи");
}

/// IN06: limits count characters, not bytes.
#[test]
fn sec_in06_limits_count_characters() {
    let app = TestApp::spawn();
    let sent = |length: usize| {
        app.customer().files(app.request_with(&json!({ "subject": "🌊".repeat(length) })))
    };

    assert_eq!(sent(256).expect(422).errors(), ["/subject too_long"]);
    assert_eq!(sent(255).expect(201).body["subject"], "🌊".repeat(255));
}

/// What is sent to an operation without a body is refused, and not ignored; an empty object asks for nothing.
#[test]
fn a_body_that_an_operation_does_not_take_is_refused() {
    let app = TestApp::without_rate_limits();
    let mut seen = 0;
    let takes_none = |it: &Operation| it.described["requestBody"].is_null();
    for operation in operations().into_iter().filter(takes_none) {
        let person = app.with_role(permissions(operation.id).first_role(|it| it != 403));
        let path = operation.path_of("4000000") + &operation.required_query();
        let refusal = |body: &str| {
            if ["POST", "PUT"].contains(&operation.method.as_str()) {
                return person.send(&operation.method, &path, JSON, Some(body.as_bytes())).text;
            }
            let head = format!("{} /api/v1{path} HTTP/1.1\r\nhost: x", operation.method);
            let (token, length) = (&person.token, body.len());
            let request = format!(
                "{head}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\
                 content-length: {length}\r\n\r\n{body}"
            );
            app.server.client.raw(request.as_bytes())
        };
        let is_refused = |body: &str| refusal(body).contains("\"body_not_supported\"");

        for body in [r#"{"direction_id":2}"#, "[]", "null", "x"] {
            assert!(is_refused(body), "{} {body}", operation.id);
        }
        if !["events_stream", "auth_logout"].contains(&operation.id) {
            assert!(!is_refused("{ }"), "{}", operation.id);
        }
        seen += 1;
    }
    assert!(seen >= 100, "{seen}");
    let long = app.engineer().send("POST", "/queue/next", JSON, Some(&[b' '; 1_048_577]));
    assert_eq!(long.expect(400).code(), "body_not_supported");
}
