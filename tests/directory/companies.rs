//! Companies, directions, projects and products: who keeps them, and what each may see.

use serde_json::{Value, json};

use crate::support::{Person, Reply, TestApp};

fn ids(list: &Reply) -> Vec<i64> {
    list.items().iter().map(|it| it["id"].as_i64().unwrap()).collect()
}

fn patch_if(person: &Person, tag: &str, path: &str, body: Value) -> Reply {
    let headers = [("content-type", "application/json"), ("if-match", tag)];
    person.send("PATCH", path, &headers, Some(body.to_string().as_bytes()))
}

/// 2.1: the commercial department registers a customer company with its projects and people.
#[test]
fn c2_1_the_commercial_department_registers_a_company() {
    let app = TestApp::spawn();
    let commercial = app.commercial();

    let company = commercial.post("/companies", json!({ "name": " Алатау Нет " })).expect(201);
    let project = json!({ "company_id": company.id(), "direction_id": app.ids.wifi });
    let project = commercial.post("/projects", project).expect(201);

    assert_eq!(company.header("location"), format!("/api/v1/companies/{}", company.id()));
    assert_eq!(company.body["name"], "Алатау Нет");
    assert_eq!(company.body["version"], 1);
    assert_eq!(project.header("location"), format!("/api/v1/projects/{}", project.id()));
    assert_eq!(project.body["name"], "Алатау Нет - Wi-Fi");
    assert_eq!(project.body["is_active"], true);
    let shown = commercial.get(&format!("/projects/{}", project.id())).expect(200);
    assert_eq!(shown.body, project.body);
}

/// App. 1: a project is called by its company and its direction, whatever these are called now.
#[test]
fn a_project_follows_the_names_it_is_made_of() {
    let app = TestApp::spawn();
    let path = format!("/projects/{}", app.ids.project);
    assert_eq!(app.customer().get(&path).body["name"], "Сары-Арка Телеком - Телефония");

    let company = format!("/companies/{}", app.ids.company);
    app.commercial().patch(&company, json!({ "name": "Сары-Арка" })).expect(200);
    let direction = format!("/directions/{}", app.ids.telephony);
    app.admin().patch(&direction, json!({ "name": "Голос" })).expect(200);

    assert_eq!(app.customer().get(&path).body["name"], "Сары-Арка - Голос");
}

/// Names are taken in whatever case their letters are.
#[test]
fn a_name_is_taken_in_whatever_case() {
    let app = TestApp::spawn();
    let admin = app.admin();
    let companies = || ids(&admin.get("/companies")).len();
    let before = companies();
    let product = |name: &str, direction: i64| {
        admin.post("/products", json!({ "name": name, "direction_id": direction }))
    };

    let company = admin.post("/companies", json!({ "name": "САРЫ-АРКА телеком" }));
    let other = format!("/companies/{}", app.ids.other_company);
    let renamed = admin.patch(&other, json!({ "name": "сары-арка телеком " }));
    let direction = admin.post("/directions", json!({ "name": "ТЕЛЕФОНИЯ" }));
    let project = json!({ "company_id": app.ids.company, "direction_id": app.ids.telephony });
    let project = admin.post("/projects", project);

    let taken = product("smg-1016m", app.ids.telephony);
    for refused in [company, renamed, direction, project, taken] {
        assert_eq!(refused.expect(409).code(), "already_exists");
    }
    product("SMG-1016M", app.ids.wifi).expect(201);
    assert_eq!(companies(), before);
    assert_eq!(admin.get(&other).body["name"], "Жетысу Линк");
}

/// What a new thing refers to must exist.
#[test]
fn a_missing_company_or_direction_is_named() {
    let app = TestApp::spawn();
    let admin = app.admin();

    let company = json!({ "company_id": 4_000_000, "direction_id": app.ids.wifi });
    let company = admin.post("/projects", company).expect(422);
    let direction = json!({ "company_id": app.ids.other_company, "direction_id": 4_000_000 });
    let direction = admin.post("/projects", direction).expect(422);
    let product = json!({ "name": "X", "direction_id": 4_000_000 });
    let product = admin.post("/products", product).expect(422);

    assert_eq!(company.errors(), ["/company_id not_found"]);
    assert_eq!(direction.errors(), ["/direction_id not_found"]);
    assert_eq!(product.errors(), ["/direction_id not_found"]);
}

