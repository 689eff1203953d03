//! Requests that are too large, ambiguous, slow or nonsense (IN01, CF04, RS02).

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use crate::support::{Response, TestApp};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

fn file(app: &TestApp, body: &[u8]) -> Response {
    app.customer().send("POST", "/tickets", JSON, Some(body))
}

/// A body beyond the limit is cut off, whether it declares its size or not.
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

/// CF04: a request whose end is ambiguous is refused, and its connection closed.
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
        let response = app.server.client.raw(request.as_bytes());

        assert!(response.starts_with("HTTP/1.1 400 "), "{headers}: {response}");
        assert_eq!(response.matches("HTTP/1.1 ").count(), 1, "{headers}: {response}");
    }
    let chunk = "POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
        transfer-encoding: chunked\r\n\r\nZZ\r\n{}";
    let response = app.server.client.raw(chunk.as_bytes());
    assert!(response.starts_with("HTTP/1.1 400 "), "{response}");
}

/// RS02: a client that does not finish its body is cut off, and hinders nobody meanwhile.
#[test]
fn sec_rs02_a_body_that_does_not_come_is_given_up() {
    let app = TestApp::spawn();
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
        content-length: 50\r\n\r\n{";

    std::thread::scope(|scope| {
        let slow: Vec<_> =
            (0..20).map(|_| scope.spawn(|| app.server.client.raw(head.as_bytes()))).collect();
        app.customer().get("/tickets").expect(200);
        for response in slow {
            let response = response.join().unwrap();
            assert!(response.starts_with("HTTP/1.1 408 "), "{response}");
            assert!(response.contains("\"code\":\"request_timeout\""), "{response}");
        }
    });
}

/// IN01: whatever bytes come as body, path, parameter or header, the response is not a 5xx.
#[test]
fn sec_in01_any_bytes_are_answered() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let bytes = || prop::collection::vec(any::<u8>(), 0..60);
    let encoded = |bytes: &[u8]| bytes.iter().map(|it| format!("%{it:02X}")).collect::<String>();
    let header = |bytes: &[u8]| -> String {
        bytes.iter().map(|it| char::from(*it)).filter(|it| it.is_ascii_graphic()).collect()
    };
    let is_answered = |response: &Response| (200..500).contains(&response.status);

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
            let body = app.request_with(&json!({ "subject": text, "product_id": number }));
            prop_assert!(is_answered(&file(&app, &bytes)));
            prop_assert!(is_answered(&customer.get(&path)));
            prop_assert!(is_answered(&customer.get(&query)));
            prop_assert!(is_answered(&customer.send("GET", "/tickets/1", &headers, None)));
            prop_assert!(is_answered(&customer.files(body)));
            prop_assert!(is_answered(&app.sign_in(&text, &text)));
            Ok(())
        },
    );

    outcome.unwrap();
    assert!(!app.server.log().contains("panicked"), "{}", app.server.log());
}
