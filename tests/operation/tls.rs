//! Where TLS is required, nothing is sent without it or to an untrusted peer: the database,
//! the bucket, the receiver of webhooks, the mail server (OU08).

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;

use crate::support::{
    JWT_KEYS, PASSWORD, Server, TestApp, helpdesk, last_delivery, on_database, wait_for,
};

/// A certificate for 127.0.0.1 that is good for a hundred years and signed by itself, and its key.
const NOBODY: &[u8] = include_bytes!("../support/nobody.pem");

/// The first who calls a listener.
fn first(listener: TcpListener) -> TcpStream {
    listener.set_nonblocking(true).unwrap();
    let (client, _) = wait_for("somebody calls", || listener.accept().ok());
    client.set_nonblocking(false).unwrap();
    client.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    client
}

/// Answers every connection with `reply` to what it sends first, until nothing comes any more; the
/// address, and what the first connection sent before and after.
fn listen(reply: &'static [u8]) -> (String, JoinHandle<[Vec<u8>; 2]>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heard = thread::spawn(move || {
        let mut client = first(listener);
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

/// Accepts one TLS connection with an untrusted certificate: the address, and what the
/// client sent after the handshake, or why that failed.
fn listen_as_nobody() -> (String, JoinHandle<Result<Vec<u8>, String>>) {
    listen_as_nobody_after(|_| ())
}

/// The same after a plain-text prelude.
fn listen_as_nobody_after(
    begin: fn(&mut TcpStream),
) -> (String, JoinHandle<Result<Vec<u8>, String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let certificate = CertificateDer::from_pem_slice(NOBODY).unwrap();
    let key = PrivateKeyDer::from_pem_slice(NOBODY).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let heard = thread::spawn(move || {
        let connection = ServerConnection::new(Arc::new(config)).unwrap();
        let mut client = first(listener);
        begin(&mut client);
        let mut client = StreamOwned::new(connection, client);
        let mut bytes = vec![0; 4096];
        let length = client.read(&mut bytes).map_err(|it| it.to_string())?;
        bytes.truncate(length);
        Ok(bytes)
    });
    (address, heard)
}

/// OU08: a database without TLS receives neither login nor password.
#[test]
fn sec_ou08_nothing_is_sent_to_a_database_without_tls() {
    const REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

    let (address, heard) = listen(b"N");
    let url = format!("postgresql://someone:canary@{address}/some?sslmode=verify-full");

    let refused = helpdesk(&["migrate"], &on_database(&url));

    let [first, then] = heard.join().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!((first, then), (REQUEST.to_vec(), vec![]));
    assert!(!String::from_utf8_lossy(&refused.stderr).contains("canary"));
}

/// OU08: nor does a database with an untrusted certificate.
#[test]
fn sec_ou08_nothing_is_sent_to_a_database_with_a_bad_certificate() {
    let (address, heard) = listen_as_nobody_after(|client| {
        client.read_exact(&mut [0; 8]).unwrap();
        client.write_all(b"S").unwrap();
    });
    let url = format!(
        "postgresql://someone:canary@{address}/some?sslmode=verify-full&sslrootcert=system"
    );

    let refused = helpdesk(&["migrate"], &on_database(&url));

    assert_eq!(refused.status.code(), Some(1));
    assert_refused(heard);
}

/// OU08: nor does a bucket that should be reached by https.
#[test]
fn sec_ou08_nothing_is_sent_to_a_bucket_without_tls() {
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

/// OU08: a bucket with an untrusted certificate receives nothing, and the files wait.
#[test]
fn sec_ou08_nothing_is_sent_to_a_bucket_with_a_bad_certificate() {
    let (address, heard) = listen_as_nobody();
    let (app, endpoint) = (TestApp::spawn(), format!("https://{address}"));
    let settings = [
        ("HELPDESK_STORAGE_URL", "s3://bucket/prefix"),
        ("AWS_ENDPOINT", endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", "canary"),
        ("AWS_SECRET_ACCESS_KEY", "canary"),
    ];

    let server = Server::launch(&app.database_url(), &settings);

    assert_refused(heard);
    drop(server);
}

/// OU08: a Redmine with an untrusted certificate does not receive the key: one sentence says why.
#[test]
fn sec_ou08_a_redmine_with_a_bad_certificate_is_told_no_key() {
    let app = TestApp::spawn();
    let (database, storage) = (app.database_url(), app.server.storage_url());
    let told = |address: &str| {
        let settings = [
            ("DATABASE_URL", database.as_str()),
            ("HELPDESK_JWT_KEYS", JWT_KEYS),
            ("HELPDESK_STORAGE_URL", storage.as_str()),
            ("HELPDESK_REDMINE_KEY", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        ];
        let url = format!("https://{address}");
        let done = helpdesk(&["import", "redmine", "--url", &url], &settings);
        assert_eq!(done.status.code(), Some(1));
        String::from_utf8(done.stderr).unwrap().lines().last().unwrap().to_owned()
    };

    let (address, heard) = listen_as_nobody();
    let untrusted = told(&address);
    assert_refused(heard);
    let (address, heard) = listen(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    let plain = told(&address);

    assert!(untrusted.contains("the certificate is not one that is trusted"), "{untrusted}");
    assert!(untrusted.contains("--ca names the file"), "{untrusted}");
    assert!(plain.contains("does not speak TLS"), "{plain}");
    let [first, then] = heard.join().unwrap();
    assert!(!String::from_utf8_lossy(&[first, then].concat()).contains("aaaaaaaa"));
}

/// OU08: a receiver of webhooks with an untrusted certificate receives nothing.
#[test]
fn sec_ou08_nothing_is_sent_to_a_receiver_with_a_bad_certificate() {
    let (address, heard) = listen_as_nobody();
    let app = TestApp::with_local_receivers();
    let webhook = json!({ "url": format!("https://{address}/") });
    let path = format!("/webhooks/{}", app.admin().post("/webhooks", webhook).expect(201).id());

    app.admin().call("POST", &format!("{path}/test"), None);

    assert_refused(heard);
    last_delivery(&app.admin(), &path, |it| it["error"] == "tls");
}

/// OU08: nor does a mail server with an untrusted certificate.
#[test]
fn sec_ou08_nothing_is_sent_to_a_mail_server_with_a_bad_certificate() {
    let (address, heard) = listen_as_nobody();
    let url = format!("smtps://{address}");
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &url)]);

    app.customer().changes_password(PASSWORD, "громкий полдень у моря").expect(204);

    assert_refused(heard);
}

/// OU08: nor does a mail server that begins without TLS and then shows an untrusted certificate.
#[test]
fn sec_ou08_nothing_is_sent_to_a_mail_server_after_a_bad_starttls() {
    let (address, heard) = listen_as_nobody_after(|client| {
        let hear = |client: &mut TcpStream| assert!(client.read(&mut [0; 1000]).unwrap() > 0);
        client.write_all(b"220 mail.example ESMTP\r\n").unwrap();
        hear(client);
        client.write_all(b"250-mail.example\r\n250 STARTTLS\r\n").unwrap();
        hear(client);
        client.write_all(b"220 go ahead\r\n").unwrap();
    });
    let url = format!("smtp://{address}?tls=required");
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &url)]);

    app.customer().changes_password(PASSWORD, "громкий полдень у моря").expect(204);

    assert_refused(heard);
}

/// OU08: nor does a mailbox, which would get the password in its URL.
#[test]
fn sec_ou08_a_mailbox_with_a_bad_certificate_is_told_nothing() {
    let (address, heard) = listen_as_nobody();
    let url = format!("imaps://help:geheim@{address}/");
    let settings = [("HELPDESK_IMAP_URL", &*url), ("HELPDESK_REPLY_DOMAIN", "reply.example")];
    let app = TestApp::spawn_with(&settings);

    assert_refused(heard);
    assert!(!app.server.log().contains("geheim"), "{}", app.server.log());
}

/// The client has broken the handshake off, saying why or hanging up.
#[track_caller]
fn assert_refused(heard: JoinHandle<Result<Vec<u8>, String>>) {
    let refused = heard.join().unwrap().unwrap_err();
    let ways = ["UnknownCA", "CertificateUnknown", "BadCertificate", "unexpected end of file"];
    assert!(ways.iter().any(|it| refused.contains(it)), "{refused}");
}
