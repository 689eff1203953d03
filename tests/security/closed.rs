//! What cannot be checked is refused (SV12).

use serde_json::json;

use crate::support::{PASSWORD, TestApp};

/// SV12: where a guard fails its door stays shut: the throttle of sign-in, the sessions behind a
/// token, the rights of a viewer, the record of a change.
#[test]
fn sec_sv12_what_cannot_be_checked_is_refused() {
    let app = TestApp::spawn();
    let (customer, admin) = (app.customer(), app.admin());
    let without = |table: &str, does: &dyn Fn() -> u16| {
        app.sql(&format!("alter table {table} rename to {table}_away"));
        let status = does();
        app.sql(&format!("alter table {table}_away rename to {table}"));
        status
    };
    let make = || admin.post("/companies", json!({ "name": "Тобыл Телеком" })).status;

    for (table, does) in [
        (
            "sign_in_attempts",
            &(|| app.sign_in(&customer.email, PASSWORD).status) as &dyn Fn() -> u16,
        ),
        ("sessions", &|| customer.get("/me").status),
        ("users", &|| customer.get("/tickets").status),
        ("users", &|| app.sign_in(&customer.email, PASSWORD).status),
        ("audit_log", &make),
        ("idempotent_responses", &|| admin.post_once("k", "/tickets", Some(&app.request())).status),
    ] {
        let status = without(table, does);
        assert!(status >= 400, "without {table}: {status}");
    }

    assert_eq!(app.count("select from companies where name = 'Тобыл Телеком'"), 0);
    assert_eq!(app.count("select from tickets"), 0);
    assert_eq!(make(), 201);
    app.sign_in(&customer.email, PASSWORD).expect(200);
}
