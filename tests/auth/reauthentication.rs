//! Credentials are changed only shortly after entering the password (AU07, AU04).

use serde_json::{Value, json};

use crate::support::{PASSWORD, Person, Response, TestApp};

const FOR_A_WHILE: &str = "interval '10 minutes'";

/// The session of a person who signed in for the tests, and how long ago that was.
fn signed_in_before(app: &TestApp, person: &Person, since: &str) -> Person {
    let tokens = app.sign_in(&person.email, PASSWORD).expect(200);
    let session = app.value::<i64>("select max(id) from sessions");
    app.sql(&format!(
        "update sessions set authenticated_at = clock_timestamp() - {since} where id = {session}"
    ));
    let mut signed_in = app.with_token(&tokens.word("access_token"));
    signed_in.id = person.id;
    signed_in
}

impl Person {
    fn reauthenticates(&self, password: &str) -> Response {
        self.post("/auth/reauthenticate", json!({ "password": password }))
    }

    /// Every operation that changes a person's credentials.
    fn changes_credentials(&self) -> [Response; 3] {
        [
            self.makes_api_token(&["directory:read"]),
            self.patch(&format!("/users/{}", self.id), json!({ "email": "own@helpdesk.example" })),
            self.changes_password(PASSWORD, "другой тихий вечер"),
        ]
    }
}

/// AU07: passwords, addresses and tokens are changed within ten minutes of giving the password; whoever
/// merely has the session changes none of them.
#[test]
fn sec_au07_changing_credentials_requires_a_recent_password() {
    let app = TestApp::spawn();
    let admin = signed_in_before(&app, &app.admin(), FOR_A_WHILE);
    let known_by = || {
        let person =
            format!("select (email, password_hash)::text from users where id = {}", admin.id);
        (app.rows::<String>(&person), app.count("select from api_tokens"))
    };
    let before = known_by();

    for refused in admin.changes_credentials() {
        assert_eq!(refused.expect(403).code(), "reauthentication_required");
    }
    assert_eq!(known_by(), before);
    admin.get("/me/api-tokens").expect(200);
    admin.patch("/me", json!({ "first_name": "Алия" })).expect(200);
    admin.edits_account(&app.engineer(), json!({ "email": "engineer-2@helpdesk.example" }));
    let listed = admin.me()["operations"].clone();
    assert!(listed.as_array().unwrap().contains(&json!("me_api_tokens_create")), "{listed}");

    admin.reauthenticates(PASSWORD).expect(204);
    admin.makes_api_token(&["directory:read"]).expect(201);
    admin.changes_password(PASSWORD, "другой тихий вечер").expect(204);
    let own = json!({ "email": "own@helpdesk.example" });
    let moved = admin.patch(&format!("/users/{}", admin.id), own).expect(200);
    assert_eq!(moved.body["email"], "own@helpdesk.example");
}

/// AU07: signing in counts, for ten minutes; refreshing does not, and the session of somebody else or
/// another one of one's own stays as it is.
#[test]
fn sec_au07_only_the_password_makes_a_session_fresh() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let fresh = signed_in_before(&app, &customer, "interval '9 minutes'");
    let stale = signed_in_before(&app, &customer, FOR_A_WHILE);
    let tokens = app.sign_in(&customer.email, PASSWORD).expect(200);
    app.sql(&format!(
        "update sessions set authenticated_at = clock_timestamp() - {FOR_A_WHILE}
         where id = (select max(id) from sessions)"
    ));
    let refreshed = app.refresh(&tokens.word("refresh_token")).expect(200);
    let refreshed = app.with_token(&refreshed.word("access_token"));

    fresh.makes_api_token(&["tickets:read"]).expect(201);
    fresh.reauthenticates(PASSWORD).expect(204);

    for session in [stale, refreshed] {
        let refused = session.makes_api_token(&["tickets:read"]).expect(403);
        assert_eq!(refused.code(), "reauthentication_required");
    }
}

/// AU04: guessing the password of a session that was found is slowed like signing in, and is in the audit
/// log; no token may try.
#[test]
fn sec_au04_giving_the_password_again_is_slowed() {
    let app = TestApp::spawn();
    let customer = signed_in_before(&app, &app.customer(), FOR_A_WHILE);

    let tries: Vec<Response> = (0..10).map(|_| customer.reauthenticates("наугад наугад")).collect();
    let slowed = customer.reauthenticates(PASSWORD).expect(429);

    assert_eq!(tries[0].errors(), ["/password wrong_password"]);
    assert!(tries.iter().take(5).all(|it| it.status == 422));
    assert_eq!(tries.last().unwrap().status, 429);
    assert_eq!(slowed.code(), "too_many_attempts");
    assert!(!slowed.header("retry-after").is_empty());
    customer.makes_api_token(&["tickets:read"]).expect(403);
    let script = app.colleague().script(&["tickets:write"]);
    assert_eq!(script.reauthenticates(PASSWORD).expect(403).code(), "insufficient_scope");
    assert_eq!(
        script.post("/auth/reauthenticate", Value::Null).expect(403).code(),
        "insufficient_scope"
    );
}
