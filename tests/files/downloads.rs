//! Downloads and their redaction (AT04, AT09).

use serde_json::json;

use crate::support::{TestApp, ids_only};

/// AT04: whatever the file is, it is a download that no browser runs.
#[test]
fn sec_at04_a_download_is_never_a_page() {
    let app = TestApp::spawn();
    let (_, id) =
        app.ticket_with_file("страница.html", b"<!DOCTYPE html><script>alert(1)</script>");

    let (status, headers, bytes) = app.engineer().download(id, &[("accept", "image/png")]);

    assert_eq!((status, bytes.len()), (200, 40));
    assert_eq!(headers["content-type"], "application/octet-stream");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["content-security-policy"], "sandbox; default-src 'none'");
    let disposition = &headers["content-disposition"];
    assert!(disposition.starts_with("attachment; filename=\"________.html\""), "{disposition}");
    assert!(disposition.contains("filename*=UTF-8''%D1%81%D1%82"), "{disposition}");
    assert!(headers["repr-digest"].starts_with("sha-256=:"));
}

/// AT03, AT04: that holds for files of every kind, and for parts of them.
#[test]
fn sec_at03_at04_every_download_is_an_attachment() {
    const OPEN: [&str; 3] = ["image/png", "application/zip", "text/plain"];
    let app = TestApp::spawn();
    let kinds: [(&str, &[u8]); 9] = [
        ("a.png", b"\x89PNG\r\n\x1a\n0000"),
        ("a.zip", b"PK\x03\x04rest"),
        ("a.log", b"link up"),
        ("a.pdf", b"%PDF-1.7 <script>"),
        ("a.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"),
        ("a.xml", b"<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"/>"),
        ("a.html", b"   <html><script>alert(1)</script>"),
        ("a.png", b"<html><script>alert(1)</script>"),
        ("a.js", b"alert(1)"),
    ];

    for (name, bytes) in kinds {
        let (_, id) = app.ticket_with_file(name, bytes);
        for headers in [&[][..], &[("range", "bytes=0-3")]] {
            let (_, handed, _) = app.customer().download(id, headers);
            let media = &*handed["content-type"];
            let is_open = OPEN.iter().any(|it| media.starts_with(it));
            assert!(is_open || media == "application/octet-stream", "{name}: {media}");
            assert!(handed["content-disposition"].starts_with("attachment; "), "{name}");
            assert_eq!(handed["x-content-type-options"], "nosniff", "{name}");
            assert_eq!(handed["content-security-policy"], "sandbox; default-src 'none'", "{name}");
        }
    }
}

/// AT09: an interrupted download is resumed; a range beyond the end is 416.
#[test]
fn sec_at09_a_download_is_resumed_by_range() {
    let app = TestApp::spawn();
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|it| (it % 251) as u8).collect();
    let (_, id) = app.ticket_with_file("large.bin", &bytes);
    let get = |headers: &[(&str, &str)]| app.customer().download(id, headers);
    let (_, headers, _) = get(&[]);
    let tag = headers["etag"].clone();

    let (first, part_headers, one) = get(&[("range", "bytes=0-999999")]);
    let (second, _, other) = get(&[("range", "bytes=1000000-"), ("if-range", &tag)]);

    assert_eq!((first, second), (206, 206));
    assert_eq!(part_headers["content-range"], "bytes 0-999999/3000000");
    assert_eq!([one, other].concat(), bytes);
    assert_eq!(get(&[("range", "bytes=-5")]).2, bytes[2_999_995..]);
    assert_eq!(get(&[("range", "bytes=0-9"), ("if-range", "\"other\"")]).0, 200);
    let beyond = get(&[("range", "bytes=3000000-")]);
    assert_eq!((beyond.0, beyond.1["content-range"].as_str()), (416, "bytes */3000000"));
    // RFC 9110, 14.2: a server may ignore what it does not serve: several ranges, or any of a HEAD.
    assert_eq!(get(&[("range", "bytes=0-1,4-5")]).0, 200);
    let path = format!("/attachments/{id}/content");
    let head = app.customer().send("HEAD", &path, &[("range", "bytes=0-9")], None);
    assert_eq!((head.status, head.header("content-length")), (200, "3000000"));
    assert_eq!(get(&[("if-none-match", &tag)]).0, 304);
}

/// An empty file is a file like any other.
#[test]
fn an_empty_file_is_stored_and_served() {
    let app = TestApp::spawn();
    let (_, id) = app.ticket_with_file("empty.log", b"");

    let (status, headers, bytes) = app.customer().download(id, &[]);

    assert_eq!((status, bytes), (200, Vec::new()));
    assert_eq!(headers["accept-ranges"], "bytes");
    assert_eq!(headers["content-length"], "0");
}

/// A file that an admin redacts is gone with its name, wherever it was used; the history says so.
#[test]
fn an_admin_redacts_a_file() {
    let app = TestApp::spawn();
    let (ticket, id) = app.ticket_with_file("passwords-of-the-bank.cfg", b"secret");
    let path = format!("/attachments/{id}/redact");
    let reason = json!({ "reason": "В файле были пароли." });

    app.engineer().post(&path, reason.clone()).expect(403);
    let redacted = app.admin().post(&path, reason.clone()).expect(200);
    app.admin().post(&path, reason).expect(200);

    assert_eq!(
        (&redacted.body["redacted"], &redacted.body["filename"]),
        (&json!(true), &json!("redacted"))
    );
    assert_eq!(app.server.stored(), Vec::<String>::new());
    let (status, _, text) = app.engineer().download(id, &[]);
    assert_eq!(status, 410);
    assert!(String::from_utf8(text).unwrap().contains("\"redacted\""));
    let event = app.customer().last_event(ticket);
    assert_eq!(
        (&event["type"], &ids_only(&event["attachments"])),
        (&json!("ticket.redacted"), &json!([id]))
    );
    let everywhere = app.admin().get(&format!("/tickets/{ticket}?expand=attachments,history")).text;
    assert!(!everywhere.contains("bank"), "{everywhere}");
    assert_eq!(app.admin().verifies(ticket)["intact"], true);
}
