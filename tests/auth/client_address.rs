//! Where a client is: behind proxies, and over IPv6 (RS03).

use serde_json::{Value, json};

use crate::support::{PASSWORD, Response, TestApp};

const BEHIND_ONE: (&str, &str) = ("HELPDESK_TRUSTED_PROXIES", "127.0.0.1");
const BEHIND_TWO: (&str, &str) = ("HELPDESK_TRUSTED_PROXIES", "127.0.0.1, 198.51.100.0/24");
const ON_BOTH_FAMILIES: (&str, &str) = ("HELPDESK_BIND", "[::]:{port}");

fn sign_in(app: &TestApp, email: &str, password: &str, headers: &[(&str, &str)]) -> Response {
    let body = json!({ "email": email, "password": password });
    app.anonymous().call_with("POST", "/auth/login", headers, &body)
}

/// The address shown by the newest session of a person who has just signed in.
fn address_of_session(app: &TestApp, headers: &[(&str, &str)]) -> Value {
    let signed_in = sign_in(app, &app.customer().email, PASSWORD, headers).expect(200);
    let sessions = app.with_token(&signed_in.word("access_token")).get("/me/sessions");
    sessions.expect(200).items()[0]["address"].clone()
}

/// RS03: a client of an address that listens on both families has one address, not two.
#[test]
fn sec_rs03_an_ipv4_client_over_ipv6_is_the_ipv4_client() {
    let app = TestApp::spawn_with(&[ON_BOTH_FAMILIES, BEHIND_ONE]);

    assert_eq!(address_of_session(&app, &[]), "127.0.0.1");
    let forwarded = [("x-forwarded-for", "203.0.113.7")];
    assert_eq!(address_of_session(&app, &forwarded), "203.0.113.7");
    let mapped = [("x-forwarded-for", "::ffff:203.0.113.7")];
    assert_eq!(address_of_session(&app, &mapped), "203.0.113.7");
    let audited = app.admin().get("/audit-log?action=auth_login").expect(200);
    let addresses: Vec<&Value> = audited.items().iter().map(|it| &it["address"]).collect();
    assert_eq!(addresses[..3], ["203.0.113.7", "203.0.113.7", "127.0.0.1"]);
}

/// RS03: behind one proxy and behind two, in one line and in several, the session shows where the
/// person is, whatever the client has put before it.
#[test]
fn sec_rs03_the_session_shows_the_client_behind_its_proxies() {
    let app = TestApp::spawn_with(&[BEHIND_TWO]);
    let line = |it| ("x-forwarded-for", it);

    for headers in [
        &[line("203.0.113.7")][..],
        &[line("203.0.113.7:4711")],
        &[line("192.0.2.1, 203.0.113.7, 198.51.100.2")],
        &[line("192.0.2.1"), line("203.0.113.7")],
        &[line("192.0.2.1"), line("x"), line("203.0.113.7"), line("198.51.100.2")],
        &[line("203.0.113.7"), ("forwarded", "for=192.0.2.1")],
    ] {
        assert_eq!(address_of_session(&app, headers), "203.0.113.7", "{headers:?}");
    }
    let v6 = [line("2001:DB8:0:0::7"), line("198.51.100.2")];
    assert_eq!(address_of_session(&app, &v6), "2001:db8::7");
    assert_eq!(address_of_session(&app, &[line("203.0.113.7, unknown")]), "127.0.0.1");
}

/// RS03: a proxy that writes the standard header is read in that one alone.
#[test]
fn sec_rs03_the_standard_header_is_read_where_it_is_set() {
    let app = TestApp::spawn_with(&[BEHIND_TWO, ("HELPDESK_PROXY_HEADER", "forwarded")]);

    let forwarded =
        [("forwarded", "for=192.0.2.1, for=\"203.0.113.7:80\";proto=https, for=198.51.100.2")];
    assert_eq!(address_of_session(&app, &forwarded), "203.0.113.7");
    let hidden = [("forwarded", "for=203.0.113.7, for=_hidden")];
    assert_eq!(address_of_session(&app, &hidden), "127.0.0.1");
    let other = [("x-forwarded-for", "203.0.113.7")];
    assert_eq!(address_of_session(&app, &other), "127.0.0.1");
}

/// RS03, AU04: a stranger's guesses count against the stranger, and against nobody else who
/// comes over the same proxy.
#[test]
fn sec_rs03_au04_a_stranger_behind_the_same_proxy_slows_nobody_else() {
    let app = TestApp::spawn_with(&[ON_BOTH_FAMILIES, BEHIND_ONE]);
    let (stranger, other) =
        ([("x-forwarded-for", "203.0.113.9")], [("x-forwarded-for", "192.0.2.1")]);

    let guess = |number: usize| {
        sign_in(&app, &format!("nobody-{number}@helpdesk.example"), "x", &stranger).status
    };
    let tried = (0..70).take_while(|it| guess(*it) == 401).count();

    assert!(tried < 70, "{tried}");
    sign_in(&app, &app.customer().email, PASSWORD, &stranger).expect(429);
    sign_in(&app, &app.customer().email, PASSWORD, &other).expect(200);
    sign_in(&app, &app.colleague().email, PASSWORD, &[]).expect(200);
}
