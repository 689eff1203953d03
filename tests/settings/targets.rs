//! Targets of deadlines, and the audit of the settings (2.4, CF07).

use serde_json::{Value, json};

use crate::support::{Person, Response, TestApp, with};

/// When a number of working minutes is over, in the local time of the calendar.
fn due(by: &Person, start: &str, minutes: i64) -> String {
    let asked = json!({ "start": start, "minutes": minutes });
    by.post("/settings/calendar/working-time", asked).expect(200).word("due_local")
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

/// 2.4: targets are replaced as a whole, with the current `ETag`.
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
    wanted["acceptance_minutes"] = json!(30);
    wanted["next_update_minutes"]["low"] = Value::Null;

    let seen = [("if-match", shown.header("etag"))];
    let put = || admin.call_with("PUT", "/settings/sla", &seen, &wanted);
    assert_eq!(put().expect(200).body, wanted);
    assert_eq!(put().expect(412).code(), "precondition_failed");
    assert_eq!(app.engineer().get("/settings/sla").expect(200).body, wanted);

    wanted["reminder_days"] = json!([14, 14, 60]);
    let refused = admin.put("/settings/sla", wanted.clone()).expect(422);
    assert_eq!(refused.errors(), ["/reminder_days repeated", "/reminder_days/2 too_large"]);
    (wanted["reminder_days"], wanted["acceptance_minutes"]) = (json!([3]), json!(0));
    wanted["next_update_minutes"].as_object_mut().unwrap().remove("low");
    let refused = admin.put("/settings/sla", wanted).expect(422);
    let expected = ["/acceptance_minutes too_small", "/next_update_minutes/low required"];
    assert_eq!(refused.errors(), expected);
}

/// CF07: changes to the settings are in the audit log with old and new values; what changes nothing
/// is not.
#[test]
fn sec_cf07_changes_of_the_settings_are_recorded() {
    let app = TestApp::spawn();

    set(&app, &json!({ "closes": "17:00" })).expect(200);
    let version = set(&app, &json!({ "closes": "17:00" })).expect(200).body["version"].clone();
    add_day(&app, "2026-11-23", "day_off").expect(201);
    app.admin().delete("/settings/calendar/days/2026-11-23").expect(204);
    due(&app.engineer(), "2026-11-20T17:30:00+06:00", 60);

    assert_eq!(version, 2);
    let entries = app.admin().get("/audit-log?limit=3").expect(200);
    let recorded: Vec<(&str, &str)> = entries
        .items()
        .iter()
        .map(|it| (it["action"].as_str().unwrap(), it["target"].as_str().unwrap()))
        .collect();
    assert_eq!(
        recorded,
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
