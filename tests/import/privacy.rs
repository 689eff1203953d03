//! What a move must not open: what is private there is nobody's but support's here, whatever changes there.

use serde_json::{Value, json};

use super::command::{import, import_with, imported};
use super::redmine::person;
use crate::support::{REDMINE_KEY, Redmine, TestApp};

const MAP: &str = include_str!("map.toml");

/// An issue that becomes private after it came over is moved to where support alone sees it; where the map leaves
/// private issues out, the run stops with its number.
#[test]
fn sec_az01_what_becomes_private_does_not_stay_open() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let left_out = MAP.replace("\"support_only\"", "\"skip\"");
    let run = |options: &[&str]| import_with(&app, &redmine, REDMINE_KEY, &left_out, options);
    let first = run(&[]);
    assert_eq!(first.code, 0, "{}", first.err);
    let id = Redmine::tagged("new");
    let path = format!("/tickets/{id}");
    let customer = person(&app, "r1.cust1");
    customer.get(&path).expect(200);
    redmine.change(|it| it.issue(id)["is_private"] = json!(true));

    let stopped = run(&["--delta"]);
    let compared = run(&["--verify"]);
    imported(&app, &redmine, &["--delta"]);

    assert_eq!(stopped.code, 1, "{}", stopped.out);
    assert!(
        stopped.err.contains(&format!("issue {id} was imported and is private now")),
        "{}",
        stopped.err
    );
    assert_eq!(compared.code, 1, "{}", compared.out);
    let sentence = format!("ticket {id}: the map leaves it out now, and it is here");
    assert!(compared.err.contains(&sentence), "{}", compared.err);
    customer.get(&path).expect(404);
    app.admin().get(&path).expect(200);
    let compared = imported(&app, &redmine, &["--verify"]);
    assert!(compared.contains("nothing differs"), "{compared}");
}

/// What becomes private there after people worked on it here cannot be moved: nothing more comes over, and each run
/// fails with its number until a person decides.
#[test]
fn sec_az01_what_becomes_private_after_local_work_is_not_passed_over() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let id = Redmine::tagged("new");
    let comment = json!({ "body": "Беру в работу." });
    app.engineer().post(&format!("/tickets/{id}/comments"), comment).expect(201);
    redmine.change(|it| {
        let issue = it.issue(id);
        issue["is_private"] = json!(true);
        issue["journals"] = json!([{
            "id": 99_001, "user": { "id": 33, "name": "Анна Попов" }, "notes": "Только между нами.",
            "created_on": "2027-01-01T00:00:00Z", "private_notes": false, "details": [],
        }]);
    });

    let delta = import(&app, &redmine, &["--delta"]);
    let again = import(&app, &redmine, &["--sweep"]);
    let compared = import(&app, &redmine, &["--verify"]);
    let decided = MAP.replace("[statuses]", &format!("stay_open = [{id}]\n[statuses]"));
    let stays = import_with(&app, &redmine, REDMINE_KEY, &decided, &["--delta"]);

    for output in [delta, again] {
        assert_eq!(output.code, 1, "{}", output.out);
        let sentence = format!("where their company still sees them as they were: №{id}");
        assert!(output.err.contains(&sentence), "{}", output.err);
    }
    assert_eq!(compared.code, 1, "{}", compared.out);
    let sentence = format!("ticket {id}: it is private there, and its company sees it here");
    assert!(compared.err.contains(&sentence), "{}", compared.err);
    assert_eq!(stays.code, 0, "{}", stays.err);
    let seen = person(&app, "r1.cust1").get(&format!("/tickets/{id}/comments")).expect(200).text;
    assert!(!seen.contains("между нами"), "{seen}");
}

