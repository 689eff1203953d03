//! `POST /tickets/check`: what filing a request would be answered.

use serde_json::{Value, json};

use crate::support::{Person, Reply, TestApp};
use crate::tickets::filing::request::{tickets, with};

fn check(person: &Person, request: &Value) -> Reply {
    person.post("/tickets/check", request.clone()).expect(200)
}

/// 3.2: the same field errors, in the same words, and nothing is made or kept.
#[test]
fn c3_2_a_check_tells_what_filing_would() {
    let app = TestApp::spawn();
    let taken = json!({ "external_ref": "СА-1" });
    app.customer().post("/tickets", with(app.request(), &taken)).expect(201);
    let wrong = json!({
        "tracker": "fault", "description": "", "parent_id": 999_999, "impact": "outage", "x": 1,
    });
    let wrong = with(app.request(), &wrong);

    let checked = check(&app.customer(), &wrong);
    let filed = app.customer().post("/tickets", wrong);

    assert_eq!(checked.body["would_register"], false);
    let told: Vec<Value> = checked.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| json!([it["pointer"], it["code"], it["detail"]]))
        .collect();
    let filing: Vec<Value> = filed.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| json!([it["pointer"], it["code"], it["detail"]]))
        .collect();
    assert_eq!(told, filing);
    assert_eq!(told.len(), 5);
    let taken = check(&app.customer(), &with(app.request(), &taken));
    assert_eq!(taken.body["would_register"], false);
    assert_eq!(taken.body["errors"][0]["pointer"], "/external_ref");
    assert_eq!(tickets(&app), 1);
}

/// 3.4: the same refusals, of which none is kept.
#[test]
fn c3_4_a_check_tells_every_refusal_and_keeps_none() {
    let app = TestApp::spawn();
    let request = with(app.request(), &json!({ "subject": "Идиоты", "description": "Идиоты!" }));
    let filed = with(request.clone(), &json!({ "author_id": app.customer().id }));
    let first = app.engineer().post("/tickets", filed.clone()).expect(201).id();

    let by_customer = check(&app.customer(), &request);
    let by_engineer = check(&app.engineer(), &filed);
    let good = check(&app.customer(), &app.request());

    let codes = |reply: &Reply| -> Vec<Value> {
        reply.body["refusals"].as_array().unwrap().iter().map(|it| it["code"].clone()).collect()
    };
    assert_eq!(codes(&by_customer), ["no_description", "impolite", "already_registered"]);
    assert_eq!(codes(&by_engineer), codes(&by_customer));
    assert_eq!(by_customer.body["refusals"][2]["duplicate_of"], first);
    assert_eq!(by_customer.body["would_register"], false);
    assert_eq!(by_engineer.body["would_register"], true);
    assert_eq!((&good.body["would_register"], &good.body["errors"]), (&json!(true), &json!([])));
    assert_eq!(tickets(&app), 1);
    assert_eq!(app.engineer().get("/refusals").items().len(), 0);
}

/// Advantage 4: solved tickets of the company on the same product that are like the request are
/// shown, the likest first; nobody else's.
#[test]
fn a4_a_check_finds_solved_tickets_that_are_like_it() {
    let app = TestApp::spawn();
    let file = |person: &Person, members: &Value| {
        person.post("/tickets", with(app.request(), members)).expect(201).id()
    };
    let solve = |id: i64| {
        let words = json!({ "to": "resolved", "comment": "Уже не нужно." });
        app.admin().post(&format!("/tickets/{id}/transitions"), json!({ "to": "in_progress" }));
        app.admin().post(&format!("/tickets/{id}/transitions"), words).expect(200);
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

    let checked = check(&app.colleague(), &with(app.request(), &request));

    let similar = checked.body["similar"].as_array().unwrap();
    let ids: Vec<&Value> = similar.iter().map(|it| &it["id"]).collect();
    assert_eq!(json!(ids), json!([likest_id, alike]), "{}", checked.text);
    assert_eq!(similar[0]["subject"], "Эхо при звонке");
    assert!(similar[0]["likeness_percent"].as_i64() > similar[1]["likeness_percent"].as_i64());
}
