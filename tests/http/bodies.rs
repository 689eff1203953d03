//! Bodies that cannot be read, or are not what an operation takes (IN).

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::support::{Reply, TestApp, document};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

fn file(app: &TestApp, body: &[u8]) -> Reply {
    app.customer().send("POST", "/tickets", JSON, Some(body))
}

fn tickets(app: &TestApp) -> usize {
    app.read("select id from tickets").len() + app.read("select id from refusals").len()
}

/// Bodies are JSON, and say so.
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
    let missing = app.customer().send("POST", "/tickets", &[], Some(body.as_bytes()));
    assert_eq!(missing.expect(415).code(), "unsupported_media_type");
    sent("application/json-patch+json", "PATCH", "/me").expect(415);
    assert_eq!(tickets(&app), 0);
    sent("Application/JSON; charset=\"UTF-8\"", "POST", "/tickets").expect(201);
    let headers = [("content-type", "application/merge-patch+json")];
    app.customer().send("PATCH", "/me", &headers, Some(b"{}")).expect(200);
}

/// IN03, IN05: what is no JSON, or JSON that readers understand differently, is refused.
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
    assert_eq!(tickets(&app), 0);
}

/// IN05: an array or a word in place of an object is refused, by every operation.
#[test]
fn sec_in05_a_body_that_is_no_object_is_refused() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let user = app.colleague().id;

    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            // A check tells what is wrong in its answer; a file is no JSON.
            if operation["requestBody"]["content"]["application/json"].is_null()
                || operation["operationId"] == "tickets_check"
            {
                continue;
            }
            let id = if path.contains("/users/") { user } else { id };
            let path = path.replace("/api/v1", "").replace("{id}", &id.to_string());
            let path = path.replace("{comment_id}", "1");
            for body in ["[]", "[1]", "\"x\"", "null", "1", "true"] {
                let is_own = operation["operationId"] == "tickets_confirm";
                let person = if is_own { app.customer() } else { app.admin() };
                let sent = person.send(&method.to_uppercase(), &path, JSON, Some(body.as_bytes()));
                assert_eq!(sent.expect(422).errors(), [" wrong_type"], "{method} {path} {body}");
            }
        }
    }
}

/// All that is wrong is told at once, unknown members included.
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

    let mut told = app.customer().post("/tickets", body).expect(422).errors();

    told.sort();
    assert_eq!(
        told,
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
    assert_eq!(tickets(&app), 0);
}

/// A body that is wrong throughout is answered briefly.
#[test]
fn sec_in04_a_hundred_mistakes_are_enough() {
    let app = TestApp::spawn();
    let members: Vec<String> = (0..50_000).map(|it| format!("\"x{it}\":\"\\u0000\"")).collect();

    let refused = file(&app, format!("{{{}}}", members.join(",")).as_bytes()).expect(422);

    let told = refused.errors().len();
    assert!((100..110).contains(&told), "{told}");
}

/// IN02, IN06: a character that no text may hold is refused wherever it stands.
#[test]
fn sec_in02_forbidden_characters_are_refused() {
    let app = TestApp::spawn();
    let refused = |member: &str, text: &str| {
        let mut body = app.request();
        body[member] = json!(text);
        app.customer().post("/tickets", body).expect(422).errors()
    };

    for text in ["нет\u{0}звука", "\u{202e}кувз тен", "\u{2066}x"] {
        assert_eq!(refused("subject", text), ["/subject forbidden_character"]);
        assert_eq!(refused("description", text), ["/description forbidden_character"]);
        assert_eq!(refused("serial_number", text), ["/serial_number forbidden_character"]);
    }
    assert_eq!(refused("subject", "две\nстроки"), ["/subject forbidden_character"]);
    assert_eq!(tickets(&app), 0);
}

/// IN06: text is kept in its composed form, so that the same words are the same text.
#[test]
fn sec_in06_text_is_normalised() {
    let app = TestApp::spawn();
    let mut body = app.request();
    body["subject"] = json!("Сбои\u{306} связи");

    let ticket = app.customer().post("/tickets", body).expect(201);

    assert_eq!(ticket.body["subject"], "Сбой связи");
}

/// IN06: limits count characters, not bytes.
#[test]
fn sec_in06_limits_count_characters() {
    let app = TestApp::spawn();
    let sent = |length: usize| {
        let mut body = app.request();
        body["subject"] = json!("🌊".repeat(length));
        app.customer().post("/tickets", body)
    };

    assert_eq!(sent(256).expect(422).errors(), ["/subject too_long"]);
    assert_eq!(sent(255).expect(201).body["subject"], "🌊".repeat(255));
}

