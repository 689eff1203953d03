//! Section 2: support files on behalf of a customer.

use serde_json::{Value, json};

use crate::support::{Person, TestApp};
use crate::tickets::filing::request::{tickets, told, with};

fn on_behalf(app: &TestApp, author: &Person) -> Value {
    with(app.request(), &json!({ "author_id": author.id }))
}

/// Section 2: the customer is the author, the engineer is who did it.
#[test]
fn c2_5_support_files_for_a_customer() {
    let app = TestApp::spawn();

    for support in [app.engineer(), app.other_engineer(), app.admin()] {
        let filed = support.post("/tickets", on_behalf(&app, &app.customer())).expect(201);

        assert_eq!(filed.body["author"]["id"], app.customer().id);
        assert_eq!((&filed.body["status"], &filed.body["assignee"]), (&json!("new"), &json!(null)));
        let history = support.get(&format!("/tickets/{}/history", filed.id()));
        assert_eq!(history.items()[0]["actor"]["id"], support.id);
        app.colleague().get(&format!("/tickets/{}", filed.id())).expect(200);
    }
}

/// Section 2: the author is named, and is an active customer of the project's company.
#[test]
fn c2_5_the_author_is_of_the_projects_company() {
    let app = TestApp::spawn();
    let engineer = app.engineer();

    let unnamed = engineer.post("/tickets", app.request());
    assert_eq!(told(&unnamed), ["/author_id required"]);

    for author in [app.stranger(), app.engineer(), app.commercial()] {
        let reply = engineer.post("/tickets", on_behalf(&app, &author));
        assert_eq!(told(&reply), ["/author_id not_found"]);
    }
    let path = format!("/users/{}/deactivate", app.colleague().id);
    app.admin().post(&path, json!({})).expect(204);
    let reply = engineer.post("/tickets", on_behalf(&app, &app.colleague()));
    assert_eq!(told(&reply), ["/author_id not_found"]);
    assert_eq!(tickets(&app), 0);
}

/// 3.4: support is warned where a customer would be refused; nothing is set aside.
#[test]
fn c3_4_support_is_warned_and_not_refused() {
    let app = TestApp::spawn();
    let request = on_behalf(&app, &app.customer());
    let first = app.engineer().post("/tickets", request.clone()).expect(201).id();
    let rude = json!({ "subject": "Шлюз", "description": "Шлюз, шлюз! Идиоты." });
    let empty = json!({ "subject": "Шлюз не включается", "description": "Не включается шлюз" });

    let again = app.engineer().post("/tickets", request.clone()).expect(201);
    let rude = app.engineer().post("/tickets", with(request.clone(), &rude)).expect(201);
    let empty = app.admin().post("/tickets", with(request, &empty)).expect(201);

    let warning = &again.body["warnings"][0];
    assert_eq!(warning["code"], "already_registered");
    assert_eq!((&warning["clause"], &warning["duplicate_of"]), (&json!("3.4.1.4"), &json!(first)));
    assert_eq!(rude.body["warnings"][0]["code"], "impolite");
    assert_eq!(empty.body["warnings"][0]["code"], "no_description");
    assert_eq!(tickets(&app), 4);
    assert_eq!(app.engineer().get("/refusals").items().len(), 0);
}

/// 2.1: the commercial department has nothing to do with tickets.
#[test]
fn c2_1_the_commercial_department_files_nothing() {
    let app = TestApp::spawn();

    for path in ["/tickets", "/tickets/check"] {
        let reply = app.commercial().post(path, on_behalf(&app, &app.customer()));

        assert_eq!((reply.status, reply.code()), (403, "forbidden"));
    }
    assert_eq!(tickets(&app), 0);
}
