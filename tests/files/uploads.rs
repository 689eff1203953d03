//! Uploads: files are sent as they are, and leave nothing behind when they are not wanted (AT).

use std::fs::File;
use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::support::{Server, TestApp, form, wait_until};

/// SHA-256 of "abc".
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// 3.3: the response describes the bytes that were stored: their length, hash and kind.
#[test]
fn c3_3_an_upload_is_described_by_its_content() {
    let app = TestApp::spawn();

    let text = app.customer().uploads("журнал.log", b"abc").expect(201);
    let picture = app.customer().uploads("скриншот.txt", b"\x89PNG\r\n\x1a\n0000").expect(201);

    assert_eq!(text.body["filename"], "журнал.log");
    assert_eq!(text.body["size"], 3);
    assert_eq!(text.body["sha256"], ABC);
    assert_eq!(text.body["content_type"], "text/plain");
    assert_eq!(picture.body["content_type"], "image/png");
    assert!(text.word("id").len() > 40);
}

/// AT05: a name is only shown; where the bytes are stored does not depend on it.
#[test]
fn sec_at05_names_are_sanitized() {
    let app = TestApp::spawn();

    let upload = app.customer().uploads("../../etc/passwd", b"abc").expect(201);

    assert_eq!(upload.body["filename"], "passwd");
    let [stored] = &app.server.stored()[..] else { panic!("one file") };
    assert!(!stored.contains("passwd"), "{stored}");
}

/// AT01: the limit holds while bytes come in, and nothing is left of a file that is too large.
#[test]
fn sec_at01_a_file_over_the_limit_leaves_nothing() {
    let app = TestApp::spawn_with(&[("HELPDESK_UPLOAD_LIMIT", "100000")]);

    let response = app.customer().uploads("big.bin", &vec![0; 1_000_000]).expect(413);
    let counted = app.customer().uploads("big.bin", &vec![0; 120_000]).expect(413);
    app.customer().uploads("small.bin", &vec![0; 100_000]).expect(201);

    for refused in [response, counted] {
        assert_eq!((refused.code(), &refused.body["limit"]), ("too_large", &json!(100_000)));
    }
    wait_until("the rest is gone", || {
        app.server.stored().len() == 1 && app.count("select id from uploads") == 1
    });
}

/// AT01: memory does not grow with the file.
#[test]
fn sec_at01_memory_does_not_grow_with_the_file() {
    let app = TestApp::spawn();
    app.customer().uploaded("warm.bin", &vec![7; 8 << 20]);
    let before = app.server.peak_memory();

    app.customer().uploaded("large.bin", &vec![7; 96 << 20]);

    let grown = app.server.peak_memory() - before;
    assert!(grown < 20 << 20, "{grown}");
}

/// AT07: an upload that is cut off leaves neither row nor bytes.
#[test]
fn sec_at07_an_upload_that_is_cut_off_leaves_nothing() {
    let app = TestApp::spawn();
    let connection = app.begins_upload(20 << 20, 12 << 20);
    wait_until("the upload has begun", || !app.server.stored().is_empty());

    drop(connection);

    wait_until("nothing is left", || {
        app.server.stored().is_empty() && app.count("select id from uploads") == 0
    });
}

/// AT07: an upload not used in time is swept, and no other.
#[test]
fn sec_at07_what_nobody_used_is_swept() {
    let app = TestApp::spawn();
    let unused = app.customer().uploaded("unused.log", b"nobody wants it");
    let waiting = app.customer().uploaded("waiting.log", b"somebody will");
    app.sql(&format!(
        "update uploads set expires_at = created_at - interval '1 second' where id = '{unused}'"
    ));

    let storage = [("HELPDESK_STORAGE_URL", &*app.server.storage_url())];
    let again = Server::start(&app.database_url(), &storage);
    wait_until("the bytes are gone", || app.server.stored().len() == 1);

    drop(again);
    assert_eq!(app.rows::<String>("select id from uploads"), [waiting]);
}

/// AT07: bytes without a row are swept from a folder after a day, and those that may be on their way stay.
#[test]
fn sec_at07_a_folder_is_swept() {
    let app = TestApp::spawn();
    let used = app.ticket_with_file("kept.log", b"kept").1;
    let now = SystemTime::now();
    let put = |name: &str, at: SystemTime| {
        let file = File::create(app.server.data_dir.join("files").join(name)).unwrap();
        file.set_modified(at).unwrap();
    };
    put("f-orphan", now - Duration::from_secs(25 * 3600));
    put("f-on-its-way", now);

    let storage = [("HELPDESK_STORAGE_URL", &*app.server.storage_url())];
    let _again = Server::start(&app.database_url(), &storage);
    wait_until("the folder is swept", || !app.server.stored().contains(&"f-orphan".to_owned()));

    assert!(app.server.stored().contains(&"f-on-its-way".to_owned()));
    assert_eq!(app.customer().download(used, &[]).2, b"kept");
}

