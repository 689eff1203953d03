//! When support works, and what that makes of a number of minutes (2.3).

use serde_json::{Value, json};

use crate::support::{Person, Reply, TestApp};

/// When so many working minutes are over, as the calendar's clock shows it.
fn due(by: &Person, start: &str, minutes: i64) -> String {
    let asked = json!({ "start": start, "minutes": minutes });
    by.post("/settings/calendar/working-time", asked).expect(200).word("due_local")
}

fn add_day(app: &TestApp, on: &str, kind: &str) -> Reply {
    let day = json!({ "on": on, "kind": kind, "reason": "Решение руководителя поддержки" });
    app.admin().post("/settings/calendar/days", day)
}

/// The calendar with other members, as it is set.
fn set(app: &TestApp, members: &[(&str, Value)]) -> Reply {
    let mut wanted = json!({
        "zone": "+06:00", "opens": "09:00", "closes": "18:00", "filled_until": "2027-12-31",
        "weekdays": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    });
    for (name, value) in members {
        wanted[*name] = value.clone();
    }
    app.admin().put("/settings/calendar", wanted)
}

/// The codes of what should be looked at.
fn warnings(settings: &Reply) -> Vec<&str> {
    let warnings = settings.body["warnings"].as_array().unwrap();
    warnings.iter().map(|it| it["code"].as_str().unwrap()).collect()
}

/// Where something is wrong, and what.
fn errors(refused: &Reply) -> Vec<(&str, &str)> {
    let errors = refused.body["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|it| {
            let place = it["pointer"].as_str().or(it["parameter"].as_str());
            (place.unwrap(), it["code"].as_str().unwrap())
        })
        .collect()
}

