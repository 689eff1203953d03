//! 3.4.1.4: what the company has registered already.

use serde_json::{Value, json};

use crate::support::{Reply, TestApp};
use crate::tickets::filing::refusals::refused;
use crate::tickets::filing::request::{tickets, with};

const TEXT: &str = "После обновления до версии 3.410.0 абоненты на порту 3 не регистрируются, \
    в журнале повторяется ошибка 403 от SIP-сервера оператора.";

fn request(app: &TestApp) -> Value {
    let text = json!({ "subject": "Нет регистрации на порту 3", "description": TEXT });
    with(app.request(), &text)
}

fn first(app: &TestApp) -> i64 {
    app.customer().post("/tickets", request(app)).expect(201).id()
}

fn again(app: &TestApp, members: &Value) -> Reply {
    app.colleague().post("/tickets", with(request(app), members))
}

/// 3.4.1.4: the same or nearly the same text is refused while the first ticket is open, and the
/// answer names that ticket.
#[test]
fn c3_4_1_4_a_problem_that_is_registered_is_refused() {
    let app = TestApp::spawn();
    let first = first(&app);
    let cases = [
        json!({}),
        json!({ "description": format!("Здравствуйте! {}", TEXT.to_uppercase()) }),
        json!({ "tracker": "support", "priority": "critical" }),
    ];

    for members in cases {
        let reply = again(&app, &members);

        let id = refused(&reply, 409, "already_registered", "3.4.1.4");
        assert_eq!(reply.body["duplicate_of"], first);
        let kept = app.customer().get(&format!("/refusals/{id}")).expect(200);
        assert_eq!(kept.body["duplicate_of"], first);
    }
    assert_eq!(tickets(&app), 1);
}

/// 3.4.1.4: another problem, product or company is no repetition.
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
    let elsewhere = app.stranger().post("/tickets", elsewhere);

    for filed in [other_port, other_product, unknown, other_unknown, elsewhere] {
        assert_eq!(filed.status, 201, "{}", filed.text);
    }
    let known = again(&app, &json!({ "product_id": null, "product_name": "smg-9000 " }));
    refused(&known, 409, "already_registered", "3.4.1.4");
}

/// 3.4.1.4: what is finished may come back.
#[test]
fn c3_4_1_4_a_finished_ticket_may_be_filed_again() {
    let app = TestApp::spawn();
    let first = first(&app);
    let end = |id: i64, body: Value| {
        app.admin().post(&format!("/tickets/{id}/transitions"), body).expect(200);
    };

    let before = again(&app, &json!({}));
    end(first, json!({ "to": "in_progress" }));
    end(first, json!({ "to": "resolved", "comment": "Исправлено." }));
    let resolved = again(&app, &json!({}));
    end(first, json!({ "to": "closed", "comment": "Закрываем.", "close_reason": "other" }));
    let second = again(&app, &json!({ "parent_id": first })).expect(201);
    let reason = json!({ "comment": "Не наше.", "refusal_reason": "out_of_scope" });
    end(second.id(), with(reason, &json!({ "to": "rejected" })));
    let third = again(&app, &json!({}));

    refused(&before, 409, "already_registered", "3.4.1.4");
    refused(&resolved, 409, "already_registered", "3.4.1.4");
    assert_eq!(second.body["parent_id"], first);
    assert_eq!(third.status, 201, "{}", third.text);
}

/// 3.4.1.4: told apart by its author, it is registered and says from what it was told apart.
#[test]
fn c3_4_1_4_a_request_told_apart_is_registered() {
    let app = TestApp::spawn();
    let first = first(&app);

    let second = again(&app, &json!({ "not_duplicate_of": [first] })).expect(201);
    let third = again(&app, &json!({ "not_duplicate_of": [first] }));
    let fourth = again(&app, &json!({ "not_duplicate_of": [second.id(), first] })).expect(201);

    assert_eq!(second.body["not_duplicate_of"], json!([first]));
    refused(&third, 409, "already_registered", "3.4.1.4");
    assert_eq!(third.body["duplicate_of"], second.id());
    let shown = app.engineer().get(&format!("/tickets/{}", fourth.id()));
    assert_eq!(shown.body["not_duplicate_of"], json!([second.id(), first]));
}

/// 3.4.1.4: of equal requests that come at once, one is registered.
#[test]
fn c3_4_1_4_of_equal_requests_at_once_one_is_registered() {
    let app = TestApp::spawn();
    let request = request(&app);

    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| app.customer().post("/tickets", request.clone())))
            .collect();
        running.into_iter().map(|it| it.join().unwrap().status).collect()
    });

    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    assert_eq!(tickets(&app), 1);
    assert_eq!(app.engineer().get("/refusals").items().len(), 7);
}
