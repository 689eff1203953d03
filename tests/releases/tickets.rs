//! What releases do to the tickets that wait for them (2.2, 2.5 «Ждем релиза»).

use chrono::{Days, NaiveDate, Utc};
use serde_json::{Value, json};

use crate::support::{TestApp, ids_only};

fn in_days(days: u64) -> NaiveDate {
    Utc::now().date_naive() + Days::new(days)
}

/// 2.5: a ticket waits for a planned release of its product and is reviewed on the planned date.
#[test]
fn c2_5_a_ticket_waits_for_a_release() {
    let app = TestApp::spawn();
    let planned_on = in_days(40);
    let release = app.planned_release("3.20.1", Some(planned_on));
    let id = app.ticket("in_progress");
    let wait = |release: i64| json!({ "to": "awaiting_release", "release_id": release });
    let path = format!("/products/{}/releases", app.ids.second_product);
    let foreign = app.admin().post(&path, json!({ "version": "1" })).expect(201).id();
    let out = app.published_release("3.19.0");

    let wrong = [foreign, 4_000_000, out].map(|it| app.engineer().moves(id, wait(it)));
    let waits = app.engineer().moves(id, wait(release)).expect(200);

    assert_eq!(wrong[0].errors(), ["/release_id not_found"]);
    assert_eq!(wrong[1].errors(), ["/release_id not_found"]);
    assert_eq!(wrong[2].errors(), ["/release_id not_applicable"]);
    assert_eq!(waits.body["release"]["version"], "3.20.1");
    assert_eq!(waits.body["release"]["planned_on"], json!(planned_on));
    assert_eq!(waits.body["review_on"], json!(planned_on));
    let last = app.customer().last_event(id);
    assert_eq!(ids_only(&last["changes"]["release_id"]), json!({ "from": null, "to": release }));
}

/// Section 9 of the contract: a new planned date shows in every ticket that waits.
#[test]
fn c2_5_a_new_planned_date_shows_in_waiting_tickets() {
    let app = TestApp::spawn();
    let (first, second) = (in_days(30), in_days(60));
    let release = app.planned_release("3.20.1", Some(first));
    let id = app.ticket_awaiting(release);
    let other = app.ticket("awaiting_release");
    let before = app.engineer().ticket(other);

    let path = format!("/releases/{release}");
    app.engineer().patch(&path, json!({ "planned_on": second })).expect(200);
    app.wait_for_releases();

    let ticket = app.engineer().ticket(id);
    assert_eq!(ticket["review_on"], json!(second));
    assert_eq!(ticket["status"], "awaiting_release");
    let last = app.customer().last_event(id);
    assert_eq!(
        (&last["type"], &last["actor"]["role"]),
        (&json!("ticket.edited"), &json!("system"))
    );
    assert_eq!(last["release"], json!({ "id": release, "name": "3.20.1" }));
    let change = json!({ "from": first, "to": second });
    assert_eq!(last["changes"], json!({ "release_planned_on": change, "review_on": change }));
    assert_eq!(app.engineer().ticket(other), before);
}

/// 2.5: publishing moves every waiting ticket to `feedback`, with a comment of the system that
/// names the version, in the author's language, and one event.
#[test]
fn c2_5_publishing_moves_every_waiting_ticket_to_feedback() {
    let app = TestApp::spawn();
    let release = app.planned_release("3.20.1", None);
    let ids = [app.ticket_awaiting(release), app.ticket_awaiting(release)];
    app.customer().speaks("en");
    let other = app.ticket_awaiting(app.planned_release("3.21.0", None));
    let without = app.ticket("awaiting_release");
    let held = app.ticket("in_progress");
    app.engineer().edits(held, json!({ "release_id": release })).expect(200);

    app.engineer().publishes(release).expect(200);
    app.wait_for_releases();

    for id in ids {
        let ticket = app.engineer().ticket(id);
        assert_eq!(ticket["status"], "feedback");
        assert_eq!(ticket["needs_action_from"], "customer");
        assert_eq!(ticket["review_on"], Value::Null);
        assert_eq!(ticket["release"]["version"], "3.20.1");
        let comment = app.customer().comments(id).pop().unwrap();
        assert_eq!(comment["author"]["role"], "system");
        assert_eq!(comment["release"], json!({ "id": release, "name": "3.20.1" }));
        assert!(comment["body"].as_str().unwrap().contains("Version 3.20.1"), "{comment}");
        let events = app.customer().history(id);
        let moves = events.iter().filter(|it| it["changes"]["status"]["to"] == "feedback");
        let moves: Vec<&Value> = moves.collect();
        assert_eq!(moves.len(), 1, "{events:#?}");
        assert_eq!(moves[0]["actor"]["role"], "system");
        assert_eq!(moves[0]["comment_id"], comment["id"]);
    }
    assert_eq!(app.engineer().ticket(other)["status"], "awaiting_release");
    assert_eq!(app.engineer().ticket(without)["status"], "awaiting_release");
    assert_eq!(app.engineer().ticket(held)["status"], "in_progress");
    let published = "select from events where type = 'release.published' and ticket_id is null";
    assert_eq!(app.count(published), 1);
}

