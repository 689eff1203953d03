//! Where TLS is asked for nothing is sent without it: the database and the bucket (OU08).

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use crate::support::{JWT_KEYS, Server, TestApp, helpdesk, wait_for};

/// Answers every connection with `reply` to what it sends first, until nothing comes any more; the
/// address, and what the first connection sent before and after.
fn listen(reply: &'static [u8]) -> (String, thread::JoinHandle<[Vec<u8>; 2]>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heard = thread::spawn(move || {
        listener.set_nonblocking(true).unwrap();
        let (mut client, _) = wait_for("somebody calls", || listener.accept().ok());
        client.set_nonblocking(false).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let mut first = vec![0; 4096];
        let length = client.read(&mut first).unwrap();
        first.truncate(length);
        client.write_all(reply).unwrap();
        let mut then = Vec::new();
        let _ = client.read_to_end(&mut then);
        [first, then]
    });
    (address, heard)
}

/// OU08: a database that does not speak TLS is told neither login nor password.
#[test]
fn sec_ou08_a_database_without_tls_is_told_nothing() {
    const REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

    let (address, heard) = listen(b"N");
    let url = format!("postgresql://someone:canary@{address}/some?sslmode=verify-full");

    let refused =
        helpdesk(&["migrate"], &[("DATABASE_URL", &url), ("HELPDESK_JWT_KEYS", JWT_KEYS)]);

    let [first, then] = heard.join().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!((first, then), (REQUEST.to_vec(), vec![]));
    assert!(!String::from_utf8_lossy(&refused.stderr).contains("canary"));
}

/// OU08: neither is a bucket that is to be reached by https.
#[test]
fn sec_ou08_a_bucket_without_tls_is_told_nothing() {
    let (address, heard) = listen(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let (app, endpoint) = (TestApp::spawn(), format!("https://{address}"));

    let settings = [
        ("HELPDESK_STORAGE_URL", "s3://bucket/prefix"),
        ("AWS_ENDPOINT", endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", "canary"),
        ("AWS_SECRET_ACCESS_KEY", "canary"),
    ];
    let server = Server::launch(&app.database_url(), &settings);
    let [first, then] = heard.join().unwrap();
    drop(server);

    assert_eq!(first[..2], [0x16, 0x03], "no handshake: {}", String::from_utf8_lossy(&first));
    for sent in [first, then] {
        assert!(!String::from_utf8_lossy(&sent).contains("canary"));
    }
}
