//! Compression of responses, and how their entity tags stay right with it (RFC 9110, 8.8.3, 12.5.3).

use std::collections::HashMap;
use std::io::Read as _;

use flate2::read::GzDecoder;
use serde_json::json;

use crate::support::{Person, TestApp};

const GZIP: (&str, &str) = ("accept-encoding", "gzip, deflate, br;q=0.9");

impl Person {
    /// The status, the headers and the bytes of a response, as they came.
    fn fetches(
        &self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> (u16, HashMap<String, String>, Vec<u8>) {
        let bearer = format!("Bearer {}", self.token);
        let headers = [headers, &[("authorization", bearer.as_str())]].concat();
        self.client.download(&format!("/api/v1{path}"), &headers)
    }
}

fn unzipped(bytes: &[u8]) -> String {
    decoded("gzip", bytes)
}

fn decoded(coding: &str, mut bytes: &[u8]) -> String {
    let mut plain = Vec::new();
    match coding {
        "gzip" => drop(GzDecoder::new(bytes).read_to_end(&mut plain).unwrap()),
        "br" => brotli::BrotliDecompress(&mut bytes, &mut plain).unwrap(),
        "zstd" => zstd::stream::copy_decode(bytes, &mut plain).unwrap(),
        other => panic!("{other}"),
    }
    String::from_utf8(plain).unwrap()
}

/// The tag of the compressed form.
fn marked(tag: &str) -> String {
    marked_by("gzip", tag)
}

fn marked_by(coding: &str, tag: &str) -> String {
    format!("{}+{coding}\"", tag.trim_end_matches('"'))
}

/// JSON from 1 KiB on is compressed for whoever takes it; what caches compare says that there are two forms.
#[test]
fn json_is_compressed_for_whoever_takes_it() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let path = format!("/tickets/{id}?expand=history");
    let customer = app.customer();
    let plain = customer.get(&path).expect(200);

    let (status, headers, bytes) = customer.fetches(&path, &[GZIP]);

    assert_eq!((status, unzipped(&bytes)), (200, plain.text.clone()));
    assert!(bytes.len() * 2 < plain.text.len(), "{}", bytes.len());
    assert_eq!(headers["content-encoding"], "gzip");
    assert_eq!(headers["content-length"], bytes.len().to_string());
    for vary in [&headers["vary"], plain.header("vary")] {
        assert!(vary.contains("Accept-Encoding"), "{vary}");
    }
    assert_eq!(headers["etag"], marked(plain.header("etag")));
    for refused in ["", "identity", "gzip;q=0", "deflate", "*;q=0, identity"] {
        let (_, headers, bytes) = customer.fetches(&path, &[("accept-encoding", refused)]);
        assert!(!headers.contains_key("content-encoding"), "{refused}");
        assert_eq!(String::from_utf8(bytes).unwrap(), plain.text);
    }
    let head = customer.send("HEAD", &path, &[GZIP], None).expect(200);
    assert_eq!(head.header("content-length"), headers["content-length"]);
    assert_eq!(head.header("etag"), headers["etag"]);
    let small = customer.fetches("/events?limit=1&after=900000000", &[GZIP]);
    assert!(!small.1.contains_key("content-encoding"), "{:?}", small.1);
}

/// A client gets the coding that it likes best, and no other.
#[test]
fn each_client_gets_the_coding_that_it_prefers() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let path = format!("/tickets/{id}?expand=history");
    let customer = app.customer();
    let plain = customer.get(&path).expect(200);
    let browser = "gzip, deflate, br, zstd";

    for (accepted, coding) in [
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip;q=0.5, br;q=0.8, zstd;q=0.1", "br"),
        ("zstd, gzip", "zstd"),
        ("compress, br", "br"),
        (browser, "br"),
    ] {
        let (status, headers, bytes) = customer.fetches(&path, &[("accept-encoding", accepted)]);
        assert_eq!((status, headers["content-encoding"].as_str()), (200, coding), "{accepted}");
        assert_eq!(decoded(coding, &bytes), plain.text, "{accepted}");
        let tag = marked_by(coding, plain.header("etag"));
        assert_eq!(headers["etag"], tag);
        let (status, headers, _) = customer.fetches(&path, &[("if-none-match", &tag)]);
        assert_eq!((status, &headers["etag"]), (304, &tag), "{accepted}");
    }
}

