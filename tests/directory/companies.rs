//! Companies and the rest of the directory: who may write it, and what its names and references
//! must be.

use serde_json::{Value, json};

use crate::support::TestApp;

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

/// Names are unique whatever the case of their letters.
#[test]
fn a_name_is_taken_in_whatever_case() {
    let app = TestApp::spawn();
    let admin = app.admin();
    let companies = || admin.get("/companies").ids().len();
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
    for refused in [company, renamed, direction, taken] {
        assert_eq!((refused.status, refused.code()), (409, "already_exists"));
        assert_eq!(refused.errors(), ["/name taken"]);
    }
    assert_eq!(project.expect(409).errors(), ["/direction_id taken"]);
    product("SMG-1016M", app.ids.wifi).expect(201);
    assert_eq!(companies(), before);
    assert_eq!(admin.get(&other).body["name"], "Жетысу Линк");
}

/// What a new project or product refers to must exist.
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

/// Engineers read the directory; the commercial department maintains its part, admins the rest.
#[test]
fn the_directory_is_maintained_by_its_owners() {
    let app = TestApp::spawn();
    let (engineer, commercial) = (app.engineer(), app.commercial());
    let name = json!({ "name": "Новое имя" });
    let company = format!("/companies/{}", app.ids.company);
    let direction = format!("/directions/{}", app.ids.wifi);
    let product = format!("/products/{}", app.ids.product);

    assert_eq!(engineer.get(&company).expect(200).body["name"], "Сары-Арка Телеком");
    assert_eq!(engineer.get("/companies").ids(), [app.ids.company, app.ids.other_company]);
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

/// Directory: what is written about a company is read by staff, can be cleared, and its number is a real one that
/// nobody else has.
#[test]
fn a_company_has_a_number_an_address_a_contract_and_notes() {
    let app = TestApp::spawn();
    let (commercial, engineer) = (app.commercial(), app.engineer());
    let about = json!({
        "name": "Алатау Нет", "bin": "941240000193", "address": " Алматы, ул. Абая, 1 ",
        "contract": "№ 17 от 01.02.2026", "notes": "Звонить после обеда.\nСпросить Марата.",
    });
    let edit = |id: i64, body: Value| commercial.patch(&format!("/companies/{id}"), body);

    let company = commercial.post("/companies", about.clone()).expect(201);
    let id = company.id();
    let shown = engineer.get(&format!("/companies/{id}")).expect(200).body;
    let cleared = edit(id, json!({ "notes": null, "address": null })).expect(200).body;
    let same = edit(id, json!({ "bin": "941240000193", "contract": "№ 17 от 01.02.2026" }));

    assert_eq!((&shown["bin"], &shown["address"]), (&about["bin"], &json!("Алматы, ул. Абая, 1")));
    assert_eq!((&shown["contract"], &shown["notes"]), (&about["contract"], &about["notes"]));
    assert_eq!((&cleared["notes"], &cleared["address"]), (&Value::Null, &Value::Null));
    assert_eq!(same.expect(200).body["version"], 2);
    assert_eq!(engineer.get("/companies?bin=941240000193").ids(), [id]);
    app.customer().get(&format!("/companies/{id}")).expect(403);
    for taken in [
        commercial.post("/companies", json!({ "name": "Другая", "bin": "941240000193" })),
        edit(app.ids.company, json!({ "bin": "941240000193" })),
    ] {
        assert_eq!(taken.code(), "already_exists");
        assert_eq!(taken.expect(409).errors(), ["/bin taken"]);
    }
    for bin in ["941240000194", "94124000019", "94124000019х", "000000000000", ""] {
        for refused in [
            commercial.post("/companies", json!({ "name": "Другая", "bin": bin })),
            edit(id, json!({ "bin": bin })),
        ] {
            assert_eq!(refused.expect(422).errors(), ["/bin wrong_format"], "{bin}");
        }
    }
    let blank = edit(id, json!({ "address": " ", "contract": "x".repeat(201), "name": null }));
    let wrong = ["/address blank", "/contract too_long", "/name wrong_type"];
    assert_eq!(blank.expect(422).errors(), wrong);
}
