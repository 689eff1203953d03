//! People: who may register, see and change whom (6, App. 1).

use serde_json::{Value, json};

use crate::support::{Person, Reply, TestApp};

fn ids(list: &Reply) -> Vec<i64> {
    list.items().iter().map(|it| it["id"].as_i64().unwrap()).collect()
}

fn register(person: &Person, role: &str, company_id: Option<i64>) -> Reply {
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

/// AZ04, AZ05: everybody sees those they have to do with, and customers no addresses.
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

    assert_eq!(ids(&seen_by_customer), [customer, colleague]);
    assert_eq!(seen_by_customer.items()[0]["email"], "customer@helpdesk.example");
    assert_eq!(seen_by_customer.items()[1]["email"], Value::Null);
    assert_eq!(seen_by_customer.items()[1]["name"], "Тимур Жаксыбеков");
    assert_eq!(ids(&app.commercial().get("/users")), [customer, colleague, stranger]);
    assert_eq!(ids(&app.engineer().get("/users")), everybody);
    assert_eq!(ids(&app.admin().get("/users")), everybody);
    let path = |id: i64| format!("/users/{id}");
    assert_eq!(app.customer().get(&path(colleague)).expect(200).body["email"], Value::Null);
    app.customer().get(&path(stranger)).expect(404);
    app.customer().get(&path(app.engineer().id)).expect(404);
    app.commercial().get(&path(app.engineer().id)).expect(404);
    app.commercial().patch(&path(app.engineer().id), json!({})).expect(404);
}

/// AZ04: filters show nobody more than the list does.
#[test]
fn sec_az04_a_filter_shows_nobody_foreign() {
    let app = TestApp::spawn();
    let found = |person: Person, query: &str| ids(&person.get(&format!("/users?{query}")));
    let foreign = format!("company_id={}", app.ids.other_company);

    assert!(found(app.customer(), "role=engineer").is_empty());
    assert!(found(app.customer(), &foreign).is_empty());
    assert!(found(app.commercial(), "role=admin").is_empty());
    assert_eq!(found(app.commercial(), &foreign), [app.stranger().id]);
    assert_eq!(found(app.engineer(), "role=commercial"), [app.commercial().id]);
}

/// A colleague who has left is not offered to customers; staff still sees who it was.
#[test]
fn a_colleague_who_left_is_not_listed() {
    let app = TestApp::spawn();
    let colleague = app.colleague().id;

    app.commercial().post(&format!("/users/{colleague}/deactivate"), json!({})).expect(204);

    assert_eq!(ids(&app.customer().get("/users")), [app.customer().id]);
    app.customer().get(&format!("/users/{colleague}")).expect(404);
    let shown = app.commercial().get(&format!("/users/{colleague}")).expect(200);
    assert_eq!(shown.body["is_active"], false);
}

/// AZ07, AZ09: nobody raises the own rights, or sets what is not theirs to set.
#[test]
fn sec_az09_nobody_raises_the_own_rights() {
    let app = TestApp::spawn();
    let (customer, commercial, admin) = (app.customer(), app.commercial(), app.admin());
    let path = |person: &Person| format!("/users/{}", person.id);

    for member in ["role", "company_id", "email", "is_active", "must_change_password", "id"] {
        let refused = customer.patch("/me", json!({ member: "admin" })).expect(422);
        assert_eq!(refused.errors(), [format!("/{member} unknown_field")]);
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
    for member in ["company_id", "is_active", "version", "created_at", "name"] {
        let refused = admin.patch(&path(&customer), json!({ member: 1 })).expect(422);
        assert_eq!(refused.errors(), [format!("/{member} unknown_field")]);
    }
    assert_eq!(customer.get("/me").body["role"], "customer");
    assert_eq!(admin.get(&path(&customer)).body["version"], 1);
}

/// AZ08: a new role counts from the next request on.
#[test]
fn sec_az08_a_changed_role_takes_effect_at_once() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    engineer.get("/tickets").expect(200);
    engineer.post("/companies", json!({ "name": "Алатау Нет" })).expect(403);

    let path = format!("/users/{}", engineer.id);
    app.admin().patch(&path, json!({ "role": "commercial" })).expect(200);

    engineer.get("/tickets").expect(403);
    engineer.post("/companies", json!({ "name": "Алатау Нет" })).expect(201);
}

/// Everybody says what they are called and in which language they are written to.
#[test]
fn everybody_edits_the_own_name_and_language() {
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

/// The list of people comes in pages that miss nobody and show nobody twice.
#[test]
fn people_are_listed_page_by_page() {
    let app = TestApp::spawn();
    let mut found = Vec::new();
    let mut path = "/users?limit=3".to_owned();

    while let page = app.admin().get(&path).expect(200)
        && !page.items().is_empty()
    {
        found.extend(ids(&page));
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("/users?limit=3&cursor={cursor}");
    }

    assert_eq!(found, ids(&app.admin().get("/users")));
}
