//! The sandbox: its clock is set forward, and the rules follow it (section 5 of the contract).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::support::{Server, TestApp, document, instant};

/// The rules read the clock that was set: a ticket is filed then.
#[test]
fn the_rules_read_the_clock_that_was_set() {
    let app = TestApp::sandbox();
    let later = app.clock() + TimeDelta::days(40);

    app.set_clock(later);
    let id = app.ticket("new");

    let created = instant(&app.customer().ticket(id)["created_at"]);
    assert!(created >= later && created < later + TimeDelta::minutes(5), "{created} {later}");
}

/// CF07: whoever sets the clock stands in the audit log, with what was asked for.
#[test]
fn sec_cf07_setting_the_clock_is_recorded() {
    let app = TestApp::sandbox();
    let later = app.clock() + TimeDelta::days(1);

    app.set_clock(later);

    let found = app.admin().get("/audit-log?action=sandbox_clock_update").expect(200);
    let [entry] = found.items() else { panic!("{}", found.text) };
    assert_eq!(entry["actor"]["id"], app.admin().id);
    assert_eq!(entry["request"], json!({ "now": later }).to_string());
}

/// Sessions and tokens keep real time: nobody is signed out by a clock that is set a year forward.
#[test]
fn sign_in_uses_wall_clock_time() {
    let app = TestApp::sandbox();

    app.set_clock(app.clock() + TimeDelta::days(400));

    app.customer().get("/me").expect(200);
    let newcomer = app.newcomer("ru");
    app.sign_in(&newcomer.email, &newcomer.password).expect(200);
    let clock = app.admin().get("/sandbox/clock").expect(200).body;
    assert!(instant(&clock["now"]) - instant(&clock["real_now"]) > TimeDelta::days(399));
}

/// The clock only goes forward, and only so far.
#[test]
fn the_clock_never_goes_back() {
    let app = TestApp::sandbox();
    let now = app.clock();
    let put = |to: DateTime<Utc>| app.admin().put("/sandbox/clock", json!({ "now": to }));

    assert_eq!(put(now - TimeDelta::seconds(1)).expect(422).errors(), ["/now too_early"]);
    assert_eq!(put(now + TimeDelta::days(4000)).expect(422).errors(), ["/now too_late"]);
    assert!(app.clock() - now < TimeDelta::minutes(5));
}

/// AZ01: only admins see and set the clock.
#[test]
fn sec_az01_the_clock_is_the_admins() {
    let app = TestApp::sandbox();

    for person in [app.customer(), app.engineer(), app.commercial()] {
        person.get("/sandbox/clock").expect(403);
        person.put("/sandbox/clock", json!({ "now": app.clock() })).expect(403);
    }
    app.anonymous().get("/sandbox/clock").expect(401);
}

/// Without the switch there is no such route, neither in the document nor in anybody's permissions.
#[test]
fn without_the_switch_there_is_no_such_clock() {
    let app = TestApp::spawn();

    let bearer = format!("Bearer {}", app.admin().token);
    for method in ["GET", "PUT"] {
        let headers = [("authorization", bearer.as_str())];
        let path = "/api/v1/sandbox/clock";
        let response = app.server.client.send_unchecked(method, path, &headers, None);
        assert_eq!((response.status, response.code()), (404, "not_found"), "{method}");
    }
    assert!(!document().to_string().contains("sandbox/clock"));
    assert!(!app.admin().get("/me").text.contains("sandbox_clock"));
}

/// A database whose clock was set is only served as a sandbox.
#[test]
fn a_moved_clock_is_not_served_in_production() {
    let app = TestApp::sandbox();
    app.set_clock(app.clock() + TimeDelta::days(1));

    let mut server = Server::launch(&app.database_url(), &[]);

    assert!(!server.wait().success());
    assert!(server.log().contains("--sandbox"));
}
