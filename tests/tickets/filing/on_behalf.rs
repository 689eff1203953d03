//! Section 2: support files on behalf of a customer.

use serde_json::{Value, json};

use crate::support::{Person, TestApp, with};

fn on_behalf(app: &TestApp, author: &Person) -> Value {
    app.request_with(&json!({ "author_id": author.id }))
}

/// Section 2: the customer is the author, the engineer the actor.
#[test]
fn c2_5_support_files_for_a_customer() {
    let app = TestApp::spawn();

    for support in [app.engineer(), app.other_engineer(), app.admin()] {
        let filed = support.files(on_behalf(&app, &app.customer())).expect(201);

        assert_eq!(filed.body["author"]["id"], app.customer().id);
        assert_eq!((&filed.body["status"], &filed.body["assignee"]), (&json!("new"), &json!(null)));
        assert_eq!(support.history(filed.id())[0]["actor"]["id"], support.id);
        app.colleague().get(&format!("/tickets/{}", filed.id())).expect(200);
    }
}

/// Section 2: the author is required, and is an active customer of the project's company.
#[test]
fn c2_5_the_author_is_of_the_projects_company() {
    let app = TestApp::spawn();
    let engineer = app.engineer();

    let ids_only = engineer.files(app.request());
    assert_eq!(ids_only.validation_errors(), ["/author_id required"]);

    for author in [app.stranger(), app.engineer(), app.commercial()] {
        let response = engineer.files(on_behalf(&app, &author));
        assert_eq!(response.validation_errors(), ["/author_id not_found"]);
    }
    app.admin().deactivates(&app.colleague());
    let response = engineer.files(on_behalf(&app, &app.colleague()));
    assert_eq!(response.validation_errors(), ["/author_id not_found"]);
    assert_eq!(app.ticket_count(), 0);
}

/// 3.4: where a customer's request would be refused, support gets a warning.
#[test]
fn c3_4_support_is_warned_and_not_refused() {
    let app = TestApp::spawn();
    let request = on_behalf(&app, &app.customer());
    let first = app.engineer().has_filed(request.clone());
    let rude = json!({ "subject": "Шлюз", "description": "Шлюз, шлюз! Идиоты." });
    let empty = json!({ "subject": "Шлюз не включается", "description": "Не включается шлюз" });

    let again = app.engineer().files(request.clone()).expect(201);
    let rude = app.engineer().files(with(request.clone(), &rude)).expect(201);
    let empty = app.admin().files(with(request, &empty)).expect(201);

    let warning = &again.body["warnings"][0];
    assert_eq!(warning["code"], "already_registered");
    assert_eq!((&warning["clause"], &warning["duplicate_of"]), (&json!("3.4.1.4"), &json!(first)));
    assert_eq!(rude.body["warnings"][0]["code"], "impolite");
    assert_eq!(empty.body["warnings"][0]["code"], "no_description");
    assert_eq!(app.ticket_count(), 4);
    assert_eq!(app.engineer().get("/refusals").items().len(), 0);
}

/// 2.1: the commercial department has nothing to do with tickets.
#[test]
fn c2_1_the_commercial_department_files_nothing() {
    let app = TestApp::spawn();

    for path in ["/tickets", "/tickets/check"] {
        let response = app.commercial().post(path, on_behalf(&app, &app.customer()));

        assert_eq!((response.status, response.code()), (403, "forbidden"));
    }
    assert_eq!(app.ticket_count(), 0);
}
