//! Log lines: no secrets, one line for each event (CF06, IN13).

use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp, helpdesk_reading};

/// CF06: no secret is logged, however much is logged.
#[test]
fn sec_cf06_the_log_has_no_secrets() {
    let settings = [("HELPDESK_LOG", "debug"), ("HELPDESK_LOG_FORMAT", "json")];
    let app = TestApp::spawn_with(&settings);
    let customer = app.customer();
    let canary = "planted-5f1d2c";

    let tokens = app.sign_in(&customer.email, PASSWORD).expect(200);
    let refreshed = app.refresh(&tokens.word("refresh_token")).expect(200);
    app.refresh(&tokens.word("refresh_token")).expect(401);
    app.sign_in(&customer.email, canary).expect(401);
    app.sign_in(canary, canary);
    app.with_token(canary).get("/me").expect(401);
    customer.get("/tickets?q=canary-5f1d2c");
    customer.changes_password(canary, canary).expect(422);
    customer.files(json!({ "subject": canary, "description": canary })).expect(422);
    customer.replies(app.ticket("new"), canary);
    let script = customer.makes_api_token(&["tickets:read"]).expect(201).word("token");
    app.with_token(&script).get("/tickets").expect(200);
    app.with_token(&script).post("/tickets", json!({})).expect(403);
    let webhook =
        json!({ "url": "https://hooks.example.kz/capability-5f1d2c", "is_active": false });
    let webhook = customer.post("/webhooks", webhook).expect(201);
    customer.uploaded("planted.log", b"bytes-5f1d2c");
    let asked = json!({ "email": customer.email });
    app.anonymous().post("/auth/password-reset", asked).expect(202);
    let reset = app.mail_saying(&customer, "hd_reset_").body;
    let reset = reset.split_whitespace().find(|it| it.starts_with("hd_reset_")).unwrap();
    let confirm = json!({ "token": reset, "new_password": "password1" });
    app.anonymous().post("/auth/password-reset/confirm", confirm).expect(422);
    let newcomer = app.newcomer("ru");
    app.sign_in(&newcomer.email, &newcomer.password).expect(200);

    let log = app.server.log();
    assert!(log.contains("/api/v1/auth/password"), "{log}");
    for secret in [
        PASSWORD,
        canary,
        "canary-5f1d2c",
        &customer.token,
        &tokens.word("access_token"),
        &tokens.word("refresh_token"),
        &refreshed.word("refresh_token"),
        &customer.email,
        &script,
        &webhook.word("secret"),
        "capability-5f1d2c",
        "bytes-5f1d2c",
        reset,
        &newcomer.password,
        crate::support::JWT_KEYS,
        app.database_url().as_str(),
    ] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

/// IN13: a JSON log has one object per request, whatever a path or a header contains.
#[test]
fn sec_in13_a_log_line_is_one_object() {
    let app = TestApp::spawn_with(&[("HELPDESK_LOG_FORMAT", "json")]);
    let customer = app.customer();

    customer.send("GET", "/me", &[("x-request-id", "planted-1")], None).expect(200);
    let path = "/x%0A%7B%22level%22:%22ERROR%22%7D";
    customer.send("GET", path, &[("x-request-id", "planted-2")], None).expect(404);

    let log = app.server.log();
    let lines: Vec<Value> = log.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let of = |id: &str| {
        let found: Vec<_> = lines.iter().filter(|it| it["request_id"] == id).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    };
    assert!(lines.iter().all(|it| it["at"].is_string() && it["message"].is_string()));
    assert!(lines.iter().all(|it| it["level"] != "ERROR"), "{log}");
    let line = of("planted-1");
    assert_eq!(line["method"], "GET");
    assert_eq!(line["path"], "/api/v1/me");
    assert_eq!(line["status"], 200);
    assert_eq!(line["user_id"], customer.id);
    assert!(line["ms"].is_u64());
    assert_eq!(of("planted-2")["status"], 404);
}

/// IN13: a plain-text log has one line for each event.
#[test]
fn sec_in13_a_text_line_is_one_line() {
    let app = TestApp::spawn();

    app.anonymous().get("/x%0A2026-01-01T00:00:00Z%20ERROR%20planted").expect(404);
    app.anonymous().get("/x%0D%1B%5B31mplanted").expect(404);

    let log = app.server.log();
    assert!(!log.contains('\u{1b}') && !log.contains('\r'), "{log}");
    assert!(log.lines().all(|it| !it.starts_with("2026-01-01T00:00:00Z")), "{log}");
}

/// IN13: nobody fills the log: of a long path it has the beginning.
#[test]
fn sec_in13_a_path_cannot_fill_the_log() {
    let app = TestApp::spawn();

    app.anonymous().get(&format!("/planted{}", "x".repeat(50_000))).expect(404);

    let log = app.server.log();
    assert!(log.contains("/planted"), "{log}");
    assert!(log.lines().all(|it| it.len() < 1_000));
}

/// IN13: nobody fills the log: the mistakes in the HTML of a mail are no lines of it.
#[test]
fn sec_in13_a_mail_cannot_fill_the_log() {
    let app = TestApp::with_inbound_mail();
    let settings = app.inbound_settings();
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, it)| (*name, &**it)).collect();
    let html = "<table>x<br>".repeat(1_000);
    let mail = format!("From: a@b.kz\r\nTo: c@d.kz\r\nContent-Type: text/html\r\n\r\n{html}");

    let output = helpdesk_reading(&["inbound-mail"], &settings, mail.as_bytes());

    let log = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{log}");
    assert!(log.lines().count() < 10, "{log}");
}

/// CF06, IN13: a JSON log has one object per line, and no token and no password.
#[test]
fn sec_cf06_the_log_holds_no_secrets() {
    let app = TestApp::spawn_with(&[("HELPDESK_LOG_FORMAT", "json"), ("HELPDESK_LOG", "debug")]);
    let customer = app.customer();
    let login = json!({ "email": "nobody@example.kz", "password": "planted-canary-1" });
    let headers = [("x-request-id", "asked-by-a-test")];

    customer.get("/me").expect(200);
    app.anonymous().call_with("POST", "/auth/login", &headers, &login).expect(401);
    let log = app.server.log();

    assert!(log.lines().all(|it| serde_json::from_str::<Value>(it).is_ok_and(|it| it.is_object())));
    assert!(log.contains("asked-by-a-test"));
    assert!(!log.contains("planted-canary-1") && !log.contains(&customer.token));
}
