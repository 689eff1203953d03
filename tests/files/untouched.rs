//! Files are stored as sent: neither unpacked nor rendered; forms have few parts (AT02, AT06).

use crate::support::{TestApp, form};

const MULTIPART: (&str, &str) = ("content-type", "multipart/form-data; boundary=BOUNDARY");

/// A picture that says it has 60,000 × 60,000 points, and is 60 bytes.
fn enormous_picture() -> Vec<u8> {
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x06\0\0\0\0\0\0\0";
    [&head[..], b"\0\0\0\x04IDATxxxx\0\0\0\0\0\0\0\0IEND\xaeB`\x82"].concat()
}

/// An archive that says its one file has four gigabytes.
fn enormous_archive() -> Vec<u8> {
    let head = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0\x10\0\0\0\xff\xff\xff\xff\x01\0\0\0a";
    [&head[..], &[0x55; 16][..]].concat()
}

/// AT06: a decompression bomb costs nothing: an upload is neither unpacked nor rendered.
#[test]
fn sec_at06_nothing_is_unpacked_or_rendered() {
    let app = TestApp::spawn();
    let is_stored_as_sent = |name: &str, bytes: &[u8]| {
        let (ticket, id) = app.ticket_with_file(name, bytes);
        app.engineer().get(&format!("/tickets/{ticket}/attachments")).expect(200);
        app.engineer().download(id, &[]).2 == bytes
    };
    is_stored_as_sent("warm.bin", &[7; 1000]);
    let before = app.server.peak_memory();

    let bombs = [("a.png", enormous_picture()), ("a.zip", enormous_archive())];
    assert!(bombs.iter().all(|(name, bytes)| is_stored_as_sent(name, bytes)));

    let grown = app.server.peak_memory() - before;
    assert!(grown < 10 << 20, "{grown} bytes more");
}

/// AT02: a form has one file; whatever else comes with it, in number or in size, is refused early.
#[test]
fn sec_at02_a_form_has_one_part() {
    let app = TestApp::spawn();
    let send = |form: &[u8]| app.customer().send("POST", "/uploads", &[MULTIPART], Some(form));
    let part = |name: &str, text: &str| {
        format!("--BOUNDARY\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let good = form("file", "a.log", b"abc");
    let many: String = (0..10_000).map(|it| part(&format!("f{it}"), "x")).collect();
    let large = part("note", &"x".repeat(4 << 20));
    let head = format!(
        "--BOUNDARY\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\r\nx\r\n--BOUNDARY--\r\n",
        "x".repeat(1 << 20),
    );

    for wrong in
        [[many.as_bytes(), &good].concat(), [large.as_bytes(), &good].concat(), head.into_bytes()]
    {
        let refused = send(&wrong);
        assert!((400..500).contains(&refused.status), "{}", refused.text);
    }
    assert_eq!(app.count("select from uploads"), 0);
    assert_eq!(app.server.stored().len(), 0);
    send(&good).expect(201);
}
