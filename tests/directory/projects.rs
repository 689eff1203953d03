//! Projects, and the engineers whom customers may ask for (2.1, 3.3).

use serde_json::json;

use crate::support::TestApp;

/// App. 1: a project is named after its company and its direction, and follows their names.
#[test]
fn a_project_is_renamed_with_its_company_and_direction() {
    let app = TestApp::spawn();
    let path = format!("/projects/{}", app.ids.project);
    assert_eq!(app.customer().get(&path).body["name"], "Сары-Арка Телеком - Телефония");

    let company = format!("/companies/{}", app.ids.company);
    app.commercial().patch(&company, json!({ "name": "Сары-Арка" })).expect(200);
    let direction = format!("/directions/{}", app.ids.telephony);
    app.admin().patch(&direction, json!({ "name": "Голос" })).expect(200);

    assert_eq!(app.customer().get(&path).body["name"], "Сары-Арка - Голос");
}

/// AZ04: customers see the projects of their own company, whatever they ask for.
#[test]
fn sec_az04_a_customer_sees_own_projects_alone() {
    let app = TestApp::spawn();
    let (customer, stranger) = (app.customer(), app.stranger());
    let foreign = format!("/projects?company_id={}", app.ids.other_company);

    assert_eq!(customer.get("/projects").ids(), [app.ids.project, app.ids.wifi_project]);
    assert_eq!(stranger.get("/projects").ids(), [app.ids.other_project]);
    assert!(customer.get(&foreign).expect(200).ids().is_empty());
    assert_eq!(app.engineer().get(&foreign).ids(), [app.ids.other_project]);
    customer.get(&format!("/projects/{}", app.ids.other_project)).expect(404);
    customer.get(&format!("/projects/{}/engineers", app.ids.other_project)).expect(404);
}

/// 3.3, «Назначена (если известно)»: customers see whom they may ask for, and no more.
#[test]
fn c3_3_a_customer_sees_whom_to_ask_for() {
    let app = TestApp::spawn();
    let (engineer, other) = (app.engineer().id, app.other_engineer().id);
    let asked = |project: i64| app.customer().get(&format!("/projects/{project}/engineers"));

    assert_eq!(asked(app.ids.project).ids(), [engineer]);
    assert_eq!(asked(app.ids.wifi_project).ids(), [engineer, other]);
    let asked = asked(app.ids.project);
    assert_eq!(asked.items(), [json!({ "id": engineer, "name": "Ерлан Абдрахманов" })]);
}

/// Engineers who have left or changed their role are not offered.
#[test]
fn c3_3_only_present_engineers_are_offered() {
    let app = TestApp::spawn();
    let other = app.other_engineer();
    let path = format!("/projects/{}/engineers", app.ids.wifi_project);

    app.admin().deactivates(&app.engineer());
    assert_eq!(app.customer().get(&path).ids(), [other.id]);
    app.admin().edits_account(&other, json!({ "role": "commercial" }));

    assert!(app.customer().get(&path).ids().is_empty());
}