/// 2.2: support provides a published release in any ticket of its product, in a public comment.
#[test]
fn c2_2_an_engineer_provides_a_release_in_any_ticket() {
    let app = TestApp::spawn();
    let (out, to_come) = (app.published_release("3.20.1"), app.planned_release("3.21.0", None));
    let id = app.ticket("in_progress");
    let say = |release: i64| json!({ "body": "Установите версию.", "release_id": release });
    let internal = json!({ "body": "Дать?", "internal": true, "release_id": out });

    let by_customer = app.customer().says(id, say(out)).expect(422);
    let unpublished = app.engineer().says(id, say(to_come)).expect(422);
    let hidden = app.engineer().says(id, internal).expect(422);
    let handed = app.engineer().says(id, say(out)).expect(201);

    assert_eq!(by_customer.errors(), ["/release_id not_applicable"]);
    assert_eq!(unpublished.errors(), ["/release_id not_applicable"]);
    assert_eq!(hidden.errors(), ["/release_id not_applicable"]);
    assert_eq!(handed.body["release"], json!({ "id": out, "name": "3.20.1" }));
    assert_eq!(app.engineer().ticket(id)["release"]["id"], json!(out));
    let last = app.customer().last_event(id);
    assert_eq!((&last["type"], &last["release"]["id"]), (&json!("ticket.commented"), &json!(out)));
}

/// 2.2, 2.5: what support provides meanwhile does not end the waiting for another release.
#[test]
fn c2_5_a_ticket_that_is_given_a_release_still_waits_for_its_own() {
    let app = TestApp::spawn();
    let (out, awaited) =
        (app.published_release("3.20.1"), app.planned_release("3.21.0", Some(in_days(30))));
    app.wait_for_releases();
    let id = app.ticket_awaiting(awaited);

    let say = json!({ "body": "Пока поставьте эту версию.", "release_id": out });
    let said = app.engineer().says(id, say).expect(201);
    let waits = app.engineer().ticket(id);
    app.engineer().publishes(awaited).expect(200);
    app.wait_for_releases();

    assert_eq!(said.body["release"]["id"], json!(out));
    assert_eq!(
        (&waits["status"], &waits["release"]["id"], &waits["review_on"]),
        (&json!("awaiting_release"), &json!(awaited), &json!(in_days(30)))
    );
    let after = app.engineer().ticket(id);
    assert_eq!((&after["status"], &after["release"]["id"]), (&json!("feedback"), &json!(awaited)));
}

/// Section 2 of the contract, «Editing»: support changes the release of a ticket; another product
/// clears it.
#[test]
fn c2_5_support_changes_the_release_of_a_ticket() {
    let app = TestApp::spawn();
    let release = app.planned_release("3.20.1", Some(in_days(30)));
    let out = app.published_release("3.19.0");
    let id = app.ticket("awaiting_release");
    let patch = |release: Value| app.engineer().edits(id, json!({ "release_id": release }));

    let by_customer = app.customer().edits(id, json!({ "release_id": release })).expect(422);
    let is_out = patch(json!(out)).expect(422);
    let missing = patch(json!(4_000_000)).expect(422);
    let set = patch(json!(release)).expect(200).body;
    let moved =
        app.engineer().edits(id, json!({ "product_id": app.ids.second_product })).expect(200).body;

    assert_eq!(by_customer.errors(), ["/release_id not_permitted"]);
    assert_eq!(is_out.errors(), ["/release_id not_applicable"]);
    assert_eq!(missing.errors(), ["/release_id not_found"]);
    assert_eq!(set["review_on"], json!(in_days(30)));
    assert_eq!(set["release"]["id"], json!(release));
    assert_eq!(moved["release"], Value::Null);
    assert_eq!(moved["status"], "awaiting_release");
}
