//! CF07: what was created, changed and deleted in the directory, the catalogue and the settings is
//! recorded with old and new values, and without secrets.

use serde_json::{Value, json};

use crate::support::TestApp;

/// The latest entry of an operation.
fn latest(app: &TestApp, action: &str) -> Value {
    let page = app.admin().get(&format!("/audit-log?action={action}&limit=1")).expect(200);
    page.items().first().unwrap_or_else(|| panic!("nothing of {action}")).clone()
}

fn change(from: impl Into<Value>, to: impl Into<Value>) -> Value {
    json!({ "from": from.into(), "to": to.into() })
}

/// CF07: products and releases.
#[test]
fn sec_cf07_catalogue_changes_have_old_and_new_values() {
    let app = TestApp::spawn();
    let (admin, engineer) = (app.admin(), app.engineer());
    let product = format!("/products/{}", app.ids.product);
    let notes = "Исправлена регистрация абонентов. ".repeat(200);

    admin.patch(&product, json!({ "name": "SMG-1016M rev.B" })).expect(200);
    let planned = json!({ "version": "3.20", "planned_on": "2027-01-15", "notes": notes });
    let release = engineer.post(&format!("{product}/releases"), planned).expect(201).id();
    let path = format!("/releases/{release}");
    let created = latest(&app, "releases_create");
    engineer.patch(&path, json!({ "planned_on": "2027-02-01" })).expect(200);
    engineer.patch(&path, json!({ "planned_on": "2027-02-01" })).expect(200);
    let edited = latest(&app, "releases_update");
    let published = engineer.post(&format!("{path}/publish"), json!({})).expect(200);

    let name = &latest(&app, "products_update")["changes"];
    assert_eq!(name, &json!({ "name": change("SMG-1016M", "SMG-1016M rev.B") }));
    assert_eq!(created["changes"]["version"], change(Value::Null, "3.20"));
    assert_eq!(created["changes"]["notes"], change(Value::Null, notes));
    assert_eq!(edited["changes"], json!({ "planned_on": change("2027-01-15", "2027-02-01") }));
    assert_eq!(app.count("select 1 from audit_log where action = 'releases_update'"), 1);
    let out = latest(&app, "releases_publish");
    assert_eq!(out["target"], format!("{path}/publish"));
    let members: Vec<&String> = out["changes"].as_object().unwrap().keys().collect();
    assert_eq!(members, ["published_at"]);
    assert!(published.body["published_at"].is_string());
}

/// CF07: a file that is added to a release, and a day that is added to the calendar, are changes.
#[test]
fn sec_cf07_whatever_is_added_is_a_change() {
    let app = TestApp::spawn();
    let (admin, engineer) = (app.admin(), app.engineer());
    let file = || json!([{ "upload_id": engineer.uploaded("a.bin", b"a") }]);
    let release = app.release(json!({ "version": "3.21", "attachments": file() })).id();
    let path = format!("/releases/{release}");

    engineer.patch(&path, json!({ "attachments": file() })).expect(200);
    let day = json!({ "on": "2031-05-05", "kind": "day_off", "reason": "Санитарный день" });
    admin.post("/settings/calendar/days", day).expect(201);

    let files = engineer.get(&path).expect(200).body["attachments"].clone();
    let ids: Vec<&Value> = files.as_array().unwrap().iter().map(|it| &it["id"]).collect();
    let added = &latest(&app, "releases_update")["changes"];
    assert_eq!(added, &json!({ "attachment_ids": change(json!([ids[0]]), json!(ids)) }));
    assert_eq!(latest(&app, "releases_create")["changes"]["attachment_ids"]["to"], json!([ids[0]]));
    let created = latest(&app, "settings_calendar_days_create");
    assert_eq!(created["changes"]["reason"], change(Value::Null, "Санитарный день"));
    assert_eq!(created["changes"]["kind"], change(Value::Null, "day_off"));
}

