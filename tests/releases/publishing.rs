//! Releases: tickets wait for them, publishing hands them out (2.2, 2.5 «Ждем релиза»).

use chrono::{Days, NaiveDate, Utc};
use serde_json::{Value, json};

use crate::support::{Reply, TestApp, wait_until};
use crate::tickets::lifecycle::moves::{go, show};

/// A release of the first product that is to come.
pub fn planned(app: &TestApp, version: &str, planned_on: Option<NaiveDate>) -> i64 {
    let path = format!("/products/{}/releases", app.ids.product);
    let body = json!({ "version": version, "planned_on": planned_on });
    app.engineer().post(&path, body).expect(201).id()
}

/// A release of the first product that is out.
pub fn published(app: &TestApp, version: &str) -> i64 {
    let id = planned(app, version, None);
    publish(app, id).expect(200);
    id
}

pub fn publish(app: &TestApp, release: i64) -> Reply {
    app.engineer().send("POST", &format!("/releases/{release}/publish"), &[], None)
}

/// A ticket that waits for a release.
pub fn waiting(app: &TestApp, release: i64) -> i64 {
    let id = app.ticket("in_progress");
    let wait = json!({ "to": "awaiting_release", "release_id": release });
    go(&app.engineer(), id, wait).expect(200);
    id
}

fn in_days(days: u64) -> NaiveDate {
    Utc::now().date_naive() + Days::new(days)
}

fn history(app: &TestApp, id: i64) -> Vec<Value> {
    app.customer().get(&format!("/tickets/{id}/history?limit=100")).expect(200).items().to_vec()
}

/// Waits until nothing is left to be told about any release.
pub fn settle(app: &TestApp) {
    wait_until("every release is settled", || {
        app.read("select id from releases where not is_settled").is_empty()
    });
}

/// 2.2: engineers and admins write the releases of a product, everybody reads them.
#[test]
fn c2_2_a_product_has_releases() {
    let app = TestApp::spawn();
    let path = format!("/products/{}/releases", app.ids.product);
    let body = json!({
        "version": " 3.20.1 ", "planned_on": "2027-03-01", "notes": "Исправлен SIP.",
        "public_url": "https://example.com/smg",
    });

    let made = app.engineer().post(&path, body).expect(201);
    let same = app.admin().post(&path, json!({ "version": "3.20.1" }));
    let second = app.admin().post(&path, json!({ "version": "3.21.0-RC" })).expect(201);

    assert_eq!(made.header("location"), format!("/api/v1/releases/{}", made.id()));
    assert_eq!((same.status, same.code()), (409, "already_exists"));
    let shown = app.stranger().get(&format!("/releases/{}", made.id())).expect(200).body;
    assert_eq!(shown, made.body);
    assert_eq!(shown["version"], "3.20.1");
    assert_eq!(shown["product"], json!({ "id": app.ids.product, "name": "SMG-1016M" }));
    assert_eq!(shown["published_at"], Value::Null);
    let listed = app.commercial().get(&path).expect(200);
    let ids: Vec<&Value> = listed.items().iter().map(|it| &it["id"]).collect();
    assert_eq!(ids, [&json!(second.id()), &json!(made.id())]);
    let other = format!("/products/{}/releases", app.ids.wifi_product);
    assert!(app.customer().get(&other).expect(200).items().is_empty());
}

/// A release is edited by whoever saw its present state; what came out stays as it was read.
#[test]
fn a_release_that_is_out_keeps_its_version_and_date() {
    let app = TestApp::spawn();
    let id = planned(&app, "3.20.1", Some(in_days(30)));
    let path = format!("/releases/{id}");
    let patch = |body: Value| app.engineer().patch(&path, body);
    let tag = app.engineer().get(&path).header("etag").to_owned();

    patch(json!({ "notes": "Исправлен SIP.", "version": "3.20.2" })).expect(200);
    let body = json!({ "notes": null }).to_string();
    let headers = [("content-type", "application/json"), ("if-match", tag.as_str())];
    app.engineer().send("PATCH", &path, &headers, Some(body.as_bytes())).expect(412);
    let url = patch(json!({ "public_url": "ftp://example.com" })).expect(422);
    publish(&app, id).expect(200);
    let again = publish(&app, id);
    let fixed = patch(json!({ "version": "4", "planned_on": null })).expect(422);
    let open = patch(json!({ "notes": null, "public_url": "https://example.com/smg" })).expect(200);

    assert_eq!(url.errors(), ["/public_url wrong_format"]);
    assert_eq!((again.status, again.code()), (409, "already_published"));
    assert_eq!(fixed.errors(), ["/version not_applicable", "/planned_on not_applicable"]);
    assert_eq!(open.body["version"], "3.20.2");
    assert_eq!(open.body["notes"], Value::Null);
}