/// A body that is not a form, or a form without a file, is refused.
#[test]
fn a_form_without_a_file_is_refused() {
    let app = TestApp::spawn();
    let boundary = [("content-type", "multipart/form-data; boundary=BOUNDARY")];
    let send = |body: &[u8]| app.customer().send("POST", "/uploads", &boundary, Some(body));

    let json = app.customer().post("/uploads", json!({})).expect(415);
    let other = send(&form("picture", "a.png", b"abc")).expect(400);
    let empty = send(b"--BOUNDARY--\r\n").expect(422);
    let broken = send(b"--BOUNDARY\r\nContent-Disposition: form-data; name=\"file\"").expect(400);
    let two = [form("file", "a.log", b"a"), form("file", "b.log", b"b")].concat();
    // What comes behind the end of a form is ignored.
    send(&two).expect(201);

    assert_eq!(json.code(), "unsupported_media_type");
    assert_eq!(other.code(), "malformed_form");
    assert_eq!(empty.errors(), ["/file required"]);
    assert_eq!(broken.code(), "malformed_form");
    assert_eq!(app.server.stored().len(), 1);
}

/// AT02: the number of files a day is limited.
#[test]
fn sec_at02_rs06_files_per_day_are_limited() {
    let app = TestApp::spawn_with(&[("HELPDESK_QUOTA_UPLOADS", "500")]);
    app.sql(&format!(
        "insert into uploads (id, user_id, storage_key, is_complete, filename, content_type, size,
            sha256, created_at, expires_at)
         select 'x' || it, {}, 'k' || it, true, 'a', 'text/plain', 1, '', now(), now() + interval '1 day'
         from generate_series(1, 500) as it",
        app.customer().id,
    ));

    let refused = app.customer().uploads("one-more.log", b"abc").expect(429);
    app.colleague().uploads("another.log", b"abc").expect(201);

    assert_eq!(refused.code(), "quota_exceeded");
}

/// AT02: so is the number of files at once; one that stalls is cut off, and makes room.
#[test]
fn sec_at02_concurrent_uploads_are_limited() {
    let app = TestApp::spawn_with(&[("HELPDESK_STALL_TIMEOUT", "3")]);
    let stalled: Vec<_> = (0..5).map(|_| app.begins_upload(2 << 20, 1 << 20)).collect();
    wait_until("they have begun", || app.server.stored().len() == 5);

    let refused = app.customer().uploads("one-more.log", b"abc").expect(429);
    app.colleague().uploaded("another.log", b"abc");
    wait_until("those that stall are gone", || app.server.stored().len() == 1);
    app.customer().uploaded("again.log", b"abc");

    drop(stalled);
    assert_eq!((refused.code(), refused.header("retry-after")), ("too_many_at_once", "10"));
}

/// AT02: so is the number of bytes, used or not; those of yesterday do not count.
#[test]
fn sec_at02_bytes_per_day_are_limited() {
    let app = TestApp::spawn();
    let customer = app.customer();
    customer.uploaded("dump.pcap", b"abc");
    app.sql("update uploads set size = 20::bigint << 30");

    let refused = customer.uploads("one-more.log", b"abc").expect(429);
    app.sql("update uploads set created_at = created_at - interval '1 day'");
    customer.uploads("one-more.log", b"abc").expect(201);

    assert_eq!((refused.code(), refused.header("retry-after")), ("too_many_uploads", "3600"));
}

/// A file that is sent again because no response came is one upload, whatever its boundary.
#[test]
fn an_upload_that_is_repeated_with_its_key_is_one_upload() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let send = |boundary: &str, name: &str, bytes: &str| {
        let form = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n\
             {bytes}\r\n--{boundary}--\r\n"
        );
        let media = format!("multipart/form-data; boundary={boundary}");
        let headers = [("content-type", media.as_str()), ("idempotency-key", "once")];
        customer.send("POST", "/uploads", &headers, Some(form.as_bytes()))
    };

    let first = send("one", "a.log", "log").expect(201);
    let second = send("two", "a.log", "log").expect(201);

    assert_eq!(second.text, first.text);
    assert_eq!(second.header("location"), first.header("location"));
    assert_eq!(second.header("idempotency-replayed"), "true");
    for other in [send("three", "b.log", "log"), send("four", "a.log", "LOG")] {
        assert_eq!((other.status, other.code()), (422, "idempotency_key_reused"));
    }
    assert_eq!(app.count("select from uploads"), 1);
    assert_eq!(app.server.stored().len(), 1);
}