/// A body beyond the limit is cut off, whether it tells its size or not.
#[test]
fn a_body_that_is_too_large_is_refused() {
    let app = TestApp::spawn();
    let token = app.customer().token;
    let size = 1024 * 1024 + 1;
    let body = format!("{{\"subject\":\"{}\"}}", "x".repeat(size - 14));
    assert_eq!(body.len(), size);
    let head = format!(
        "POST /api/v1/tickets HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\nconnection: close\r\n"
    );

    let told =
        app.server.client.raw(format!("{head}content-length: {size}\r\n\r\n{body}").as_bytes());
    let untold = format!("{head}transfer-encoding: chunked\r\n\r\n{size:x}\r\n{body}\r\n0\r\n\r\n");
    let untold = app.server.client.raw(untold.as_bytes());
    let largest = file(&app, &body.as_bytes()[1..]).expect(400);

    for refused in [told, untold] {
        assert!(refused.starts_with("HTTP/1.1 413 "), "{refused}");
        assert!(refused.contains("\"code\":\"too_large\""), "{refused}");
    }
    assert_eq!(largest.code(), "malformed_body");
}

/// CF04: a request whose end is in doubt is refused, and its connection closed.
#[test]
fn sec_cf04_a_request_of_two_lengths_is_refused() {
    let app = TestApp::spawn();

    for headers in [
        "content-length: 2\r\ntransfer-encoding: chunked\r\n",
        "content-length: 2\r\ncontent-length: 3\r\n",
        "content-length: -2\r\n",
        "content-length: x\r\n",
        "transfer-encoding: x\r\n",
        "transfer-encoding: chunked, identity\r\n",
    ] {
        let request = format!(
            "POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\n{headers}\r\n{{}}GET /livez HTTP/1.1\r\nhost: x\r\n\r\n"
        );
        let answer = app.server.client.raw(request.as_bytes());

        assert!(answer.starts_with("HTTP/1.1 400 "), "{headers}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{headers}: {answer}");
    }
    let chunk = "POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
        transfer-encoding: chunked\r\n\r\nZZ\r\n{}";
    let answer = app.server.client.raw(chunk.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

/// RS02: whoever sends a body drop by drop is cut off, and hinders nobody meanwhile.
#[test]
fn sec_rs02_a_body_that_does_not_come_is_given_up() {
    let app = TestApp::spawn();
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
        content-length: 50\r\n\r\n{";

    std::thread::scope(|scope| {
        let slow: Vec<_> =
            (0..20).map(|_| scope.spawn(|| app.server.client.raw(head.as_bytes()))).collect();
        app.customer().get("/tickets").expect(200);
        for answer in slow {
            let answer = answer.join().unwrap();
            assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
            assert!(answer.contains("\"code\":\"request_timeout\""), "{answer}");
        }
    });
}

/// IN01: whatever bytes come, as body, path, parameter or header, the answer is no failure of
/// ours.
#[test]
fn sec_in01_any_bytes_are_answered() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let bytes = || prop::collection::vec(any::<u8>(), 0..60);
    let encoded = |bytes: &[u8]| bytes.iter().map(|it| format!("%{it:02X}")).collect::<String>();
    let header = |bytes: &[u8]| -> String {
        bytes.iter().map(|it| char::from(*it)).filter(|it| it.is_ascii_graphic()).collect()
    };
    let is_answered = |reply: &Reply| (200..500).contains(&reply.status);

    let outcome = TestRunner::new(Config { cases: 150, ..Config::default() }).run(
        &(bytes(), "\\PC{0,40}", any::<i64>()),
        |(bytes, text, number)| {
            let path = format!("/tickets/{}", encoded(&bytes));
            let query = format!("/tickets?q={0}&{0}={0}", encoded(&bytes));
            let value = header(&bytes);
            let headers = [
                ("accept", value.as_str()),
                ("accept-language", value.as_str()),
                ("x-request-id", value.as_str()),
                ("if-none-match", value.as_str()),
                ("origin", value.as_str()),
            ];
            let mut body = app.request();
            body["subject"] = json!(text);
            body["product_id"] = json!(number);
            prop_assert!(is_answered(&file(&app, &bytes)));
            prop_assert!(is_answered(&customer.get(&path)));
            prop_assert!(is_answered(&customer.get(&query)));
            prop_assert!(is_answered(&customer.send("GET", "/tickets/1", &headers, None)));
            prop_assert!(is_answered(&customer.post("/tickets", body)));
            prop_assert!(is_answered(&app.sign_in(&text, &text)) || text.is_empty());
            Ok(())
        },
    );

    outcome.unwrap();
    assert!(!app.server.log().contains("panicked"), "{}", app.server.log());
}
