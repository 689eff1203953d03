//! Where one is signed in, and how one ends it from elsewhere (6, TK04).

use crate::support::{PASSWORD, TestApp};

/// TK04: a person sees the own sessions, the newest first, and which one is asking.
#[test]
fn sec_tk04_a_person_sees_where_they_are_signed_in() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let body = serde_json::json!({ "email": customer.email, "password": PASSWORD }).to_string();
    let headers = [("content-type", "application/json"), ("user-agent", "Почта/1.0 (phone)")];
    let headers = headers.map(|(name, value)| (name, value.trim_start_matches("Почта/1.0 ")));
    let signed_in =
        app.anonymous().send("POST", "/auth/login", &headers, Some(body.as_bytes())).expect(200);
    app.sign_in(&app.colleague().email, PASSWORD).expect(200);
    let phone = app.with_token(&signed_in.word("access_token"));

    let listed = phone.get("/me/sessions").expect(200);

    let ids: Vec<i64> = listed.items().iter().map(|it| it["id"].as_i64().unwrap()).collect();
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

/// TK04: a session that is ended from elsewhere is void at once, and nobody ends another's.
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
