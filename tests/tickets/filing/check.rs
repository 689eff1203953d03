//! `POST /tickets/check`: the result that filing a request would have.

use serde_json::{Value, json};

use crate::support::{Person, Response, TestApp, with};

fn check(person: &Person, request: &Value) -> Response {
    person.post("/tickets/check", request.clone()).expect(200)
}

/// 3.2: a check reports the same errors in the same words, and stores nothing.
#[test]
fn c3_2_a_check_reports_what_filing_would() {
    let app = TestApp::spawn();
    let taken = json!({ "external_ref": "СА-1" });
    app.customer().has_filed(app.request_with(&taken));
    let wrong = json!({
        "tracker": "fault", "description": "", "parent_id": 999_999, "impact": "outage", "x": 1,
    });
    let wrong = app.request_with(&wrong);

    let checked = check(&app.customer(), &wrong);
    let filed = app.customer().files(wrong);

    assert_eq!(checked.body["would_register"], false);
    let errors = |response: &Response| -> Vec<Value> {
        let errors = response.body["errors"].as_array().unwrap().iter();
        errors.map(|it| json!([it["pointer"], it["code"], it["detail"]])).collect()
    };
    assert_eq!(errors(&checked), errors(&filed));
    assert_eq!(errors(&checked).len(), 5);
    let taken = check(&app.customer(), &app.request_with(&taken));
    assert_eq!(taken.body["would_register"], false);
    assert_eq!(taken.body["errors"][0]["pointer"], "/external_ref");
    assert_eq!(app.ticket_count(), 1);
}

/// 3.4: a check reports the same refusals, and stores none.
#[test]
fn c3_4_a_check_reports_every_refusal_and_stores_none() {
    let app = TestApp::spawn();
    let request = app.request_with(&json!({ "subject": "Идиоты", "description": "Идиоты!" }));
    let filed = with(request.clone(), &json!({ "author_id": app.customer().id }));
    let first = app.engineer().has_filed(filed.clone());

    let by_customer = check(&app.customer(), &request);
    let by_engineer = check(&app.engineer(), &filed);
    let good = check(&app.customer(), &app.request());

    let codes = |response: &Response| -> Vec<Value> {
        response.body["refusals"].as_array().unwrap().iter().map(|it| it["code"].clone()).collect()
    };
    assert_eq!(codes(&by_customer), ["no_description", "impolite", "already_registered"]);
    assert_eq!(codes(&by_engineer), codes(&by_customer));
    assert_eq!(by_customer.body["refusals"][2]["duplicate_of"], first);
    assert_eq!(by_customer.body["would_register"], false);
    assert_eq!(by_engineer.body["would_register"], true);
    assert_eq!((&good.body["would_register"], &good.body["errors"]), (&json!(true), &json!([])));
    assert_eq!(app.ticket_count(), 1);
    assert_eq!(app.engineer().get("/refusals").items().len(), 0);
}

/// Advantage 4: solved tickets of the same company and product that resemble the request are shown,
/// the most similar first.
#[test]
fn a4_a_check_finds_similar_solved_tickets() {
    let app = TestApp::spawn();
    let file = |person: &Person, members: &Value| person.has_filed(app.request_with(members));
    let solve = |id: i64| {
        app.admin().takes(id);
        app.admin().resolves(id, "Уже не нужно.");
        id
    };
    let text =
        |description: &str| json!({ "subject": "Эхо при звонке", "description": description });
    let likest = text("Абонент слышит эхо своего голоса при звонке через оператора связи");
    let alike = text("Абонент слышит эхо и щелчки в трубке, звонки внутри офиса");
    let other =
        json!({ "subject": "Не горит индикатор", "description": "Питание подано, плата цела" });
    let alike = solve(file(&app.customer(), &alike));
    let likest_id = solve(file(&app.customer(), &likest));
    solve(file(&app.customer(), &other));
    let elsewhere = with(likest.clone(), &json!({ "project_id": app.ids.other_project }));
    solve(file(&app.stranger(), &elsewhere));
    let on_other = with(likest.clone(), &json!({ "product_id": app.ids.second_product }));
    solve(file(&app.customer(), &on_other));
    let request = text("Абонент слышит эхо своего голоса при звонке через оператора");
    app.wait_for_index();

    let checked = check(&app.colleague(), &app.request_with(&request));

    let similar = checked.body["similar"].as_array().unwrap();
    let ids: Vec<&Value> = similar.iter().map(|it| &it["ticket"]["id"]).collect();
    assert_eq!(json!(ids), json!([likest_id, alike]), "{}", checked.text);
    assert_eq!(similar[0]["ticket"]["subject"], "Эхо при звонке");
    assert_eq!(similar[0]["solution"]["excerpt"][0]["text"], "Уже не нужно.");
}

/// RS04: however many characters a text is expanded to, a limited number of them is read, and the rules
/// decide on it as on any other.
#[test]
fn sec_rs04_a_text_that_grows_when_it_is_read_is_read_to_a_limit() {
    let app = TestApp::spawn();
    let growing = app.request_with(&json!({ "description": "\u{fdfa}".repeat(50_000) }));
    let repeating = app.request_with(&json!({ "description": "\u{fdfa} ".repeat(25_000) }));

    for request in [growing, repeating] {
        let checked = app.customer().post("/tickets/check", request.clone()).expect(200);
        assert_eq!(checked.body["would_register"], true);
        app.customer().files(request).expect(201);
    }
}
