//! Working time: the hours and days of support, and when a number of minutes is over (2.3).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::{Person, Response, TestApp, friday, instant, with};

/// When a number of working minutes is over, in the local time of the calendar.
fn due(by: &Person, start: &str, minutes: i64) -> String {
    let asked = json!({ "start": start, "minutes": minutes });
    let due = by.post("/settings/calendar/working-time", asked).expect(200).word("due_local");
    due.replace(".000", "")
}

fn add_day(app: &TestApp, on: &str, kind: &str) -> Response {
    let day = json!({ "on": on, "kind": kind, "reason": "Решение руководителя поддержки" });
    app.admin().post("/settings/calendar/days", day)
}

/// Sets the calendar with some members replaced.
fn set(app: &TestApp, members: &Value) -> Response {
    let calendar = json!({
        "zone": "+06:00", "opens": "09:00", "closes": "18:00", "filled_until": "2027-12-31",
        "weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    });
    app.admin().put("/settings/calendar", with(calendar, members))
}

fn warnings(settings: &Response) -> Vec<&str> {
    let warnings = settings.body["warnings"].as_array().unwrap();
    warnings.iter().map(|it| it["code"].as_str().unwrap()).collect()
}

/// 2.3: an hour of working time, from the regulation's hours and the official days off.
#[test]
fn c2_3_an_hour_of_working_time_ends_when_people_expect_it() {
    let app = TestApp::spawn();
    let engineer = app.engineer();

    let asked = json!({ "start": "2026-11-20T17:30:00+06:00", "minutes": 60 });
    let calculated = engineer.post("/settings/calendar/working-time", asked).expect(200).body;

    assert_eq!(
        calculated,
        json!({
            "start": "2026-11-20T11:30:00.000Z",
            "start_local": "2026-11-20T17:30:00.000+06:00",
            "minutes": 60,
            "due_at": "2026-11-23T03:30:00.000Z",
            "due_local": "2026-11-23T09:30:00.000+06:00",
            "zone": "+06:00",
        })
    );
    for (start, minutes, expected) in [
        ("2026-11-20T17:00:00+06:00", 60, "2026-11-20T18:00:00+06:00"),
        ("2026-11-20T17:00:00+06:00", 0, "2026-11-20T17:00:00+06:00"),
        ("2026-11-21T12:00:00Z", 60, "2026-11-23T10:00:00+06:00"),
        // Before Independence Day, on it, and after it.
        ("2026-12-15T17:30:00+06:00", 60, "2026-12-17T09:30:00+06:00"),
        ("2026-12-16T11:00:00+06:00", 60, "2026-12-17T10:00:00+06:00"),
        ("2026-12-17T09:00:00+06:00", 60, "2026-12-17T10:00:00+06:00"),
        // Nauryz of 2026 fell on a weekend in part: five days off in a row.
        ("2026-03-20T17:45:00+06:00", 60, "2026-03-26T09:45:00+06:00"),
        // A weekend day that a decree made working in 2024 is none by itself.
        ("2024-05-03T17:30:00+06:00", 60, "2024-05-06T09:30:00+06:00"),
        ("2026-11-20T17:30:00+06:00", 540, "2026-11-23T17:30:00+06:00"),
    ] {
        assert_eq!(due(&engineer, start, minutes), expected, "{start} {minutes}");
    }
}

/// 2.3: days that an admin adds or deletes take effect at once.
#[test]
fn c2_3_days_of_an_admin_count_at_once() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let friday = || due(&engineer, "2026-11-20T17:30:00+06:00", 60);

    let saturday = add_day(&app, "2026-11-21", "working_day").expect(201);
    assert_eq!(saturday.header("location"), "/api/v1/settings/calendar/days/2026-11-21");
    assert_eq!(friday(), "2026-11-21T09:30:00+06:00");
    add_day(&app, "2026-11-23", "day_off").expect(201);
    app.admin().delete("/settings/calendar/days/2026-11-21").expect(204);
    assert_eq!(friday(), "2026-11-24T09:30:00+06:00");

    let taken = add_day(&app, "2026-11-23", "working_day").expect(409);
    assert_eq!((taken.code(), taken.errors()), ("already_exists", vec!["/on taken".to_owned()]));
    app.admin().delete("/settings/calendar/days/2026-11-21").expect(404);
    app.admin().delete("/settings/calendar/days/2026-11-31").expect(404);
    assert_eq!(friday(), "2026-11-24T09:30:00+06:00");
}

/// 2.3: hours, weekdays and the zone can be changed; a named zone follows wall-clock time.
#[test]
fn c2_3_hours_and_zone_can_be_changed() {
    let app = TestApp::spawn();
    let engineer = app.engineer();

    let almaty = set(&app, &json!({ "zone": "Asia/Almaty" })).expect(200);
    assert_eq!(warnings(&almaty), [] as [&str; 0]);
    for (start, expected) in [
        ("2026-11-20T17:30:00+05:00", "2026-11-23T09:30:00+05:00"),
        ("2026-11-20T17:30:00+06:00", "2026-11-20T17:30:00+05:00"),
        // Clocks were put back in the night before 1 March 2024.
        ("2024-02-29T17:30:00+06:00", "2024-03-01T09:30:00+05:00"),
        ("2024-02-28T17:30:00+06:00", "2024-02-29T09:30:00+06:00"),
    ] {
        assert_eq!(due(&engineer, start, 60), expected, "{start}");
    }
    let hours = json!({ "opens": "08:30", "weekdays": ["friday", "sunday"] });
    set(&app, &hours).expect(200);

    assert_eq!(due(&engineer, "2026-11-20T17:30:00+06:00", 60), "2026-11-22T09:00:00+06:00");
}

/// 2.3: an invalid calendar is refused, and nothing changes.
#[test]
fn c2_3_an_invalid_calendar_is_refused() {
    let app = TestApp::spawn();
    let before = app.admin().get("/settings/calendar").expect(200);

    let wrong = set(&app, &json!({ "zone": "Asia/Nowhere", "opens": "9:00" })).expect(422);
    assert_eq!(wrong.errors(), ["/zone wrong_format", "/opens wrong_format"]);
    for (members, expected) in [
        (json!({ "closes": "09:00" }), "/closes conflicts"),
        (json!({ "closes": "24:01" }), "/closes wrong_format"),
        (json!({ "zone": "+15:00" }), "/zone wrong_format"),
        (json!({ "weekdays": [] }), "/weekdays too_short"),
        (json!({ "weekdays": ["monday", "monday"] }), "/weekdays repeated"),
        (json!({ "weekdays": ["mon"] }), "/weekdays/0 not_one_of"),
        (json!({ "filled_until": "2027-02-30" }), "/filled_until wrong_format"),
        (json!({ "days": [] }), "/days unknown_field"),
    ] {
        let refused = set(&app, &members).expect(422);
        assert_eq!(refused.errors(), [expected], "{members:?}");
    }
    let day = json!({ "on": "2026-02-30", "kind": "holiday", "reason": " " });
    let refused = app.admin().post("/settings/calendar/days", day).expect(422);
    let expected = ["/kind not_one_of", "/on wrong_format", "/reason blank"];
    assert_eq!(refused.errors(), expected);
    let asked = json!({ "start": "2026-11-20", "minutes": -1 });
    let refused = app.admin().post("/settings/calendar/working-time", asked).expect(422);
    assert_eq!(refused.errors(), ["/minutes too_small", "/start wrong_format"]);

    assert_eq!(app.admin().get("/settings/calendar").expect(200).body, before.body);
}

/// 2.3: the official days off of five years are there, in order, page by page.
#[test]
fn c2_3_the_official_days_off_are_there() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let list = |query: &str| engineer.get(&format!("/settings/calendar/days?{query}")).expect(200);

    let december = list("on_after=2026-12-01&on_before=2027-01-02").body;
    let expected = json!([
        { "on": "2026-12-16", "kind": "day_off", "reason": "День Независимости" },
        { "on": "2027-01-01", "kind": "day_off", "reason": "Новый год" },
    ]);
    assert_eq!(december["items"], expected);

    let days = engineer.all("/settings/calendar/days?limit=40");
    let days: Vec<&str> = days.iter().map(|it| it["on"].as_str().unwrap()).collect();
    assert!(days.is_sorted() && days.len() > 70, "{days:?}");
    assert_eq!(days.first(), Some(&"2023-01-01"));
    let working_days = app.rows::<i64>(
        "select count(*) from generate_series(date '2023-01-01', '2027-12-31', interval '1 day') it
         where extract(isodow from it) < 6 and not exists (
             select from calendar_days where day = it and kind = 'day_off')
         group by extract(year from it) order by extract(year from it)",
    );
    assert_eq!(working_days, [245, 248, 245, 247, 247]);
    let wrong = engineer.get("/settings/calendar/days?on_after=tomorrow").expect(422);
    assert_eq!(wrong.errors(), ["on_after wrong_format"]);
}

