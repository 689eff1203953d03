//! Requests that are too large, ambiguous, slow or nonsense (IN01, CF04, RS02).

use std::time::{Duration, Instant};

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

    let excerpt =
        app.server.client.raw(format!("{head}content-length: {size}\r\n\r\n{body}").as_bytes());
    let untold = format!("{head}transfer-encoding: chunked\r\n\r\n{size:x}\r\n{body}\r\n0\r\n\r\n");
    let untold = app.server.client.raw(untold.as_bytes());
    let largest = file(&app, &body.as_bytes()[1..]).expect(400);

    for refused in [excerpt, untold] {
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

/// IN01: what the HTTP parser cannot read is reported like any other problem, as the client's fault.
#[test]
fn sec_in01_invalid_http_gets_a_problem() {
    let app = TestApp::spawn();
    let long = format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "x".repeat(200_000));

    for (request, status, code) in [
        ("nonsense\r\n\r\n", 400, "bad_request"),
        ("GET / HTTP/9.9\r\n\r\n", 400, "bad_request"),
        ("GET / HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n", 400, "bad_request"),
        (long.as_str(), 431, "headers_too_large"),
    ] {
        let response = app.server.client.raw(request.as_bytes());
        let excerpt = &response[..response.len().min(1000)];
        assert!(excerpt.starts_with(&format!("HTTP/1.1 {status} ")), "{excerpt}");
        assert!(excerpt.contains(&format!("\"code\":\"{code}\"")), "{excerpt}");
        for header in ["application/problem+json", "x-request-id: ", "nosniff", "connection: close"]
        {
            assert!(excerpt.contains(header), "{header}: {excerpt}");
        }
    }
    let keep_alive = "GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
    let after_another = app.server.client.raw_in_two(keep_alive.as_bytes(), b"nonsense\r\n\r\n");
    assert!(after_another.contains("alive") && after_another.contains("bad_request"));
    assert!(!app.server.log().contains(" ERROR "), "{}", app.server.log());
    assert_eq!(app.server.log().matches("unreadable request 400").count(), 4);
}

/// RS02: a head that does not come is given up, the first one and the second one of a connection.
#[test]
fn sec_rs02_a_missing_head_times_out() {
    let app = TestApp::spawn();
    let whole = b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
    let started = Instant::now();

    let [first, second] = std::thread::scope(|scope| {
        let first = scope.spawn(|| app.server.client.raw(b"GET /livez HTTP/1.1\r\nho"));
        let second =
            scope.spawn(|| app.server.client.raw_in_two(whole, b"GET /livez HTTP/1.1\r\nho"));
        [first.join().unwrap(), second.join().unwrap()]
    });

    for response in [&first, &second] {
        assert!(response.contains("HTTP/1.1 408 "), "{response}");
        assert!(response.contains("\"code\":\"request_timeout\""), "{response}");
    }
    assert!(second.starts_with("HTTP/1.1 200 "), "{second}");
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
}

/// RS02: a client that does not finish its body is cut off, and meanwhile delays nobody.
#[test]
fn sec_rs02_a_missing_body_times_out() {
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

/// RS02: nor does it help to send something now and then: a head, the first one and the second one of a
/// connection, or a body that comes drop by drop is cut off when its time is over, and hinders nobody.
#[test]
fn sec_rs02_trickling_requests_time_out() {
    let app = TestApp::spawn();
    let whole = b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
        content-length: 500\r\n\r\n{";
    let drops = [b' '; 400];
    let slow = |at_once: &[u8], drops: &[u8]| {
        let started = Instant::now();
        let response = app.server.client.drop_by_drop(at_once, drops, Duration::from_millis(250));
        (response, started.elapsed())
    };

    let answered = std::thread::scope(|scope| {
        let rest = [b"GET /livez HTTP/1.1\r\nx: ", &drops[..]].concat();
        let slow = &slow;
        let (first, second) = (rest.clone(), rest);
        let senders = [
            scope.spawn(move || slow(b"", &first)),
            scope.spawn(move || slow(whole, &second)),
            scope.spawn(move || slow(head.as_bytes(), &drops)),
        ];
        for _ in 0..20 {
            app.engineer().get("/tickets").expect(200);
        }
        senders.map(|it| it.join().unwrap())
    });

    for ((response, took), most) in answered.into_iter().zip([12, 12, 30]) {
        assert!(response.contains("HTTP/1.1 408 "), "{response}");
        assert!(response.contains("\"code\":\"request_timeout\""), "{response}");
        assert!(took < Duration::from_secs(most), "{took:?}");
    }
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
