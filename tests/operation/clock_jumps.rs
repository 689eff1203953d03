//! The clock of the machine is set wrong and right again (SV08).

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{PASSWORD, TestApp, due, friday};

/// SV08: events that were written while the clock was an hour fast do not hide what comes after:
/// the order is that of commits, not of times.
#[test]
fn sec_sv08_events_keep_their_order_when_the_clock_goes_back() {
    let app = TestApp::spawn();
    let early = app.ticket("new");
    app.sql("alter table events disable trigger user");
    app.sql("update events set at = at + interval '1 hour'");
    app.sql("alter table events enable trigger user");
    let seen = app.admin().get("/events?limit=100").expect(200).items().to_vec();
    let after = seen.last().unwrap()["position"].as_i64().unwrap();

    let late = app.ticket("in_progress");

    let more = app.admin().get(&format!("/events?after={after}&limit=100")).expect(200);
    let positions: Vec<i64> =
        more.items().iter().map(|it| it["position"].as_i64().unwrap()).collect();
    assert!(positions.is_sorted() && positions[0] > after, "{positions:?}");
    assert!(more.items().iter().all(|it| it["ticket_id"] == late), "{}", more.text);
    assert!(!seen.is_empty() && early != late);
}

/// SV08: a deadline is announced once, however the clock jumps over it, and none is skipped.
#[test]
fn sec_sv08_a_deadline_is_announced_once_across_a_jump() {
    let app = TestApp::sandbox();
    app.set_clock(friday(&app, 10, 0));
    let ticket = app.customer().files(app.request()).expect(201);
    let due = due(&ticket.body["sla"]["acceptance"]);
    let notified = || {
        let notices = app.admin().notifications();
        notices.iter().filter(|it| it["ticket"]["id"] == json!(ticket.id())).count()
    };

    app.set_clock(due + TimeDelta::hours(1));
    let once = notified();
    for minutes in [61, 62, 120] {
        app.set_clock(due + TimeDelta::minutes(minutes));
        assert_eq!(notified(), once);
    }

    assert_eq!(once, 1);
}

/// SV08: setting the clock of the rules forward makes no session, token or file last longer or shorter:
/// they end by the clock on the wall.
#[test]
fn sec_sv08_lifetimes_follow_wall_clock_time() {
    let app = TestApp::sandbox();
    app.set_clock(app.clock() + TimeDelta::days(365));

    app.sign_in(&app.customer().email, PASSWORD).expect(200);
    app.customer().makes_api_token(&["tickets:read"]).expect(201);
    app.customer().uploaded("a.log", b"a");

    let latest =
        "select (extract(epoch from max(expires_at) - clock_timestamp()) / 86400)::bigint from ";
    for (table, days) in
        [("sessions", 90), ("refresh_tokens", 14), ("api_tokens", 90), ("uploads", 1)]
    {
        assert_eq!(app.value::<i64>(&format!("{latest}{table}")), days, "{table}");
    }
}
