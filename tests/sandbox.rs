//! The sandbox: its clock goes forward, and the rules see it (section 5 of the contract).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::{Server, TestApp, document};

/// A system whose clock can be set forward.
pub fn sandbox() -> TestApp {
    TestApp::spawn_with(&[("HELPDESK_SANDBOX", "true")])
}

/// Sets the clock forward; everything due by then has been done.
pub fn set_clock(app: &TestApp, now: DateTime<Utc>) {
    app.admin().put("/sandbox/clock", json!({ "now": now })).expect(200);
}

fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

/// What time it is for the rules.
pub fn clock(app: &TestApp) -> DateTime<Utc> {
    time(&app.admin().get("/sandbox/clock").expect(200).body["now"])
}

/// The rules read the clock that was set; a ticket is filed then.
#[test]
fn the_rules_read_the_clock_that_was_set() {
    let app = sandbox();
    let later = clock(&app) + TimeDelta::days(40);

    set_clock(&app, later);
    let id = app.ticket("new");

    let created = time(&app.customer().get(&format!("/tickets/{id}")).body["created_at"]);
    assert!(created >= later && created < later + TimeDelta::minutes(5), "{created} {later}");
}

/// Sign-in and tokens keep real time: nobody is signed out by a clock set a year forward.
#[test]
fn sign_in_keeps_to_the_wall() {
    let app = sandbox();

    set_clock(&app, clock(&app) + TimeDelta::days(400));

    app.customer().get("/me").expect(200);
    let newcomer = app.newcomer("ru");
    app.sign_in(&newcomer.email, &newcomer.password).expect(200);
    let told = app.admin().get("/sandbox/clock").expect(200).body;
    assert!(time(&told["now"]) - time(&told["real_now"]) > TimeDelta::days(399));
}

/// The clock goes forward only, and no further than a system is of use.
#[test]
fn the_clock_never_goes_back() {
    let app = sandbox();
    let now = clock(&app);
    let put = |to: DateTime<Utc>| app.admin().put("/sandbox/clock", json!({ "now": to }));

    assert_eq!(put(now - TimeDelta::seconds(1)).expect(422).errors(), ["/now not_permitted"]);
    assert_eq!(put(now + TimeDelta::days(4000)).expect(422).errors(), ["/now not_applicable"]);
    assert!(clock(&app) - now < TimeDelta::minutes(5));
}

/// Admins alone set it.
#[test]
fn sec_az01_the_clock_is_the_admins() {
    let app = sandbox();

    for person in [app.customer(), app.engineer(), app.commercial()] {
        person.get("/sandbox/clock").expect(403);
        person.put("/sandbox/clock", json!({ "now": clock(&app) })).expect(403);
    }
    app.anonymous().get("/sandbox/clock").expect(401);
}

/// Without the switch there is no such route, in the document neither, nor may anybody call it.
#[test]
fn without_the_switch_there_is_no_such_clock() {
    let app = TestApp::spawn();

    let bearer = format!("Bearer {}", app.admin().token);
    for method in ["GET", "PUT"] {
        let headers = [("authorization", bearer.as_str())];
        let path = "/api/v1/sandbox/clock";
        let reply = app.server.client.send_unchecked(method, path, &headers, None);
        assert_eq!((reply.status, reply.code()), (404, "not_found"), "{method}");
    }
    assert!(!document().to_string().contains("sandbox/clock"));
    assert!(!app.admin().get("/me").text.contains("sandbox_clock"));
}

/// A database whose clock was set is served as a sandbox or not at all.
#[test]
fn a_moved_clock_is_not_served_in_production() {
    let app = sandbox();
    set_clock(&app, clock(&app) + TimeDelta::days(1));

    let mut server = Server::launch(&app.database_url(), &[]);

    assert!(!server.wait().success());
    assert!(server.log().contains("--sandbox"));
}