/// AZ04: a customer sees the projects of the own company, whatever is asked for.
#[test]
fn sec_az04_a_customer_sees_own_projects_alone() {
    let app = TestApp::spawn();
    let (customer, stranger) = (app.customer(), app.stranger());
    let foreign = format!("/projects?company_id={}", app.ids.other_company);

    assert_eq!(ids(&customer.get("/projects")), [app.ids.project, app.ids.wifi_project]);
    assert_eq!(ids(&stranger.get("/projects")), [app.ids.other_project]);
    assert!(ids(&customer.get(&foreign).expect(200)).is_empty());
    assert_eq!(ids(&app.engineer().get(&foreign)), [app.ids.other_project]);
    customer.get(&format!("/projects/{}", app.ids.other_project)).expect(404);
    customer.get(&format!("/projects/{}/engineers", app.ids.other_project)).expect(404);
}

/// Engineers read the directory; the commercial department keeps its part; the rest is the
/// admins'.
#[test]
fn the_directory_is_kept_by_those_it_belongs_to() {
    let app = TestApp::spawn();
    let (engineer, commercial) = (app.engineer(), app.commercial());
    let name = json!({ "name": "Новое имя" });
    let company = format!("/companies/{}", app.ids.company);
    let direction = format!("/directions/{}", app.ids.wifi);
    let product = format!("/products/{}", app.ids.product);

    assert_eq!(engineer.get(&company).expect(200).body["name"], "Сары-Арка Телеком");
    assert_eq!(ids(&engineer.get("/companies")), [app.ids.company, app.ids.other_company]);
    for refused in [
        engineer.patch(&company, name.clone()),
        engineer.patch(&product, name.clone()),
        commercial.patch(&direction, name.clone()),
        commercial.patch(&product, name.clone()),
        commercial.post("/directions", name.clone()),
        app.customer().get(&company),
    ] {
        assert_eq!(refused.expect(403).code(), "forbidden");
    }
    assert_eq!(engineer.get(&company).body["version"], 1);
}

/// 3.2: the catalogue is read by direction; what is switched off stays visible and says so.
#[test]
fn products_are_listed_by_direction() {
    let app = TestApp::spawn();
    let list = |direction: i64| app.customer().get(&format!("/products?direction_id={direction}"));

    let path = format!("/products/{}", app.ids.second_product);
    app.admin().patch(&path, json!({ "is_active": false })).expect(200);

    assert_eq!(ids(&list(app.ids.telephony)), [app.ids.product, app.ids.second_product]);
    assert_eq!(ids(&list(app.ids.wifi)), [app.ids.wifi_product]);
    assert_eq!(list(app.ids.telephony).items()[1]["is_active"], false);
    assert_eq!(app.commercial().get(&path).body["direction"]["name"], "Телефония");
}

/// 3.3, «Назначена (если известно)»: a customer learns whom one may ask for, and no more.
#[test]
fn c3_3_a_customer_sees_whom_to_ask_for() {
    let app = TestApp::spawn();
    let (engineer, other) = (app.engineer().id, app.other_engineer().id);
    let asked = |project: i64| app.customer().get(&format!("/projects/{project}/engineers"));

    assert_eq!(ids(&asked(app.ids.project)), [engineer]);
    assert_eq!(ids(&asked(app.ids.wifi_project)), [engineer, other]);
    let asked = asked(app.ids.project);
    assert_eq!(asked.items(), [json!({ "id": engineer, "name": "Ерлан Абдрахманов" })]);
}

/// Whoever has left, or does other work now, is not offered.
#[test]
fn c3_3_only_present_engineers_are_offered() {
    let app = TestApp::spawn();
    let (engineer, other) = (app.engineer().id, app.other_engineer().id);
    let path = format!("/projects/{}/engineers", app.ids.wifi_project);

    app.admin().post(&format!("/users/{engineer}/deactivate"), json!({})).expect(204);
    assert_eq!(ids(&app.customer().get(&path)), [other]);
    app.admin().patch(&format!("/users/{other}"), json!({ "role": "commercial" })).expect(200);

    assert!(ids(&app.customer().get(&path)).is_empty());
}