/// Either form is known by its own tag, and a writer has seen the same version in both.
#[test]
fn tags_of_compressed_responses_are_taken_back() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let path = format!("/tickets/{id}?expand=history");
    let customer = app.customer();
    let plain = customer.get(&path).header("etag").to_owned();
    let compressed = customer.fetches(&path, &[GZIP]).1["etag"].clone();
    assert_eq!(compressed, marked(&plain));

    for (known, expected) in [
        (compressed.clone(), &compressed),
        (format!("W/{compressed}"), &compressed),
        (format!("\"x\", {compressed}"), &compressed),
        (plain.clone(), &plain),
    ] {
        let (status, headers, bytes) = customer.fetches(&path, &[GZIP, ("if-none-match", &known)]);
        assert_eq!((status, bytes.len(), &headers["etag"]), (304, 0, expected), "{known}");
    }
    let steps = |tag: &str, text: &str| {
        let headers = [("if-match", tag)];
        customer.call_with("PATCH", &format!("/tickets/{id}"), &headers, &json!({ "steps": text }))
    };
    steps(&compressed, "Включили").expect(200);
    assert_eq!(steps(&compressed, "Выключили").code(), "precondition_failed");
    assert_eq!(customer.fetches(&path, &[GZIP, ("if-none-match", &compressed)]).0, 200);
    let settings = "/me/notification-settings";
    let current = customer.get(settings);
    let tag = marked(current.header("etag"));
    customer.call_with("PUT", settings, &[("if-match", &tag)], &current.body).expect(200);
}

/// Streams, files and tables go as they are; the document is compressed, and cached by its tag.
#[test]
fn streams_files_and_tables_are_not_compressed() {
    let app = TestApp::spawn();
    let (_, file) = app.ticket_with_file("a.json", "{\"a\": 1}".repeat(1000).as_bytes());
    let engineer = app.engineer();
    for _ in 0..8 {
        app.ticket("new");
    }

    let paths = [format!("/attachments/{file}/content"), "/tickets/export".to_owned()];
    for path in paths {
        let (status, headers, bytes) = engineer.fetches(&path, &[GZIP]);
        assert_eq!(status, 200, "{path}");
        assert!(bytes.len() > 1024 && !headers.contains_key("content-encoding"), "{path}");
    }
    let stream = engineer.follow(&app.server, "", &[GZIP]);
    assert_eq!((stream.head.status, stream.head.header("content-encoding")), (200, ""));
    for path in ["/openapi.json", "/api/v1/reference"] {
        let (status, headers, bytes) = engineer.client.download(path, &[GZIP]);
        assert_eq!((status, headers["content-encoding"].as_str()), (200, "gzip"), "{path}");
        assert!(headers["cache-control"].contains("max-age="), "{:?}", headers["cache-control"]);
        let parsed: serde_json::Value = serde_json::from_str(&unzipped(&bytes)).unwrap();
        assert!(parsed.is_object());
        let known = [GZIP, ("if-none-match", headers["etag"].as_str())];
        assert_eq!(engineer.client.download(path, &known).0, 304, "{path}");
    }
    for file in ["swagger-ui-bundle.js", "swagger-ui.css"] {
        let path = format!("/docs/{file}");
        let (_, headers, _) = engineer.client.download(&path, &[]);
        assert_eq!(headers["cache-control"], "public, max-age=3600", "{file}");
        let known = [("if-none-match", headers["etag"].as_str())];
        assert_eq!(engineer.client.download(&path, &known).0, 304, "{file}");
    }
}
