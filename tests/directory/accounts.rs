//! Accounts: who may register, see and change whom (6, App. 1).

use serde_json::{Value, json};

use crate::support::{Person, Response, TestApp};

fn register(person: &Person, role: &str, company_id: Option<i64>) -> Response {
    let body = json!({
        "role": role, "first_name": "Новый", "last_name": "Человек", "company_id": company_id,
        "email": "new@helpdesk.example",
    });
    person.post("/users", body)
}

/// 2.1: the commercial department registers customers and nobody else; admins register all.
#[test]
fn c2_1_staff_is_registered_by_admins() {
    let app = TestApp::spawn();
    let company = Some(app.ids.company);

    for role in ["engineer", "commercial", "admin"] {
        let refused = register(&app.commercial(), role, None).expect(422);
        assert_eq!(refused.errors(), ["/role not_permitted"], "{role}");
    }
    let misplaced = register(&app.admin(), "engineer", company).expect(422);
    let registered = register(&app.admin(), "engineer", None).expect(201);

    assert_eq!(misplaced.errors(), ["/company_id not_applicable"]);
    assert_eq!(registered.body["role"], "engineer");
    assert_eq!(registered.body["company"], Value::Null);
    register(&app.engineer(), "customer", company).expect(403);
    register(&app.customer(), "customer", company).expect(403);
}

/// AZ04, AZ05: people see those they work with; customers see no addresses.
#[test]
fn sec_az05_everybody_sees_the_people_they_work_with() {
    let app = TestApp::spawn();
    let (customer, colleague, stranger) =
        (app.customer().id, app.colleague().id, app.stranger().id);
    let everybody = [
        app.admin().id,
        app.commercial().id,
        app.engineer().id,
        app.other_engineer().id,
        customer,
        colleague,
        stranger,
    ];

    let seen_by_customer = app.customer().get("/users").expect(200);

    assert_eq!(seen_by_customer.ids(), [customer, colleague]);
    assert_eq!(seen_by_customer.items()[0]["email"], "customer@helpdesk.example");
    assert_eq!(seen_by_customer.items()[1]["email"], Value::Null);
    assert_eq!(seen_by_customer.items()[1]["name"], "Тимур Жаксыбеков");
    assert_eq!(app.commercial().get("/users").ids(), [customer, colleague, stranger]);
    assert_eq!(app.engineer().get("/users").ids(), everybody);
    assert_eq!(app.admin().get("/users").ids(), everybody);
    let path = |id: i64| format!("/users/{id}");
    assert_eq!(app.customer().get(&path(colleague)).expect(200).body["email"], Value::Null);
    app.customer().get(&path(stranger)).expect(404);
    app.customer().get(&path(app.engineer().id)).expect(404);
    app.commercial().get(&path(app.engineer().id)).expect(404);
    app.commercial().patch(&path(app.engineer().id), json!({})).expect(404);
}

/// AZ04: a filter shows nobody whom the list does not show.
#[test]
fn sec_az04_a_filter_shows_nobody_foreign() {
    let app = TestApp::spawn();
    let found = |person: Person, query: &str| person.get(&format!("/users?{query}")).ids();
    let foreign = format!("company_id={}", app.ids.other_company);

    assert!(found(app.customer(), "role=engineer").is_empty());
    assert!(found(app.customer(), &foreign).is_empty());
    assert!(found(app.commercial(), "role=admin").is_empty());
    assert_eq!(found(app.commercial(), &foreign), [app.stranger().id]);
    assert_eq!(found(app.engineer(), "role=commercial"), [app.commercial().id]);
}

/// Customers do not see a colleague who has left; staff still sees who it was.
#[test]
fn a_colleague_who_left_is_not_listed() {
    let app = TestApp::spawn();
    let path = format!("/users/{}", app.colleague().id);

    app.commercial().deactivates(&app.colleague());

    assert_eq!(app.customer().get("/users").ids(), [app.customer().id]);
    app.customer().get(&path).expect(404);
    let shown = app.commercial().get(&path).expect(200);
    assert_eq!(shown.body["is_active"], false);
}

/// AZ07, AZ09: nobody raises their own rights or sets what is not theirs to set.
#[test]
fn sec_az09_nobody_raises_their_own_rights() {
    let app = TestApp::spawn();
    let (customer, commercial, admin) = (app.customer(), app.commercial(), app.admin());
    let path = |person: &Person| format!("/users/{}", person.id);

    for (member, code) in [
        ("role", "read_only_field"),
        ("company_id", "unknown_field"),
        ("email", "read_only_field"),
        ("is_active", "unknown_field"),
        ("must_change_password", "read_only_field"),
        ("id", "read_only_field"),
    ] {
        let refused = customer.patch("/me", json!({ member: "admin" })).expect(422);
        assert_eq!(refused.errors(), [format!("/{member} {code}")]);
    }
    customer.patch(&path(&customer), json!({ "role": "admin" })).expect(403);
    for (person, of, role) in [
        (&commercial, &customer, "admin"),
        (&admin, &admin, "engineer"),
        (&admin, &customer, "engineer"),
        (&admin, &commercial, "customer"),
    ] {
        let refused = person.patch(&path(of), json!({ "role": role })).expect(422);
        assert_eq!(refused.errors(), ["/role not_permitted"], "{role}");
    }
    for (member, code) in [
        ("company_id", "unknown_field"),
        ("is_active", "read_only_field"),
        ("version", "read_only_field"),
        ("created_at", "read_only_field"),
        ("name", "read_only_field"),
    ] {
        let refused = admin.patch(&path(&customer), json!({ member: 1 })).expect(422);
        assert_eq!(refused.errors(), [format!("/{member} {code}")]);
    }
    assert_eq!(customer.get("/me").body["role"], "customer");
    assert_eq!(admin.get(&path(&customer)).body["version"], 1);
}

/// AZ08: a new role applies from the next request on.
#[test]
fn sec_az08_a_changed_role_takes_effect_at_once() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    engineer.get("/tickets").expect(200);
    engineer.post("/companies", json!({ "name": "Алатау Нет" })).expect(403);

    app.admin().edits_account(&engineer, json!({ "role": "commercial" }));

    engineer.get("/tickets").expect(403);
    engineer.post("/companies", json!({ "name": "Алатау Нет" })).expect(201);
}

/// People set their own name and the language in which they are written to.
#[test]
fn everybody_edits_their_own_name_and_language() {
    let app = TestApp::spawn();
    let customer = app.customer();

    let patch = json!({ "first_name": " Айжан ", "language": "kk" });
    let changed = customer.patch("/me", patch).expect(200);
    let wrong = customer.patch("/me", json!({ "language": "de", "last_name": " " })).expect(422);

    assert_eq!(changed.body["name"], "Айжан Омарова");
    assert_eq!(changed.body["language"], "kk");
    assert_eq!(wrong.errors(), ["/language not_one_of", "/last_name blank"]);
    assert_eq!(customer.get("/me").body, changed.body);
}

/// The pages of the list miss nobody and show nobody twice.
#[test]
fn people_are_listed_page_by_page() {
    let app = TestApp::spawn();

    let pages = app.admin().pages("/users?limit=3");

    assert_eq!(pages.len(), 3);
    let found: Vec<i64> = pages.iter().flat_map(Response::ids).collect();
    assert_eq!(found, app.admin().get("/users").ids());
}