/// 2.3: an hour of working time, from the regulation's hours and the official days off.
#[test]
fn c2_3_an_hour_of_working_time_ends_when_people_expect_it() {
    let app = TestApp::spawn();
    let engineer = app.engineer();

    let asked = json!({ "start": "2026-11-20T17:30:00+06:00", "minutes": 60 });
    let told = engineer.post("/settings/calendar/working-time", asked).expect(200).body;

    assert_eq!(
        told,
        json!({
            "start": "2026-11-20T11:30:00Z", "start_local": "2026-11-20T17:30:00+06:00",
            "minutes": 60,
            "due_at": "2026-11-23T03:30:00Z", "due_local": "2026-11-23T09:30:00+06:00",
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

/// 2.3: days that an admin adds or deletes count at once.
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

    assert_eq!(add_day(&app, "2026-11-23", "working_day").expect(409).code(), "already_exists");
    app.admin().delete("/settings/calendar/days/2026-11-21").expect(404);
    app.admin().delete("/settings/calendar/days/2026-11-31").expect(404);
    assert_eq!(friday(), "2026-11-24T09:30:00+06:00");
}

/// 2.3: hours, weekdays and the zone can be changed; a zone by name follows the clock on the wall.
#[test]
fn c2_3_hours_and_zone_can_be_changed() {
    let app = TestApp::spawn();
    let engineer = app.engineer();

    let almaty = set(&app, &[("zone", json!("Asia/Almaty"))]).expect(200);
    assert_eq!(warnings(&almaty), [] as [&str; 0]);
    for (start, expected) in [
        ("2026-11-20T17:30:00+05:00", "2026-11-23T09:30:00+05:00"),
        ("2026-11-20T17:30:00+06:00", "2026-11-20T17:30:00+05:00"),
        // The clock was put back in the night before 1 March 2024.
        ("2024-02-29T17:30:00+06:00", "2024-03-01T09:30:00+05:00"),
        ("2024-02-28T17:30:00+06:00", "2024-02-29T09:30:00+06:00"),
    ] {
        assert_eq!(due(&engineer, start, 60), expected, "{start}");
    }
    let hours = [("opens", json!("08:30")), ("weekdays", json!(["friday", "sunday"]))];
    set(&app, &hours).expect(200);

    assert_eq!(due(&engineer, "2026-11-20T17:30:00+06:00", 60), "2026-11-22T09:00:00+06:00");
}

/// 2.3: a calendar that cannot be one is refused, and nothing changes.
#[test]
fn c2_3_what_is_no_calendar_is_refused() {
    let app = TestApp::spawn();
    let before = app.admin().get("/settings/calendar").expect(200);

    let wrong = [("zone", json!("Asia/Nowhere")), ("opens", json!("9:00"))];
    let wrong = set(&app, &wrong).expect(422);
    assert_eq!(errors(&wrong), [("/zone", "wrong_format"), ("/opens", "wrong_format")]);
    for (members, expected) in [
        (vec![("closes", json!("09:00"))], ("/closes", "conflicts")),
        (vec![("closes", json!("24:01"))], ("/closes", "wrong_format")),
        (vec![("zone", json!("+15:00"))], ("/zone", "wrong_format")),
        (vec![("weekdays", json!([]))], ("/weekdays", "too_short")),
        (vec![("weekdays", json!(["monday", "monday"]))], ("/weekdays", "repeated")),
        (vec![("weekdays", json!(["mon"]))], ("/weekdays/0", "not_one_of")),
        (vec![("filled_until", json!("2027-02-30"))], ("/filled_until", "wrong_format")),
        (vec![("days", json!([]))], ("/days", "unknown_field")),
    ] {
        let refused = set(&app, &members).expect(422);
        assert_eq!(errors(&refused), [expected], "{members:?}");
    }
    let day = json!({ "on": "2026-02-30", "kind": "holiday", "reason": " " });
    let refused = app.admin().post("/settings/calendar/days", day).expect(422);
    let expected = [("/kind", "not_one_of"), ("/on", "wrong_format"), ("/reason", "blank")];
    assert_eq!(errors(&refused), expected);
    let asked = json!({ "start": "2026-11-20", "minutes": -1 });
    let refused = app.admin().post("/settings/calendar/working-time", asked).expect(422);
    assert_eq!(errors(&refused), [("/minutes", "too_small"), ("/start", "wrong_format")]);

    assert_eq!(app.admin().get("/settings/calendar").expect(200).body, before.body);
}

/// 2.3: the official days off of five years are there, in the order of the days, page by page.
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

    let mut days = Vec::new();
    let mut query = "limit=40".to_owned();
    loop {
        let page = list(&query);
        days.extend(page.items().iter().map(|it| it["on"].as_str().unwrap().to_owned()));
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        query = format!("limit=40&cursor={next}");
    }
    assert!(days.is_sorted() && days.len() > 70, "{days:?}");
    assert_eq!(days.first().map(String::as_str), Some("2023-01-01"));
    let counted = app.read(
        "select count(*) from generate_series(date '2023-01-01', '2027-12-31', interval '1 day') it
         where extract(isodow from it) < 6 and not exists (
             select from calendar_days where day = it and kind = 'day_off')
         group by extract(year from it) order by extract(year from it)",
    );
    assert_eq!(counted, ["(245)", "(248)", "(245)", "(247)", "(247)"]);
    let wrong = engineer.get("/settings/calendar/days?on_after=tomorrow").expect(422);
    assert_eq!(errors(&wrong), [("on_after", "wrong_format")]);
}

/// 2.3: the calendar tells where it differs from the wall, and when it ends; so does the service.
#[test]
fn c2_3_a_calendar_that_ends_or_differs_from_the_wall_is_told() {
    let app = TestApp::spawn();
    let ready = || app.server.client.send("GET", "/readyz", &[], None).expect(200).body;

    let filled = set(&app, &[("filled_until", json!("2999-12-31"))]).expect(200);
    assert_eq!(warnings(&filled), ["zone_differs_from_almaty"]);
    assert_eq!(ready()["warnings"], json!([]));
    assert!(app.server.log().contains("Almaty"), "{}", app.server.log());

    set(&app, &[("filled_until", json!("2023-12-31"))]).expect(200);
    let shown = app.engineer().get("/settings/calendar").expect(200);
    assert_eq!(warnings(&shown), ["calendar_outdated", "zone_differs_from_almaty"]);
    assert_eq!(ready()["warnings"], json!(["calendar_outdated"]));
}

/// Targets and the like are changed as a whole, by whoever saw the present ones.
#[test]
fn c2_4_targets_can_be_changed() {
    let app = TestApp::spawn();
    let admin = app.admin();
    let shown = app.engineer().get("/settings/sla").expect(200);
    assert_eq!(shown.body["acceptance_minutes"], 60);
    assert_eq!(
        shown.body["response_minutes"],
        json!({ "simple": 120, "normal": 240, "complex": 540, "critical": 120 })
    );
    let mut wanted = shown.body.clone();
    (wanted["acceptance_minutes"], wanted["next_update_minutes"]) = (json!(30), Value::Null);

    let tag = shown.header("etag");
    let text = wanted.to_string();
    let headers = [("content-type", "application/json"), ("if-match", tag)];
    let put = || admin.send("PUT", "/settings/sla", &headers, Some(text.as_bytes()));
    assert_eq!(put().expect(200).body, wanted);
    assert_eq!(put().expect(412).code(), "precondition_failed");
    assert_eq!(app.engineer().get("/settings/sla").expect(200).body, wanted);

    wanted["reminder_days"] = json!([14, 14, 60]);
    let refused = admin.put("/settings/sla", wanted.clone()).expect(422);
    assert_eq!(
        errors(&refused),
        [("/reminder_days", "repeated"), ("/reminder_days/2", "too_large")]
    );
    (wanted["reminder_days"], wanted["acceptance_minutes"]) = (json!([3]), json!(0));
    wanted.as_object_mut().unwrap().remove("next_update_minutes");
    let refused = admin.put("/settings/sla", wanted).expect(422);
    let expected = [("/acceptance_minutes", "too_small"), ("/next_update_minutes", "required")];
    assert_eq!(errors(&refused), expected);
}

/// CF07: changes of the settings are in the audit log with old and new values; what changes
/// nothing is not.
#[test]
fn sec_cf07_changes_of_the_settings_are_told() {
    let app = TestApp::spawn();

    set(&app, &[("closes", json!("17:00"))]).expect(200);
    let version = set(&app, &[("closes", json!("17:00"))]).expect(200).body["version"].clone();
    add_day(&app, "2026-11-23", "day_off").expect(201);
    app.admin().delete("/settings/calendar/days/2026-11-23").expect(204);
    due(&app.engineer(), "2026-11-20T17:30:00+06:00", 60);

    assert_eq!(version, 2);
    let entries = app.admin().get("/audit-log?limit=3").expect(200);
    let told: Vec<(&str, &str)> = entries
        .items()
        .iter()
        .map(|it| (it["action"].as_str().unwrap(), it["target"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ("settings_calendar_days_delete", "/settings/calendar/days/2026-11-23"),
            ("settings_calendar_days_create", "/settings/calendar/days"),
            ("settings_calendar_update", "/settings/calendar"),
        ]
    );
    let changes = &entries.items()[2]["changes"];
    assert_eq!(*changes, json!({ "closes": { "from": "18:00", "to": "17:00" } }));
    let deleted = &entries.items()[0]["changes"];
    assert_eq!(deleted["kind"], json!({ "from": "day_off", "to": null }));
    assert_eq!(deleted["day"], json!({ "from": "2026-11-23", "to": null }));
}
