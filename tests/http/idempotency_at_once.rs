//! Repeated requests at the same time, and how long their responses are stored (SV02, AZ08).

use serde_json::json;

use crate::support::{Server, TestApp, at_once, wait_until};

const REPLAYED: &str = "idempotency-replayed";

fn count(app: &TestApp, of: &str) -> i64 {
    app.count(&format!("select from {of}"))
}

/// A repetition while the first request is at work is asked to come back, and gets the response
/// then.
#[test]
fn a_request_in_progress_is_reported() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let id = app.ticket("new");
    let path = format!("/tickets/{id}/transitions");
    let take = json!({ "to": "in_progress" });
    let lock = app.lock(&format!("select from tickets where id = {id} for update"));

    let first = std::thread::scope(|scope| {
        let first = scope.spawn(|| engineer.post_once("t", &path, Some(&take)));
        app.wait_for_a_lock();
        let second = engineer.post_once("t", &path, Some(&take)).expect(409);
        drop(lock);
        assert_eq!((second.code(), second.header("retry-after")), ("request_in_progress", "1"));
        first.join().unwrap().expect(200)
    });

    let third = engineer.post_once("t", &path, Some(&take)).expect(200);
    assert_eq!((third.header(REPLAYED), &third.text), ("true", &first.text));
}

/// SV02: the same request 64 times at once has one effect; all get the same response or are asked
/// to come back.
#[test]
fn sec_sv02_one_key_at_once_has_one_effect() {
    let app = TestApp::spawn();
    let (customer, body) = (app.customer(), app.request());
    let send = || customer.post_once("sv02", "/tickets", Some(&body));

    let responses = at_once(64, |_| send());

    let last = send().expect(201);
    for response in responses {
        match response.status {
            201 => assert_eq!(response.text, last.text),
            _ => assert_eq!((response.status, response.code()), (409, "request_in_progress")),
        }
    }
    assert_eq!(last.header(REPLAYED), "true");
    assert_eq!((count(&app, "tickets"), count(&app, "events")), (1, 1));
}

/// AZ08: after a change of role or company the old response is not shown, and the request has no
/// second effect.
#[test]
fn sec_az08_a_replay_requires_the_right_to_see_it() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let id = app.ticket("new");
    let path = format!("/tickets/{id}/comments");
    let note = json!({ "body": "Клиент спорит.", "internal": true });
    let posted = engineer.post_once("n", &path, Some(&note)).expect(201);
    let become_ = |role: &str, company: &str| {
        app.sql(&format!(
            "update users set role = '{role}', company_id = {company} where id = {}",
            engineer.id
        ));
        engineer.post_once("n", &path, Some(&note))
    };

    assert_eq!(become_("commercial", "null").status, 403);
    let hidden = become_("customer", &app.ids.company.to_string());
    assert_eq!((hidden.status, hidden.code()), (404, "not_found"));
    assert_eq!(become_("engineer", "null").expect(201).text, posted.text);
    assert_eq!(count(&app, "comments"), 1);
}

/// A response is stored for a day.
#[test]
fn a_response_is_stored_for_a_day() {
    let app = TestApp::spawn();
    let customer = app.customer();
    customer.post_once("young", "/tickets", Some(&app.request())).expect(201);
    let old = customer.post_once("old", "/tickets", Some(&app.request())).expect(201).id();
    let of = |hours: i64| format!("clock_timestamp() - interval '{hours} hours'");
    app.sql(&format!("update idempotent_responses set created_at = {}", of(23)));
    app.sql(&format!(
        "update idempotent_responses set created_at = {} where ticket_id = {old}",
        of(25),
    ));

    let _other = Server::start(&app.database_url(), &[]);

    wait_until("the old answer is gone", || count(&app, "idempotent_responses") == 1);
    assert_eq!(count(&app, &format!("idempotent_responses where created_at > {}", of(24))), 1);
}
