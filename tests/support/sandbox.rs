//! Systems whose clock can be set forward.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveTime, TimeDelta, Utc, Weekday};
use serde_json::json;

use super::app::TestApp;
use super::at_once::at_once;
use super::response::instant;
use super::server::Server;

impl TestApp {
    pub fn sandbox() -> Self {
        Self::spawn_with(&[("HELPDESK_SANDBOX", "true")])
    }

    /// The current time for the rules.
    pub fn clock(&self) -> DateTime<Utc> {
        instant(&self.admin().get("/sandbox/clock").expect(200).body["now"])
    }

    /// Sets the clock forward; everything due by then has been done.
    pub fn set_clock(&self, now: DateTime<Utc>) {
        self.admin().put("/sandbox/clock", json!({ "now": now })).expect(200);
    }
}

/// A Friday in February, at an hour of the calendar's zone, with no day off near it.
pub fn friday(app: &TestApp, hour: u32, minute: u32) -> DateTime<Utc> {
    let zone = FixedOffset::east_opt(6 * 3600).unwrap();
    let mut day = app.clock().with_timezone(&zone).date_naive() + TimeDelta::days(1);
    while day.weekday() != Weekday::Fri || !(2..=9).contains(&day.day()) || day.month() != 2 {
        day += TimeDelta::days(1);
    }
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    day.and_time(time).and_local_timezone(zone).unwrap().with_timezone(&Utc)
}

/// Sets the clock forward at two processes at the same instant. The one that comes second may
/// find that it is later already.
pub fn set_both_clocks(app: &TestApp, other: &Server, now: DateTime<Utc>) {
    let admins = [app.admin(), app.admin().at(other)];
    let responses = at_once(2, |it| admins[it].put("/sandbox/clock", json!({ "now": now })));
    let statuses: Vec<u16> = responses.iter().map(|it| it.status).collect();
    assert!(statuses.contains(&200) && statuses.iter().all(|it| [200, 422].contains(it)));
    assert!(app.clock() >= now, "{:?}", responses.iter().map(|it| &it.body).collect::<Vec<_>>());
}
