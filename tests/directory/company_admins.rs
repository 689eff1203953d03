//! Customers who administer the accounts of their company.

use serde_json::{Value, json};

use crate::support::{PASSWORD, Person, Response, TestApp};

/// The customer of the template, as an administrator of the company.
fn administrator(app: &TestApp) -> Person {
    app.commercial().edits_account(&app.customer(), json!({ "is_company_admin": true }));
    app.customer()
}

fn call(person: &Person, id: i64, action: &str) -> Response {
    person.call("POST", &format!("/users/{id}/{action}"), None)
}

/// Directory: an administrator deactivates and reactivates colleagues, who hand their open tickets over, and sees those
/// who are deactivated, without their addresses.
#[test]
fn an_administrator_of_a_company_deactivates_and_reactivates_colleagues() {
    let app = TestApp::spawn();
    let (admin, colleague) = (administrator(&app), app.colleague());
    let id = colleague.has_filed(app.request());
    let path = format!("/users/{}", colleague.id);
    let session = app.sign_in(&colleague.email, PASSWORD).expect(200);

    admin.hands_over(&colleague, Some(admin.id)).expect(204);
    let gone = admin.get(&path).expect(200);
    let listed = admin.get("/users?is_active=false").ids();
    app.with_token(&session.word("access_token")).get("/me").expect(401);
    app.sign_in(&colleague.email, PASSWORD).expect(401);
    let back = call(&admin, colleague.id, "reactivate").expect(200);

    assert_eq!((&gone.body["is_active"], &gone.body["email"]), (&json!(false), &Value::Null));
    assert_eq!(listed, [colleague.id]);
    assert_eq!(app.engineer().ticket(id)["contact"]["id"], admin.id);
    assert_eq!((&back.body["is_active"], &back.body["version"]), (&json!(true), &json!(3)));
    assert_eq!(call(&admin, colleague.id, "reactivate").expect(200).body["version"], 3);
    app.sign_in(&colleague.email, PASSWORD).expect(200);
    assert_eq!(admin.me()["is_company_admin"], true);
    let log = app.admin().get("/audit-log?action=users_reactivate&limit=2").expect(200);
    assert_eq!(log.items()[1]["actor"]["id"], admin.id);
    assert_eq!(log.items()[1]["changes"]["is_active"], json!({ "from": false, "to": true }));
}

/// AZ09: an administrator changes nobody's rights, nor their own account, and nothing that the vendor decided.
#[test]
fn sec_az09_an_administrator_of_a_company_raises_no_rights() {
    let app = TestApp::spawn();
    let (admin, colleague) = (administrator(&app), app.colleague());
    let second = app.second_colleague();
    let path = |id: i64| format!("/users/{id}");

    for (id, status) in [
        (app.stranger().id, 404),
        (app.engineer().id, 404),
        (app.admin().id, 404),
        (4_000_000, 404),
    ] {
        admin.post(&format!("/users/{id}/deactivate"), json!({})).expect(status);
        call(&admin, id, "reactivate").expect(status);
        admin.get(&path(id)).expect(404);
    }
    let own = admin.post(&format!("/users/{}/deactivate", admin.id), json!({})).expect(422);
    assert_eq!(own.errors(), ["/id not_permitted"]);
    let successor = admin.hands_over(&colleague, Some(app.stranger().id)).expect(422);
    assert_eq!(successor.errors(), ["/hand_over_to not_found"]);
    for (member, code) in [
        (json!({ "is_company_admin": true }), "/is_company_admin read_only_field"),
        (json!({ "sees": "all" }), "/sees unknown_field"),
    ] {
        admin.patch(&path(colleague.id), member.clone()).expect(403);
        admin.patch(&path(admin.id), member.clone()).expect(403);
        let refused = admin.patch("/me", member).expect(422);
        assert_eq!(refused.errors(), [code]);
    }
    call(&admin, colleague.id, "invite").expect(403);
    assert_eq!(
        admin.makes_api_token(&["people:write"]).expect(422).errors(),
        ["/scopes/0 not_permitted"]
    );
    call(&second, colleague.id, "reactivate").expect(403);
    second.post(&format!("/users/{}/deactivate", colleague.id), json!({})).expect(403);

    app.commercial().deactivates(&colleague);
    admin.deactivates(&colleague);
    assert_eq!(call(&admin, colleague.id, "reactivate").expect(403).code(), "forbidden");
    call(&app.commercial(), colleague.id, "reactivate").expect(200);
    app.commercial().edits_account(&admin, json!({ "is_company_admin": false }));
    admin.post(&format!("/users/{}/deactivate", colleague.id), json!({})).expect(403);
    assert!(!admin.get("/users").ids().is_empty());
}

/// Directory: staff say who administers a company, when they register somebody or later; nobody of the staff is one.
#[test]
fn staff_say_who_administers_a_company() {
    let app = TestApp::spawn();
    let person = |role: &str, company: Value| {
        json!({
            "role": role, "first_name": "Новый", "last_name": "Человек", "company_id": company,
            "email": "new@helpdesk.example", "is_company_admin": true,
        })
    };

    let created = app.commercial().post("/users", person("customer", json!(app.ids.company)));
    let misplaced = app.admin().post("/users", person("engineer", Value::Null)).expect(422);
    let path = format!("/users/{}", app.engineer().id);
    let staff = app.admin().patch(&path, json!({ "is_company_admin": false })).expect(422);
    let null = app.admin().patch(&path, json!({ "is_company_admin": null })).expect(422);

    assert_eq!(created.expect(201).body["is_company_admin"], true);
    assert_eq!(misplaced.errors(), ["/is_company_admin not_applicable", "/email taken"]);
    assert_eq!(staff.errors(), ["/is_company_admin not_applicable"]);
    assert_eq!(null.errors(), ["/is_company_admin wrong_type"]);
}