/// 2.5: a ticket waits for a release of its product that is to come, and is looked at again on
/// its planned date.
#[test]
fn c2_5_a_ticket_waits_for_a_release() {
    let app = TestApp::spawn();
    let planned_on = in_days(40);
    let release = planned(&app, "3.20.1", Some(planned_on));
    let id = app.ticket("in_progress");
    let wait = |release: i64| json!({ "to": "awaiting_release", "release_id": release });
    let path = format!("/products/{}/releases", app.ids.second_product);
    let foreign = app.admin().post(&path, json!({ "version": "1" })).expect(201).id();
    let out = published(&app, "3.19.0");

    let wrong = [foreign, 4_000_000, out].map(|it| go(&app.engineer(), id, wait(it)));
    let waits = go(&app.engineer(), id, wait(release)).expect(200);

    assert_eq!(wrong[0].errors(), ["/release_id not_found"]);
    assert_eq!(wrong[1].errors(), ["/release_id not_found"]);
    assert_eq!(wrong[2].errors(), ["/release_id not_applicable"]);
    assert_eq!(waits.body["release"]["version"], "3.20.1");
    assert_eq!(waits.body["release"]["planned_on"], json!(planned_on));
    assert_eq!(waits.body["review_on"], json!(planned_on));
    let last = history(&app, id).pop().unwrap();
    assert_eq!(last["changes"]["release_id"], json!({ "from": null, "to": release }));
}

/// Section 9 of the contract: another planned date is told in every ticket that waits.
#[test]
fn c2_5_another_planned_date_is_told_to_those_who_wait() {
    let app = TestApp::spawn();
    let (first, second) = (in_days(30), in_days(60));
    let release = planned(&app, "3.20.1", Some(first));
    let id = waiting(&app, release);
    let other = app.ticket("awaiting_release");
    let before = show(&app, other);

    app.engineer().patch(&format!("/releases/{release}"), json!({ "planned_on": second }));
    settle(&app);

    let ticket = show(&app, id);
    assert_eq!(ticket["review_on"], json!(second));
    assert_eq!(ticket["status"], "awaiting_release");
    let last = history(&app, id).pop().unwrap();
    assert_eq!((&last["type"], &last["actor"]), (&json!("ticket.edited"), &Value::Null));
    assert_eq!(last["release_id"], json!(release));
    let told = json!({ "from": first, "to": second });
    assert_eq!(last["changes"], json!({ "release_planned_on": told, "review_on": told }));
    assert_eq!(show(&app, other), before);
}

