//! What is foreign takes as long as what is missing: the same statements (AZ02).

use serde_json::{Value, json};

use crate::support::{TABLE, TestApp, filled, make, operations, payload, within};

const MISSING: i64 = 4_000_000;

/// How many statements the service sends for one request; its jobs send some now and then, so that the
/// minimum of several requests counts.
fn cost(app: &TestApp, request: impl Fn()) -> u64 {
    let once = || {
        let before = app.statements();
        request();
        app.statements() - before
    };
    (0..4).map(|_| once()).min().unwrap()
}

/// AZ02: whichever operation looks for something foreign sends the statements that it sends for something
/// that does not exist.
#[test]
fn sec_az02_a_foreign_id_costs_what_a_missing_one_costs() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let other = app.ticket("new");
    let operations = operations();
    let mut compared = 0;
    for (id, thing, statuses) in TABLE {
        if statuses[0][1..] != [404, 404] {
            continue;
        }
        let operation = operations.iter().find(|it| it.id == *id).unwrap();
        let body = payload(&app, id, "customer");
        let of = |thing_id: i64| {
            let template = within(&app, operation.path, thing_id);
            let path = filled(&template, thing_id, app.colleague().id, other);
            cost(&app, || {
                customer.call(&operation.method, &path, body.as_ref()).expect(404);
            })
        };
        let foreign = make(&app, *thing, false, &customer);
        assert_eq!(of(foreign), of(MISSING), "{id}");
        compared += 1;
    }
    assert!(compared > 20, "{compared}");
}

/// AZ02, AZ03: a customer names colleagues as watchers; somebody of staff, of another company and nobody
/// get the same answer after the same statements, and nobody is mailed.
#[test]
fn sec_az02_watchers_do_not_reveal_who_exists() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let ticket = app.ticket("new");
    let strangers =
        [app.engineer().id, app.admin().id, app.commercial().id, app.stranger().id, MISSING];

    let adds = |id: i64| customer.call("PUT", &format!("/tickets/{ticket}/watchers/{id}"), None);
    let files = |id: i64| customer.files(app.request_with(&json!({ "watcher_ids": [id] })));
    let answers: Vec<(Value, Value, u64)> = strangers
        .into_iter()
        .map(|id| {
            let (added, filed) = (adds(id).expect(422), files(id).expect(422));
            (added.without_request_id(), filed.without_request_id(), cost(&app, || drop(adds(id))))
        })
        .collect();

    assert!(answers.iter().all(|it| *it == answers[0]), "{answers:?}");
    assert_eq!(app.count("select from ticket_watchers"), 0);
    adds(app.colleague().id).expect(204);
    app.engineer().adds_watcher(ticket, &app.other_engineer());
}
