//! Where a person is signed in, and ending a session from elsewhere (6, TK04).

use serde_json::json;

use crate::support::{PASSWORD, TestApp};

/// TK04: people see their own sessions, the newest first, and which of them is the current one.
#[test]
fn sec_tk04_a_person_sees_where_they_are_signed_in() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let body = json!({ "email": customer.email, "password": PASSWORD });
    let headers = [("user-agent", "(phone)")];
    let signed_in = app.anonymous().call_with("POST", "/auth/login", &headers, &body).expect(200);
    app.sign_in(&app.colleague().email, PASSWORD).expect(200);
    let phone = app.with_token(&signed_in.word("access_token"));

    let listed = phone.get("/me/sessions").expect(200);

    let ids = listed.ids();
    assert_eq!(ids.len(), 2);
    assert!(ids[0] > ids[1], "{ids:?}");
    assert_eq!(listed.items()[0]["is_current"], true);
    assert_eq!(listed.items()[0]["user_agent"], "(phone)");
    assert_eq!(listed.items()[0]["address"], "127.0.0.1");
    assert_eq!(listed.items()[1]["is_current"], false);
    let first = phone.get("/me/sessions?limit=1").expect(200);
    let cursor = first.word("next_cursor");
    let second = phone.get(&format!("/me/sessions?limit=1&cursor={cursor}")).expect(200);
    assert_eq!(second.items()[0]["id"], ids[1]);
    assert!(second.body["next_cursor"].is_null());
    customer.get(&format!("/me/sessions?cursor={cursor}")).expect(200);
    app.colleague().get(&format!("/me/sessions?cursor={cursor}")).expect(400);
}

/// TK04: a session that is ended from elsewhere is void at once; nobody ends another person's.
#[test]
fn sec_tk04_a_person_ends_one_of_their_sessions() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let signed_in = app.sign_in(&customer.email, PASSWORD).expect(200);
    let lost = app.with_token(&signed_in.word("access_token"));
    let listed = customer.get("/me/sessions").expect(200);
    let path = format!("/me/sessions/{}", listed.items()[0]["id"]);

    app.colleague().delete(&path).expect(404);
    app.admin().delete(&path).expect(404);
    lost.get("/me").expect(200);
    customer.delete(&path).expect(204);

    lost.get("/me").expect(401);
    app.refresh(&signed_in.word("refresh_token")).expect(401);
    customer.delete(&path).expect(404);
    assert_eq!(customer.get("/me/sessions").expect(200).items().len(), 1);
}