/// 2.5: publishing moves every waiting ticket to `feedback`, with a comment of the system that
/// names the version in the author's language, and one event.
#[test]
fn c2_5_publishing_moves_every_waiting_ticket_to_feedback() {
    let app = TestApp::spawn();
    let release = planned(&app, "3.20.1", None);
    let ids = [waiting(&app, release), waiting(&app, release)];
    app.customer().patch("/me", json!({ "language": "en" })).expect(200);
    let other = waiting(&app, planned(&app, "3.21.0", None));
    let without = app.ticket("awaiting_release");
    let held = app.ticket("in_progress");
    app.engineer().patch(&format!("/tickets/{held}"), json!({ "release_id": release })).expect(200);

    publish(&app, release).expect(200);
    settle(&app);

    for id in ids {
        let ticket = show(&app, id);
        assert_eq!(ticket["status"], "feedback");
        assert_eq!(ticket["needs_action_from"], "customer");
        assert_eq!(ticket["review_on"], Value::Null);
        assert_eq!(ticket["release"]["version"], "3.20.1");
        let comments = app.customer().get(&format!("/tickets/{id}/comments")).expect(200);
        let said = comments.items().last().unwrap().clone();
        assert_eq!(said["author"], Value::Null);
        assert_eq!(said["release"], json!({ "id": release, "name": "3.20.1" }));
        assert!(said["body"].as_str().unwrap().contains("Version 3.20.1"), "{said}");
        let events = history(&app, id);
        let moves = events.iter().filter(|it| it["changes"]["status"]["to"] == "feedback");
        let moves: Vec<&Value> = moves.collect();
        assert_eq!(moves.len(), 1, "{events:#?}");
        assert_eq!(moves[0]["actor"], Value::Null);
        assert_eq!(moves[0]["comment_id"], said["id"]);
    }
    assert_eq!(show(&app, other)["status"], "awaiting_release");
    assert_eq!(show(&app, without)["status"], "awaiting_release");
    assert_eq!(show(&app, held)["status"], "in_progress");
    let told = "select body from events where type = 'release.published' and ticket_id is null";
    assert_eq!(app.read(told).len(), 1);
}

/// 2.2: support hands a release that is out out in any ticket of its product, in a comment that
/// the customer reads.
#[test]
fn c2_2_an_engineer_hands_a_release_out_in_any_ticket() {
    let app = TestApp::spawn();
    let (out, to_come) = (published(&app, "3.20.1"), planned(&app, "3.21.0", None));
    let id = app.ticket("in_progress");
    let path = format!("/tickets/{id}/comments");
    let say = |release: i64| json!({ "body": "Установите версию.", "release_id": release });
    let internal = json!({ "body": "Дать?", "internal": true, "release_id": out });

    let by_customer = app.customer().post(&path, say(out)).expect(422);
    let unpublished = app.engineer().post(&path, say(to_come)).expect(422);
    let hidden = app.engineer().post(&path, internal).expect(422);
    let handed = app.engineer().post(&path, say(out)).expect(201);

    assert_eq!(by_customer.errors(), ["/release_id not_applicable"]);
    assert_eq!(unpublished.errors(), ["/release_id not_applicable"]);
    assert_eq!(hidden.errors(), ["/release_id not_applicable"]);
    assert_eq!(handed.body["release"], json!({ "id": out, "name": "3.20.1" }));
    assert_eq!(show(&app, id)["release"]["id"], json!(out));
    let last = history(&app, id).pop().unwrap();
    assert_eq!((&last["type"], &last["release_id"]), (&json!("ticket.commented"), &json!(out)));
}

/// Section 2 of the contract, «Editing»: support changes the release of a ticket; it goes with
/// the product.
#[test]
fn c2_5_support_changes_the_release_of_a_ticket() {
    let app = TestApp::spawn();
    let release = planned(&app, "3.20.1", Some(in_days(30)));
    let out = published(&app, "3.19.0");
    let id = app.ticket("awaiting_release");
    let path = format!("/tickets/{id}");
    let patch = |release: Value| app.engineer().patch(&path, json!({ "release_id": release }));

    let by_customer = app.customer().patch(&path, json!({ "release_id": release })).expect(422);
    let is_out = patch(json!(out)).expect(422);
    let missing = patch(json!(4_000_000)).expect(422);
    let set = patch(json!(release)).expect(200).body;
    let moved = app
        .engineer()
        .patch(&path, json!({ "product_id": app.ids.second_product }))
        .expect(200)
        .body;

    assert_eq!(by_customer.errors(), ["/release_id not_permitted"]);
    assert_eq!(is_out.errors(), ["/release_id not_applicable"]);
    assert_eq!(missing.errors(), ["/release_id not_found"]);
    assert_eq!(set["review_on"], json!(in_days(30)));
    assert_eq!(set["release"]["id"], json!(release));
    assert_eq!(moved["release"], Value::Null);
    assert_eq!(moved["status"], "awaiting_release");
}
