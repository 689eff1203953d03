//! 3.4: support registers a refused request after all, or confirms the refusal.

use serde_json::{Value, json};

use crate::support::{Person, Response, TestApp, at_once};

fn rude(app: &TestApp) -> Value {
    app.request_with(&json!({ "description": "Идиоты, почините шлюз уже", "steps": "Включили" }))
}

fn refused(app: &TestApp, request: &Value) -> i64 {
    app.customer().files(request.clone()).refusal(422, "impolite", "3.4.1.3")
}

fn register(person: &Person, refusal: i64) -> Response {
    person.call("POST", &format!("/refusals/{refusal}/register"), None)
}

fn word() -> Value {
    json!({ "comment": "Сформулируйте обращение вежливо." })
}

fn confirm(person: &Person, refusal: i64, body: Value) -> Response {
    person.post(&format!("/refusals/{refusal}/confirm"), body)
}

/// 3.4: registered later, the request is a new ticket of its author, as it was sent.
#[test]
fn c3_4_a_refused_request_is_registered_as_it_was_sent() {
    let app = TestApp::spawn();
    let request = rude(&app);
    let refusal = refused(&app, &request);

    let ticket = register(&app.engineer(), refusal).expect(201);

    for name in ["subject", "description", "steps", "tracker", "priority"] {
        assert_eq!(ticket.body[name], request[name]);
    }
    assert_eq!((&ticket.body["status"], &ticket.body["version"]), (&json!("new"), &json!(1)));
    assert_eq!(ticket.body["author"]["id"], app.customer().id);
    assert_eq!(ticket.header("location"), format!("/api/v1/tickets/{}", ticket.id()));
    let history = app.customer().history(ticket.id());
    let [event] = &history[..] else { panic!("{history:?}") };
    assert_eq!(
        (&event["type"], &event["actor"]["id"]),
        (&json!("ticket.created"), &json!(app.engineer().id))
    );
    let shown = app.customer().get(&format!("/refusals/{refusal}"));
    assert_eq!(
        (&shown.body["state"], &shown.body["ticket_id"]),
        (&json!("registered"), &json!(ticket.id()))
    );
    assert!(shown.body["decided_at"].is_string());
}

/// 3.4: no refusal loses a request, also if its author has left since.
#[test]
fn c3_4_a_request_is_registered_although_its_author_has_left() {
    let app = TestApp::spawn();
    let refusal = refused(&app, &rude(&app));
    let author = app.customer().id;
    app.admin().post(&format!("/users/{author}/deactivate"), json!({})).expect(204);

    let ticket = register(&app.engineer(), refusal).expect(201);

    assert_eq!(ticket.body["author"]["id"], author);
}

/// 3.4, section 2: a text that was registered after all is not refused again when something else is
/// edited.
#[test]
fn c3_4_what_was_registered_after_all_can_be_edited() {
    let app = TestApp::spawn();
    let ticket = register(&app.engineer(), refused(&app, &rude(&app))).expect(201);
    let empty = app.customer().files(app.request_with(&json!({ "description": "???" })));
    let empty = empty.refusal(422, "no_description", "3.4.1.1");
    let empty = register(&app.engineer(), empty).expect(201);

    for ticket in [ticket.id(), empty.id()] {
        app.engineer().edits(ticket, json!({ "subject": "Шлюз не работает" })).expect(200);
        app.customer().edits(ticket, json!({ "cause": "Гроза" })).expect(200);
        let worse = app.customer().edits(ticket, json!({ "description": "Шлюз! Кретины!" }));

        assert_eq!((worse.status, worse.code()), (422, "impolite"));
    }
}

/// 3.4: a refusal is confirmed with a comment to the author, and makes no ticket.
#[test]
fn c3_4_a_refusal_is_confirmed() {
    let app = TestApp::spawn();
    let refusal = refused(&app, &rude(&app));
    let words = "Сформулируйте обращение вежливо.";

    let silent = confirm(&app.admin(), refusal, json!({})).expect(422);
    let confirmed = confirm(&app.admin(), refusal, json!({ "comment": words })).expect(200);

    let shown = app.customer().get(&format!("/refusals/{refusal}")).expect(200);
    assert_eq!(
        (&shown.body["state"], &shown.body["ticket_id"]),
        (&json!("confirmed"), &json!(null))
    );
    assert_eq!(shown.body["decision_comment"], words);
    assert_eq!(confirmed.body["decision_comment"], words);
    assert_eq!(silent.validation_errors(), ["/comment required"]);
    let notice = app.mail_saying(&app.customer(), words);
    assert!(notice.subject.starts_with("Отказ в регистрации подтвержден: "), "{}", notice.subject);
    assert_eq!(app.customer().inbox(1), [("refusal_decided".to_owned(), 0)]);
    assert_eq!(app.ticket_count(), 0);
}

/// 3.4: a decision is made once.
#[test]
fn c3_4_a_second_decision_is_refused() {
    let app = TestApp::spawn();
    let [registered, confirmed] = [(); 2].map(|()| refused(&app, &rude(&app)));
    register(&app.engineer(), registered).expect(201);
    confirm(&app.engineer(), confirmed, json!({ "comment": "Нет." })).expect(200);

    for refusal in [registered, confirmed] {
        let before = app.engineer().get(&format!("/refusals/{refusal}")).body;

        let again = register(&app.admin(), refusal);
        let other = confirm(&app.admin(), refusal, json!({ "comment": "Поздно." }));

        assert_eq!((again.status, again.code()), (409, "refusal_decided"));
        assert_eq!((other.status, other.code()), (409, "refusal_decided"));
        assert_eq!(app.engineer().get(&format!("/refusals/{refusal}")).body, before);
    }
    assert_eq!(app.ticket_count(), 1);
}

/// 3.4: of two engineers who decide at once, one succeeds.
#[test]
fn c3_4_two_decisions_at_once_are_one() {
    let app = TestApp::spawn();
    let refusal = refused(&app, &rude(&app));

    let engineers = [app.engineer(), app.other_engineer()];
    let mut statuses = at_once(2, |it| register(&engineers[it], refusal).status);

    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(app.ticket_count(), 1);
}

/// 3.4: only support decides.
#[test]
fn c3_4_support_alone_decides() {
    let app = TestApp::spawn();
    let refusal = refused(&app, &rude(&app));

    for person in [app.customer(), app.stranger(), app.commercial()] {
        assert_eq!(register(&person, refusal).status, 403);
        assert_eq!(confirm(&person, refusal, word()).status, 403);
    }
    assert_eq!(register(&app.engineer(), 999_999).status, 404);
    assert_eq!(confirm(&app.engineer(), 999_999, word()).status, 404);
    assert_eq!(app.customer().get(&format!("/refusals/{refusal}")).body["state"], "pending");
    assert_eq!(app.ticket_count(), 0);
}

/// 3.4: what the request refers to must still be there; if not, the refusal stays pending.
#[test]
fn c3_4_references_of_a_refused_request_must_exist() {
    let app = TestApp::spawn();
    let refusal = refused(&app, &rude(&app));
    let product = format!("/products/{}", app.ids.product);
    app.admin().switches_off(&product);

    let response = register(&app.engineer(), refusal);

    assert_eq!(response.validation_errors(), ["/product_id not_found"]);
    assert_eq!(app.customer().get(&format!("/refusals/{refusal}")).body["state"], "pending");
    app.admin().patch(&product, json!({ "is_active": true })).expect(200);
    register(&app.engineer(), refusal).expect(201);
}