/// CF07: answer templates; an update that changes nothing is not recorded.
#[test]
fn sec_cf07_template_changes_have_old_and_new_values() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let template = json!({ "title": "Журнал", "text": "Пришлите журнал.", "language": "ru" });
    let path = format!("/answer-templates/{}", engineer.post("/answer-templates", template).id());

    engineer.patch(&path, json!({ "text": "Пришлите журнал шлюза." })).expect(200);
    engineer.patch(&path, json!({ "title": "Журнал" })).expect(200);
    engineer.delete(&path).expect(204);

    let created = latest(&app, "answer_templates_create");
    assert_eq!(created["target"], path);
    assert_eq!(created["changes"]["title"], change(Value::Null, "Журнал"));
    let text = change("Пришлите журнал.", "Пришлите журнал шлюза.");
    assert_eq!(latest(&app, "answer_templates_update")["changes"], json!({ "body": text }));
    let deleted = latest(&app, "answer_templates_delete");
    assert_eq!(deleted["changes"]["title"], change("Журнал", Value::Null));
}

/// CF07: webhooks that are created, changed and deleted; their secrets are in no entry.
#[test]
fn sec_cf07_webhook_changes_have_old_and_new_values_without_secrets() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let webhook = json!({ "url": "https://hooks.example.kz/a", "events": ["ticket.created"] });
    let posted = customer.post("/webhooks", webhook).expect(201);
    let path = format!("/webhooks/{}", posted.id());

    let patch = json!({
        "url": "https://hooks.example.kz/b", "events": ["ticket.created", "ticket.commented"],
    });
    customer.patch(&path, patch).expect(200);
    let rotated = customer.post(&format!("{path}/secret"), json!({})).expect(200);
    customer.delete(&path).expect(204);

    let created = latest(&app, "webhooks_create");
    assert_eq!(created["target"], path);
    assert_eq!(created["changes"]["url"], change(Value::Null, "https://hooks.example.kz/a"));
    assert_eq!(
        latest(&app, "webhooks_update")["changes"],
        json!({
            "url": change("https://hooks.example.kz/a", "https://hooks.example.kz/b"),
            "events": change("ticket.created", "ticket.created, ticket.commented"),
        })
    );
    let rotation = latest(&app, "webhooks_secret_rotate")["changes"].clone();
    assert_eq!(rotation.as_object().unwrap().len(), 1, "{rotation}");
    assert_eq!(rotation["previous_secret_until"]["from"], Value::Null);
    let removed = latest(&app, "webhooks_delete");
    assert_eq!(removed["changes"]["url"], change("https://hooks.example.kz/b", Value::Null));
    let all = app.table_text("audit_log");
    for secret in [posted.word("secret"), rotated.word("secret")] {
        assert!(!all.contains(secret.trim_start_matches("whsec_")), "{all}");
    }
    assert!(!all.contains("\\\\x"), "no bytes of a secret: {all}");
}

/// CF07: which directions distribute their tickets automatically, who works in them, who is away.
#[test]
fn sec_cf07_settings_and_team_changes_have_old_and_new_values() {
    let app = TestApp::spawn();
    let (admin, ids) = (app.admin(), &app.ids);
    let (engineer, other) = (app.engineer(), app.other_engineer());
    let distribute = |ids: &[i64]| admin.put("/settings/assignment", json!({ "automatic": ids }));

    distribute(&[ids.wifi]).expect(200);
    distribute(&[ids.wifi]).expect(200);
    distribute(&[ids.telephony, ids.wifi]).expect(200);
    admin.adds_engineer(ids.telephony, &other);
    admin.put(&format!("/users/{}/absence", other.id), json!({})).expect(200);

    let settings = latest(&app, "settings_assignment_update");
    let both = json!([ids.telephony, ids.wifi]);
    assert_eq!(settings["changes"], json!({ "automatic": change(json!([ids.wifi]), both) }));
    let entries = "select 1 from audit_log where action = 'settings_assignment_update'";
    assert_eq!(app.count(entries), 2, "an update that changes nothing is recorded");
    let team = &latest(&app, "directions_engineers_add")["changes"];
    let team_after = json!([engineer.id, other.id]);
    assert_eq!(team, &json!({ "engineer_ids": change(json!([engineer.id]), team_after) }));
    let away = latest(&app, "users_absence_update")["changes"].clone();
    assert_eq!(away["absent_since"]["from"], Value::Null);
    let since = away["absent_since"]["to"].as_str().unwrap();
    assert!(since.len() == 24 && since.ends_with('Z'), "not in the usual format: {since}");
}