/// Engineers are members of directions; customers see the directions without them.
#[test]
fn a_direction_has_engineers() {
    let app = TestApp::spawn();
    let (admin, other) = (app.admin(), app.other_engineer().id);
    let members = format!("/directions/{}/engineers", app.ids.telephony);
    let engineers = || {
        let list = app.commercial().get("/directions");
        let direction = list.items().iter().find(|it| it["id"] == app.ids.telephony).unwrap();
        direction["engineers"].as_array().unwrap().len()
    };
    assert_eq!(engineers(), 1);

    admin.send("PUT", &format!("{members}/{other}"), &[], None).expect(204);
    admin.send("PUT", &format!("{members}/{other}"), &[], None).expect(204);
    assert_eq!(engineers(), 2);
    admin.delete(&format!("{members}/{other}")).expect(204);
    admin.delete(&format!("{members}/{other}")).expect(204);

    assert_eq!(engineers(), 1);
    let customer = format!("{members}/{}", app.customer().id);
    let refused = admin.send("PUT", &customer, &[], None).expect(422);
    assert_eq!(refused.errors(), ["/user_id not_permitted"]);
    admin.send("PUT", &format!("{members}/4000000"), &[], None).expect(404);
    let shown = app.customer().get("/directions").expect(200);
    assert!(shown.items().iter().all(|it| it["engineers"] == json!([])), "{}", shown.text);
}

/// Whoever changes what another has changed in the meantime is told so.
#[test]
fn a_stale_version_changes_nothing() {
    let app = TestApp::spawn();
    let admin = app.admin();
    let named = json!({ "name": "Новое имя" });
    let switched = json!({ "is_active": false });

    for (path, first, second) in [
        (format!("/companies/{}", app.ids.company), &named, json!({ "name": "Третье имя" })),
        (format!("/products/{}", app.ids.product), &named, switched.clone()),
        (format!("/projects/{}", app.ids.project), &switched, json!({ "is_active": true })),
        (
            format!("/users/{}", app.customer().id),
            &json!({ "last_name": "Ахметова" }),
            json!({ "last_name": "Третья" }),
        ),
    ] {
        let seen = admin.get(&path).expect(200);
        let changed = patch_if(&admin, seen.header("etag"), &path, first.clone()).expect(200);

        let stale = patch_if(&admin, seen.header("etag"), &path, second.clone()).expect(412);

        assert_eq!(stale.code(), "precondition_failed");
        assert_eq!(changed.body["version"], 2, "{path}");
        assert_eq!(admin.get(&path).body, changed.body, "{path}");
        patch_if(&admin, &format!("W/{}", changed.header("etag")), &path, second).expect(200);
    }
}

/// RFC 7396: a patch that changes nothing leaves the version as it is.
#[test]
fn an_empty_patch_changes_nothing() {
    let app = TestApp::spawn();
    let admin = app.admin();

    for (path, same) in [
        (format!("/companies/{}", app.ids.company), json!({ "name": " Сары-Арка Телеком " })),
        (format!("/products/{}", app.ids.product), json!({ "name": "SMG-1016M" })),
        (format!("/projects/{}", app.ids.project), json!({ "is_active": true })),
        (format!("/users/{}", app.customer().id), json!({ "first_name": "Айгуль" })),
    ] {
        let before = admin.get(&path).expect(200);

        let empty = admin.patch(&path, json!({})).expect(200);
        let same = admin.patch(&path, same).expect(200);

        assert_eq!(empty.body, before.body, "{path}");
        assert_eq!(same.body, before.body, "{path}");
        assert_eq!(same.header("etag"), before.header("etag"), "{path}");
    }
    let path = format!("/directions/{}", app.ids.wifi);
    assert_eq!(admin.patch(&path, json!({ "name": "Wi-Fi " })).expect(200).body["version"], 1);
}

/// RFC 9110: who has the present answer is told so without it.
#[test]
fn an_answer_that_is_known_is_not_sent_again() {
    let app = TestApp::spawn();
    let (admin, path) = (app.admin(), format!("/companies/{}", app.ids.company));
    let tag = admin.get(&path).header("etag").to_owned();
    let known = || admin.send("GET", &path, &[("if-none-match", &tag)], None);

    let unchanged = known().expect(304);
    admin.patch(&path, json!({ "name": "Сары-Арка" })).expect(200);

    assert_eq!(unchanged.text, "");
    assert_eq!(unchanged.header("etag"), tag);
    assert_eq!(known().expect(200).body["name"], "Сары-Арка");
}
