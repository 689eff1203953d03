//! 3.4: an engineer registers a refused request after all, or confirms the refusal.

use serde_json::{Value, json};

use crate::support::{Person, Reply, TestApp};
use crate::tickets::filing::refusals::refused;
use crate::tickets::filing::request::{tickets, told, with};

fn rude(app: &TestApp) -> Value {
    with(app.request(), &json!({ "description": "Идиоты, почините шлюз уже", "steps": "Включили" }))
}

fn kept(app: &TestApp, request: &Value) -> i64 {
    refused(&app.customer().post("/tickets", request.clone()), 422, "impolite", "3.4.1.3")
}

fn register(person: &Person, refusal: i64) -> Reply {
    person.send("POST", &format!("/refusals/{refusal}/register"), &[], None)
}

fn confirm(person: &Person, refusal: i64, body: Value) -> Reply {
    person.post(&format!("/refusals/{refusal}/confirm"), body)
}

/// 3.4: registered later, the request is a new ticket of its author, as it was sent.
#[test]
fn c3_4_a_refused_request_is_registered_as_it_was_sent() {
    let app = TestApp::spawn();
    let request = rude(&app);
    let refusal = kept(&app, &request);

    let ticket = register(&app.engineer(), refusal).expect(201);

    for name in ["subject", "description", "steps", "tracker", "priority"] {
        assert_eq!(ticket.body[name], request[name]);
    }
    assert_eq!((&ticket.body["status"], &ticket.body["version"]), (&json!("new"), &json!(1)));
    assert_eq!(ticket.body["author"]["id"], app.customer().id);
    assert_eq!(ticket.header("location"), format!("/api/v1/tickets/{}", ticket.id()));
    let history = app.customer().get(&format!("/tickets/{}/history", ticket.id()));
    let [event] = history.items() else { panic!("{}", history.text) };
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

/// 3.4, section 2: what an engineer registered as it was is not refused again when something
/// else of it is edited.
#[test]
fn c3_4_what_was_registered_after_all_can_be_edited() {
    let app = TestApp::spawn();
    let ticket = register(&app.engineer(), kept(&app, &rude(&app))).expect(201);
    let empty =
        app.customer().post("/tickets", with(app.request(), &json!({ "description": "???" })));
    let empty = refused(&empty, 422, "no_description", "3.4.1.1");
    let empty = register(&app.engineer(), empty).expect(201);

    for ticket in [ticket.id(), empty.id()] {
        let path = format!("/tickets/{ticket}");
        app.engineer().patch(&path, json!({ "subject": "Шлюз не работает" })).expect(200);
        app.customer().patch(&path, json!({ "cause": "Гроза" })).expect(200);
        let worse = app.customer().patch(&path, json!({ "description": "Шлюз! Кретины!" }));

        assert_eq!((worse.status, worse.code()), (422, "impolite"));
    }
}

/// 3.4: the refusal is confirmed with a word to the author, and makes no ticket.
#[test]
fn c3_4_a_refusal_is_confirmed() {
    let app = TestApp::spawn();
    let refusal = kept(&app, &rude(&app));
    let words = "Сформулируйте обращение вежливо.";

    let confirmed = confirm(&app.admin(), refusal, json!({ "comment": words })).expect(200);

    let shown = app.customer().get(&format!("/refusals/{refusal}")).expect(200);
    assert_eq!(
        (&shown.body["state"], &shown.body["ticket_id"]),
        (&json!("confirmed"), &json!(null))
    );
    assert_eq!(shown.body["decision_comment"], words);
    assert_eq!(confirmed.body["decision_comment"], words);
    assert_eq!(tickets(&app), 0);
}

/// 3.4: a decision is made once.
#[test]
fn c3_4_a_second_decision_is_refused() {
    let app = TestApp::spawn();
    let [registered, confirmed] = [(); 2].map(|()| kept(&app, &rude(&app)));
    register(&app.engineer(), registered).expect(201);
    confirm(&app.engineer(), confirmed, json!({})).expect(200);

    for refusal in [registered, confirmed] {
        let before = app.engineer().get(&format!("/refusals/{refusal}")).body;

        let again = register(&app.admin(), refusal);
        let other = confirm(&app.admin(), refusal, json!({ "comment": "Поздно." }));

        assert_eq!((again.status, again.code()), (409, "refusal_decided"));
        assert_eq!((other.status, other.code()), (409, "refusal_decided"));
        assert_eq!(app.engineer().get(&format!("/refusals/{refusal}")).body, before);
    }
    assert_eq!(tickets(&app), 1);
}

/// 3.4: of two engineers who decide at once, one does.
#[test]
fn c3_4_two_decisions_at_once_are_one() {
    let app = TestApp::spawn();
    let refusal = kept(&app, &rude(&app));

    let mut statuses = std::thread::scope(|scope| {
        let one = scope.spawn(|| register(&app.engineer(), refusal).status);
        let other = scope.spawn(|| register(&app.other_engineer(), refusal).status);
        [one.join().unwrap(), other.join().unwrap()]
    });

    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(tickets(&app), 1);
}

/// 3.4: support alone decides.
#[test]
fn c3_4_support_alone_decides() {
    let app = TestApp::spawn();
    let refusal = kept(&app, &rude(&app));

    for person in [app.customer(), app.stranger(), app.commercial()] {
        assert_eq!(register(&person, refusal).status, 403);
        assert_eq!(confirm(&person, refusal, json!({})).status, 403);
    }
    assert_eq!(register(&app.engineer(), 999_999).status, 404);
    assert_eq!(confirm(&app.engineer(), 999_999, json!({})).status, 404);
    assert_eq!(app.customer().get(&format!("/refusals/{refusal}")).body["state"], "pending");
    assert_eq!(tickets(&app), 0);
}

/// 3.4: what the request refers to must still be there; if not, the refusal waits on.
#[test]
fn c3_4_what_a_refused_request_refers_to_must_be_there() {
    let app = TestApp::spawn();
    let refusal = kept(&app, &rude(&app));
    let product = format!("/products/{}", app.ids.product);
    app.admin().patch(&product, json!({ "is_active": false })).expect(200);

    let reply = register(&app.engineer(), refusal);

    assert_eq!(told(&reply), ["/product_id not_found"]);
    assert_eq!(app.customer().get(&format!("/refusals/{refusal}")).body["state"], "pending");
    app.admin().patch(&product, json!({ "is_active": true })).expect(200);
    register(&app.engineer(), refusal).expect(201);
}
