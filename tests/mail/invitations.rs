//! Invitations, and mail about changes of an account (2.1, AU07).

use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp};

/// 2.1: an invitation voids the present password and every session, and brings a new one.
#[test]
fn c2_1_an_invitation_replaces_the_password() {
    let app = TestApp::spawn();
    let customer = app.customer();

    app.commercial().invites(&customer);

    app.sign_in(&customer.email, PASSWORD).expect(401);
    customer.get("/me").expect(401);
    let password = app.mail_to(&customer.email).password();
    let signed_in = app.sign_in(&customer.email, &password).expect(200);
    assert_eq!(signed_in.body["must_change_password"], true);
}

/// 2.1: an invitation reopens a closed account.
#[test]
fn c2_1_an_invitation_brings_somebody_back() {
    let app = TestApp::spawn();
    let (commercial, customer) = (app.commercial(), app.customer());
    let path = format!("/users/{}", customer.id);
    commercial.deactivates(&customer);
    let closed = commercial.get(&path).expect(200);

    commercial.invites(&customer);

    let open = commercial.get(&path).expect(200);
    assert_eq!(closed.body["is_active"], false);
    assert_eq!(open.body["is_active"], true);
    assert!(open.body["version"].as_i64() > closed.body["version"].as_i64());
    app.sign_in(&customer.email, &app.mail_to(&customer.email).password()).expect(200);
}

/// 2.1, AU07: a new address gets new access data; the old ones are void, and the old address is
/// notified without learning the new one.
#[test]
fn c2_1_a_changed_address_gets_new_access_data() {
    let app = TestApp::spawn();
    let customer = app.customer();

    app.commercial().edits_account(&customer, json!({ "email": "new@helpdesk.example" }));

    customer.get("/me").expect(401);
    app.sign_in(&customer.email, PASSWORD).expect(401);
    app.sign_in("new@helpdesk.example", PASSWORD).expect(401);
    let password = app.mail_to("new@helpdesk.example").password();
    app.sign_in("new@helpdesk.example", &password).expect(200);
    let farewell = app.mail_to(&customer.email);
    assert_eq!(farewell.subject, "Адрес вашей учетной записи изменен");
    assert!(farewell.body.contains("Здравствуйте, Айгуль!"), "{}", farewell.body);
    for secret in ["new@helpdesk.example", &password] {
        assert!(!farewell.body.contains(secret), "{}", farewell.body);
    }
}

/// 2.1: any other change to an account leaves the access data alone.
#[test]
fn c2_1_a_changed_name_sends_nothing() {
    let app = TestApp::spawn();
    let customer = app.customer();

    let patch = json!({ "last_name": "Ахметова", "email": "Customer@helpdesk.example" });
    let changed = app.commercial().edits_account(&customer, patch);

    assert_eq!(changed.body["name"], "Айгуль Ахметова");
    assert_eq!(changed.body["email"], "Customer@helpdesk.example");
    customer.get("/me").expect(200);
    app.sign_in(&customer.email, PASSWORD).expect(200);
    assert_eq!(app.count("select from mails where sent_at is null"), 0);
}

/// 2.1: staff see when somebody was invited, whether they have signed in since, and when they were last there;
/// colleagues do not.
#[test]
fn c2_1_staff_see_who_has_not_come_in_yet() {
    let app = TestApp::spawn();
    let newcomer = app.newcomer("ru");
    let path = format!("/users/{}", newcomer.id);
    let shown = || app.commercial().get(&path).expect(200).body;

    let invited = shown();
    let token = app.sign_in(&newcomer.email, &newcomer.password).expect(200).word("access_token");
    let waiting = shown();
    let person = app.with_token(&token);
    person.changes_password(&newcomer.password, "другой вечер у реки").expect(204);
    let here = shown();
    let hidden = app.customer().get(&path).expect(200).body;

    assert!(invited["invited_at"].is_string(), "{invited}");
    assert_eq!(
        (&invited["is_pending"], &invited["last_signed_in_at"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(invited["mail_state"], "deliverable");
    assert_eq!(waiting["is_pending"], true);
    assert!(waiting["last_signed_in_at"].is_string(), "{waiting}");
    assert_eq!((&here["is_pending"], &here["invited_at"]), (&json!(false), &invited["invited_at"]));
    for member in ["invited_at", "is_pending", "last_signed_in_at", "mail_state"] {
        assert_eq!(hidden[member], Value::Null, "{member}");
    }
}

/// 2.1: invitations of all kinds leave on working days; on a day off they wait until support opens.
#[test]
fn c2_1_invitations_wait_for_a_working_day() {
    let app = TestApp::spawn();
    app.sql("drop trigger invited_at_once on mails");
    let (commercial, customer) = (app.commercial(), app.customer());
    let hours = |member: &str| commercial.get("/service-hours").expect(200).word(member);
    let today = hours("today");
    let off = json!({ "on": today, "kind": "day_off", "reason": "Решение руководителя поддержки" });
    app.admin().post("/settings/calendar/days", off);
    let opens = hours("opens_at");

    let new = json!({
        "role": "customer", "first_name": "Сауле", "last_name": "Нурланова",
        "email": "s.nurlanova@helpdesk.example", "company_id": app.ids.company,
    });
    commercial.post("/users", new).expect(201);
    commercial.invites(&customer);
    commercial.edits_account(&app.colleague(), json!({ "email": "new@helpdesk.example" }));

    let mails = "select from mails where kind = 'invitation' and sent_at is null and due_at";
    assert_eq!(app.count(&format!("{mails} = '{opens}'")), 3, "until {opens}");
    assert_eq!(app.count(&format!("{mails} <= created_at")), 0);
}