/// 2.3: the calendar warns where it differs from wall-clock time and when it ends; so does the
/// service.
#[test]
fn c2_3_a_calendar_warns_of_its_end_and_of_local_time() {
    let app = TestApp::spawn();
    let ready = || app.server.client.send("GET", "/readyz", &[], None).expect(200).body;

    let filled = set(&app, &json!({ "filled_until": "2999-12-31" })).expect(200);
    assert_eq!(warnings(&filled), ["zone_differs_from_almaty"]);
    assert_eq!(ready()["warnings"], json!([]));
    assert!(app.server.log().contains("Almaty"), "{}", app.server.log());

    set(&app, &json!({ "filled_until": "2023-12-31" })).expect(200);
    let shown = app.engineer().get("/settings/calendar").expect(200);
    assert_eq!(warnings(&shown), ["calendar_outdated", "zone_differs_from_almaty"]);
    assert_eq!(ready()["warnings"], json!(["calendar_outdated"]));
}

/// 2.3: everybody signed in can see whether support is open, and when that changes.
#[test]
fn c2_3_everybody_sees_whether_support_works_now() {
    let app = TestApp::sandbox();
    let noon = friday(&app, 12, 0);
    let monday = noon + TimeDelta::days(3);
    add_day(&app, &monday.date_naive().to_string(), "day_off").expect(201);
    let hours = |now: DateTime<Utc>| {
        app.set_clock(now);
        app.customer().get("/service-hours").expect(200).body
    };

    let open = hours(noon);
    let evening = hours(noon + TimeDelta::hours(6));
    let day_off = hours(monday);

    assert_eq!((&open["is_open"], &open["opens_at"]), (&json!(true), &Value::Null));
    assert_eq!(instant(&open["closes_at"]), noon + TimeDelta::hours(6));
    assert_eq!((&evening["is_open"], &evening["closes_at"]), (&json!(false), &Value::Null));
    let tuesday = noon + TimeDelta::days(4) - TimeDelta::hours(3);
    assert_eq!(instant(&evening["opens_at"]), tuesday, "the exception counts");
    assert_eq!((&open["exception"], &day_off["exception"]), (&Value::Null, &json!("day_off")));
    assert_eq!(instant(&day_off["opens_at"]), tuesday);
    app.anonymous().get("/service-hours").expect(401);
}
