//! 3.4.1.4: problems that the company has registered already.

use serde_json::{Value, json};

use crate::support::{Response, TestApp, at_once, ids_only, with};

const TEXT: &str = "После обновления до версии 3.410.0 абоненты на порту 3 не регистрируются, \
    в журнале повторяется ошибка 403 от SIP-сервера оператора.";

fn request(app: &TestApp) -> Value {
    let text = json!({ "subject": "Нет регистрации на порту 3", "description": TEXT });
    app.request_with(&text)
}

fn first(app: &TestApp) -> i64 {
    app.customer().has_filed(request(app))
}

fn again(app: &TestApp, members: &Value) -> Response {
    app.colleague().files(with(request(app), members))
}

/// 3.4.1.4: the same or nearly the same text is refused while the first ticket is open, and the
/// response names that ticket.
#[test]
fn c3_4_1_4_a_duplicate_is_refused() {
    let app = TestApp::spawn();
    let first = first(&app);
    let cases = [
        json!({}),
        json!({ "description": format!("Здравствуйте! {}", TEXT.to_uppercase()) }),
        json!({ "tracker": "support", "priority": "critical" }),
    ];

    for members in cases {
        let response = again(&app, &members);

        let id = response.refusal(409, "already_registered", "3.4.1.4");
        assert_eq!(response.body["duplicate_of"], first);
        let refused_request = app.customer().get(&format!("/refusals/{id}")).expect(200);
        assert_eq!(refused_request.body["duplicate_of"], first);
    }
    assert_eq!(app.ticket_count(), 1);
}

/// 3.4.1.4: another problem, product or company makes no duplicate.
#[test]
fn c3_4_1_4_another_problem_is_registered() {
    let app = TestApp::spawn();
    first(&app);
    let other_port = json!({
        "subject": "Нет регистрации на порту 7",
        "description": TEXT.replace("порту 3", "порту 7"),
    });

    let other_port = again(&app, &other_port);
    let other_product = again(&app, &json!({ "product_id": app.ids.second_product }));
    let unknown = again(&app, &json!({ "product_id": null, "product_name": "SMG-9000" }));
    let other_unknown = again(&app, &json!({ "product_id": null, "product_name": "SMG-8000" }));
    let elsewhere = with(request(&app), &json!({ "project_id": app.ids.other_project }));
    let elsewhere = app.stranger().files(elsewhere);

    for filed in [other_port, other_product, unknown, other_unknown, elsewhere] {
        assert_eq!(filed.status, 201, "{}", filed.text);
    }
    let known = again(&app, &json!({ "product_id": null, "product_name": "smg-9000 " }));
    known.refusal(409, "already_registered", "3.4.1.4");
}

/// 3.4.1.4: the problem of a finished ticket may be filed again.
#[test]
fn c3_4_1_4_a_finished_ticket_may_be_filed_again() {
    let app = TestApp::spawn();
    let first = first(&app);

    let before = again(&app, &json!({}));
    app.admin().takes(first);
    app.admin().resolves(first, "Исправлено.");
    let resolved = again(&app, &json!({}));
    app.admin().closes(first, "other");
    let second = again(&app, &json!({ "parent_id": first })).expect(201);
    app.admin().rejects(second.id(), "out_of_scope");
    let third = again(&app, &json!({}));

    before.refusal(409, "already_registered", "3.4.1.4");
    resolved.refusal(409, "already_registered", "3.4.1.4");
    assert_eq!(second.body["parent"]["id"], first);
    assert_eq!(third.status, 201, "{}", third.text);
}

/// 3.4.1.4: a request whose author says that it is no duplicate is registered, and says of what.
#[test]
fn c3_4_1_4_a_request_declared_different_is_registered() {
    let app = TestApp::spawn();
    let first = first(&app);

    let second = again(&app, &json!({ "not_duplicate_of": [first] })).expect(201);
    let third = again(&app, &json!({ "not_duplicate_of": [first] }));
    let fourth = again(&app, &json!({ "not_duplicate_of": [second.id(), first] })).expect(201);

    assert_eq!(ids_only(&second.body["not_duplicate_of"]), json!([first]));
    third.refusal(409, "already_registered", "3.4.1.4");
    assert_eq!(third.body["duplicate_of"], second.id());
    let shown = app.engineer().get(&format!("/tickets/{}", fourth.id()));
    assert_eq!(ids_only(&shown.body["not_duplicate_of"]), json!([second.id(), first]));
}

/// 3.4.1.4: of equal requests at once, one is registered.
#[test]
fn c3_4_1_4_of_equal_requests_at_once_one_is_registered() {
    let app = TestApp::spawn();
    let request = request(&app);

    let mut statuses = at_once(8, |_| app.customer().files(request.clone()).status);

    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    assert_eq!(app.ticket_count(), 1);
    assert_eq!(app.engineer().get("/refusals").items().len(), 7);
}