/// A note that became private there is internal here, even if somebody corrected its text.
#[test]
fn sec_az01_a_corrected_note_that_becomes_private_is_hidden() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let id = Redmine::tagged("private-notes");
    let path = format!("/tickets/{id}/comments");
    let first = app.admin().all(&path)[0].clone();
    app.sql(&format!(
        "insert into comment_versions (comment_id, version, body, salt, written_at)
             select id, version, body, salt, created_at from comments where id = {0};
         update comments set version = 2, body = 'Исправлено здесь.' where id = {0}",
        first["id"]
    ));
    redmine.change(|it| it.issue(id)["journals"][0]["private_notes"] = json!(true));

    imported(&app, &redmine, &["--sweep"]);

    let now = app.admin().all(&path)[0].clone();
    assert_eq!((&now["internal"], &now["body"]), (&json!(true), &json!("Исправлено здесь.")));
}

/// A field that is not visible to all there has no place here that all see.
#[test]
fn sec_az01_a_hidden_field_is_not_mapped_to_a_public_one() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let map = MAP.replace("\"Серийный номер\" =", "\"Внутренний код\" =");

    let output = import_with(&app, &redmine, REDMINE_KEY, &map, &[]);

    assert_eq!(output.code, 1, "{}", output.out);
    assert!(
        output.err.contains("field «Внутренний код» is not visible to all there"),
        "{}",
        output.err
    );
}

/// What was archived there is read by nobody: its tickets and pages stay here, and the report names it.
#[test]
fn c1_tickets_of_an_archived_project_stay() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let articles = app.count("select from articles");
    let open = "select from users where is_active";
    let people = app.count(open);
    redmine.change(|it| it.archive(22));
    redmine.change(|it| it.archive(21));

    let delta = imported(&app, &redmine, &["--delta"]);
    let compared = imported(&app, &redmine, &["--verify"]);

    let remark =
        "project «ПАО «Волна» - Wi-Fi» was archived there: its tickets stay as they are here";
    assert_eq!(delta.matches(remark).count(), 1, "{delta}");
    assert!(compared.contains("archived there are 51 tickets"), "{compared}");
    assert_eq!(app.count("select from tickets"), 71);
    assert_eq!(app.count("select from articles"), articles);
    assert_eq!(app.count(open), people, "their people stay");
}

/// An assignee who is not support here is kept as a field, as a group is, and counted before.
#[test]
fn c1_an_assignee_who_is_not_support_is_kept_as_a_field() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let id = Redmine::tagged("new");
    redmine.change(|it| it.issue(id)["assigned_to"] = json!({ "id": 38, "name": "Павел Попов" }));

    let before = imported(&app, &redmine, &["--dry-run"]);
    imported(&app, &redmine, &[]);

    assert!(before.contains("assigned to others than support"), "{before}");
    assert!(before.contains("1: Павел Попов"), "{before}");
    let was = app.admin().get(&format!("/tickets/{id}/imported")).expect(200).body;
    let fields = was["fields"].as_array().unwrap();
    assert!(fields.iter().any(|it| it["value"] == "Павел Попов"), "{was}");
}

/// What the database cannot index or store comes over all the same: a serial number is cut, and whole among the
/// fields.
#[test]
fn c1_values_of_any_length_and_letter_are_imported() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let id = Redmine::tagged("new");
    // Not compressible, so that no index would take it.
    let long: String = (0..4000_u64)
        .map(|it| {
            char::from(
                b'!' + (it.wrapping_mul(6_364_136_223_846_793_005).rotate_left(17) % 90) as u8,
            )
        })
        .collect();
    redmine.change(|it| {
        it.issue(id)["custom_fields"] =
            json!([{ "id": 4, "value": long }, { "id": 5, "value": "стенд\0 А" }]);
    });

    imported(&app, &redmine, &[]);

    let admin = app.admin();
    let ticket = admin.get(&format!("/tickets/{id}")).expect(200).body;
    assert_eq!(ticket["serial_number"], long[..100]);
    let was = admin.get(&format!("/tickets/{id}/imported")).expect(200).body;
    let values: Vec<&Value> =
        was["fields"].as_array().unwrap().iter().map(|it| &it["value"]).collect();
    assert!(values.contains(&&json!(long)) && values.contains(&&json!("стенд А")), "{values:?}");
    assert_eq!(import(&app, &redmine, &["--verify"]).code, 0);
}
