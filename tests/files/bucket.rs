//! Files in a bucket that speaks S3 (AT, section 4 of the contract).

use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::support::{Bucket, Server, TestApp, wait_until};

/// A system that stores its files in a bucket.
fn storing_in(bucket: &Bucket) -> TestApp {
    TestApp::spawn_with(&bucket.settings(&bucket.endpoint()))
}

/// Section 4: a file of several parts is stored in the bucket below its prefix, comes back whole or
/// by ranges, and is permanently deleted.
#[test]
fn s4_a_bucket_stores_files_and_serves_ranges() {
    let bucket = Bucket::start();
    let app = storing_in(&bucket);
    let bytes: Vec<u8> = (0..12_000_000_u32).map(|it| (it % 251) as u8).collect();

    let stored = |bytes: &[u8]| app.ticket_with_file("dump.pcap", bytes).1;
    let (large, small, empty) = (stored(&bytes), stored(b"abc"), stored(b""));

    assert_eq!((bucket.objects().len(), bucket.parts()), (3, vec![]));
    assert!(!app.server.data_dir.join("files").exists());
    let get = |headers: &[(&str, &str)]| app.customer().download(large, headers);
    let (status, headers, whole) = get(&[]);
    assert_eq!((status, whole == bytes), (200, true));
    let (status, part_headers, part) = get(&[("range", "bytes=5242870-5242889")]);
    assert_eq!((status, &part[..]), (206, &bytes[5_242_870..5_242_890]));
    assert_eq!(part_headers["content-range"], "bytes 5242870-5242889/12000000");
    assert_eq!(get(&[("range", "bytes=11999999-")]).2, bytes[11_999_999..]);
    assert_eq!(get(&[("if-none-match", &headers["etag"])]).0, 304);
    assert_eq!(app.engineer().download(small, &[]).2, b"abc");
    assert_eq!(app.engineer().download(empty, &[]).2, b"");
    let reason = json!({ "reason": "В файле были пароли." });
    app.admin().post(&format!("/attachments/{large}/redact"), reason).expect(200);
    assert_eq!(bucket.objects().len(), 2);
}

/// AT01, AT07: an upload that is cut off or too large leaves neither row nor object nor parts.
#[test]
fn sec_at07_an_upload_to_a_bucket_that_is_cut_off_leaves_nothing() {
    let bucket = Bucket::start();
    let endpoint = bucket.endpoint();
    let limit = [("HELPDESK_UPLOAD_LIMIT", "15000000")];
    let app = TestApp::spawn_with(&[&bucket.settings(&endpoint)[..], &limit].concat());
    let connection = app.begins_upload(14_000_000, 12_000_000);
    wait_until("the upload has begun", || bucket.parts().len() > 1);

    drop(connection);
    app.customer().uploads("large.bin", &vec![0; 15_010_000]).expect(413);

    wait_until("nothing is left", || {
        let is_empty = bucket.parts().is_empty() && bucket.objects().is_empty();
        is_empty && app.count("select from uploads") == 0
    });
}

/// AT07: an unused upload is swept from a bucket in time, and so is an object without a row; one
/// that may be on its way stays.
#[test]
fn sec_at07_a_bucket_is_swept() {
    let bucket = Bucket::start();
    let app = storing_in(&bucket);
    let unused = app.customer().uploaded("unused.log", b"nobody wants it");
    let used = app.ticket_with_file("dump.pcap", b"somebody does").1;
    app.sql(&format!(
        "update uploads set expires_at = created_at - interval '1 second' where id = '{unused}'"
    ));
    let now = SystemTime::now();
    bucket.put("f-orphan", now - Duration::from_secs(25 * 3600));
    bucket.put("f-on-its-way", now);
    let names =
        || -> Vec<String> { bucket.objects().iter().map(|it| it.display().to_string()).collect() };

    let again = Server::start(&app.database_url(), &bucket.settings(&bucket.endpoint()));
    wait_until("the bucket is swept", || names().len() == 2);

    assert!(names().iter().any(|it| it.ends_with("f-on-its-way")));
    assert_eq!(app.customer().download(used, &[]).2, b"somebody does");
    assert!(!again.log().contains("has no content in the storage"), "{}", again.log());
}

/// Section 11: the service does not start, and says why, if the bucket refuses its keys or does not
/// exist.
#[test]
fn s11_a_bucket_that_refuses_stops_the_start() {
    let bucket = Bucket::start();
    let app = TestApp::spawn();
    let endpoint = bucket.endpoint();
    let settings = bucket.settings(&endpoint);
    let with = |setting: (&'static str, &'static str)| [&settings[..], &[setting]].concat();

    for wrong in [
        ("AWS_SECRET_ACCESS_KEY", "wrong"),
        ("AWS_ACCESS_KEY_ID", "AKIAOTHER"),
        ("HELPDESK_STORAGE_URL", "s3://nowhere/at/all"),
        ("HELPDESK_STORAGE_URL", "s3:///prefix"),
        ("AWS_ALLOW_HTTP", "perhaps"),
    ] {
        let mut server = Server::launch(&app.database_url(), &with(wrong));

        assert_eq!(server.wait().code(), Some(1), "{wrong:?}");
        let log = server.log();
        assert!(log.contains("helpdesk: HELPDESK_STORAGE_URL: "), "{wrong:?}: {log}");
        assert!(!log.contains("тихий"), "{log}");
    }
}

/// SV09: while a bucket is down files are 503, and nothing else is; once it is back, so are files.
#[test]
fn sec_sv09_a_bucket_that_is_down_stops_files_alone() {
    let mut bucket = Bucket::start();
    let app = storing_in(&bucket);
    let file = app.ticket_with_file("dump.pcap", b"abc").1;

    bucket.stop();
    let refused = app.customer().uploads("late.log", b"later").expect(503);
    let unread = app.customer().download(file, &[]);
    app.ticket("feedback");
    let endpoint = bucket.endpoint();
    let started = Server::start(&app.database_url(), &bucket.settings(&endpoint));
    bucket.go_on();

    assert_eq!(refused.code(), "unavailable");
    assert_eq!(unread.0, 503);
    assert!(started.log().contains("does not respond"), "{}", started.log());
    assert_eq!(app.customer().download(file, &[]).2, b"abc");
    app.customer().uploads("late.log", b"later").expect(201);
    wait_until("only what was used is left", || app.count("select id from uploads") == 1);
}
