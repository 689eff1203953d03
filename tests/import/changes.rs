//! What changes after a first import, there and here.

use serde_json::{Value, json};

use super::command::{import, imported};
use crate::support::{Redmine, TestApp};

/// What was changed there as people do comes with the next sweep, and both sides are equal again.
#[test]
fn c1_changes_in_the_source_are_imported() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let id = Redmine::tagged("private-notes");
    let (gone, other) = (Redmine::tagged("work"), Redmine::tagged("resolved"));
    redmine.change(|it| {
        let issue = it.issue(id);
        issue["journals"][0]["notes"] = json!("Видно заказчику, исправлено.");
        issue["journals"][5]["notes"] = json!("");
        issue["attachments"][0]["filename"] = json!("renamed.txt");
        issue["watchers"] = json!([{ "id": 33, "name": "Анна Попов" }]);
        issue["priority"] = json!({ "id": 4, "name": "Критический" });
        it.issue(other)["attachments"] = json!([]);
        it.issues.retain(|it| it["id"] != gone);
    });

    let delta = imported(&app, &redmine, &["--delta"]);
    let swept = imported(&app, &redmine, &["--sweep"]);
    let compared = imported(&app, &redmine, &["--verify"]);
    let again = imported(&app, &redmine, &["--sweep"]);

    assert!(delta.contains("3 were changed"), "{delta}");
    assert!(swept.contains("0 tickets are new, 0 were changed"), "{swept}");
    assert!(compared.contains("nothing differs"), "{compared}");
    assert!(again.contains("0 were changed"), "{again}");
    let admin = app.admin();
    let comments = admin.all(&format!("/tickets/{id}/comments"));
    assert_eq!(comments[0]["body"], "Видно заказчику, исправлено.");
    assert_eq!(comments[0]["version"], 2);
    assert_eq!(admin.get(&format!("/tickets/{id}")).expect(200).body["priority"], "critical");
    admin.get(&format!("/tickets/{gone}")).expect(404);
    for id in [id, other] {
        let verified = admin.get(&format!("/tickets/{id}/history/verify")).expect(200).body;
        assert_eq!(verified["intact"], true, "{verified}");
    }
}

/// Notes that only single issues show are found by a sweep, and not by a delta.
#[test]
fn c1_a_sweep_sees_what_lists_do_not_show() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let id = Redmine::tagged("private-notes");
    redmine.change(|it| it.issue(id)["journals"][0]["notes"] = json!("Исправлено."));

    let delta = imported(&app, &redmine, &["--delta"]);
    let differs = import(&app, &redmine, &["--verify"]);
    let swept = imported(&app, &redmine, &["--sweep"]);
    let equal = imported(&app, &redmine, &["--verify"]);

    assert!(delta.contains("0 were changed"), "{delta}");
    assert_eq!(differs.code, 1);
    assert!(differs.err.contains(&format!("ticket {id}")), "{}", differs.err);
    assert!(swept.contains("1 were changed"), "{swept}");
    assert!(equal.contains("nothing differs"), "{equal}");
}

/// What people did here is neither overwritten nor lost: new notes come, fields are listed.
#[test]
fn c1_local_work_is_preserved() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    imported(&app, &redmine, &[]);
    let id = Redmine::tagged("new");
    let engineer = app.engineer();
    let comment = json!({ "body": "Беру в работу." });
    engineer.post(&format!("/tickets/{id}/comments"), comment).expect(201);
    redmine.change(|it| {
        let issue = it.issue(id);
        issue["status"] = json!({ "id": 5, "name": "Закрыта" });
        issue["updated_on"] = json!("2027-01-01T00:00:00Z");
        issue["journals"] = json!([{
            "id": 99_001, "user": { "id": 33, "name": "Анна Попов" }, "notes": "Ещё там.",
            "created_on": "2027-01-01T00:00:00Z", "private_notes": false, "details": [],
        }]);
    });

    let delta = imported(&app, &redmine, &[]);
    let again = imported(&app, &redmine, &["--sweep"]);
    let compared = imported(&app, &redmine, &["--verify"]);

    assert!(delta.contains(&format!("ticket {id}: people worked on it here")), "{delta}");
    assert!(again.contains("0 were changed"), "{again}");
    assert!(compared.contains(&format!("which are not compared: {id}")), "{compared}");
    assert_eq!(engineer.get(&format!("/tickets/{id}")).expect(200).body["status"], "new");
    let bodies: Vec<Value> = engineer
        .all(&format!("/tickets/{id}/comments"))
        .iter()
        .map(|it| it["body"].clone())
        .collect();
    assert_eq!(bodies, ["Беру в работу.", "Ещё там."]);
    let output = import(&app, &redmine, &["--discard-import"]);
    assert_eq!(output.code, 1);
    assert!(output.err.contains("people have worked"), "{}", output.err);
}

/// A page of a wiki is a draft for support, with its author and files; it follows the wiki until somebody works
/// on it here.
#[test]
fn c1_pages_of_wikis_are_drafts_of_articles() {
    let app = TestApp::spawn();
    let redmine = Redmine::start();
    let out = imported(&app, &redmine, &[]);
    let (admin, customer) = (app.admin(), app.customer());
    let named = |title: &str| {
        let drafts = admin.all("/articles?status=draft");
        drafts.into_iter().find(|it| it["title"] == title)
    };
    let edited = |title: &str, version: i64, text: &str| {
        redmine.change(|it| {
            let page = it.lists.get_mut(&format!("/projects/21/wiki/{title}.json")).unwrap();
            page["wiki_page"]["text"] = json!(text);
            let index = it.lists.get_mut("/projects/21/wiki/index.json").unwrap();
            let pages = index["wiki_pages"].as_array_mut().unwrap().iter_mut();
            pages.filter(|it| it["title"] == title).for_each(|it| it["version"] = json!(version));
        });
    };

    assert!(out.contains("2 pages of wikis are drafts of articles"), "{out}");
    let rules = named("Регламент").unwrap();
    let path = format!("/articles/{}", rules["id"]);
    assert_eq!(
        (rules["problem"].as_str(), rules["solution"].as_str()),
        (
            Some("Страница wiki проекта «ПАО «Волна» - SDN»"),
            Some("Регламент, редакция 2\n\nСроки реакции: 1 ч / 4 ч / 1 день.")
        )
    );
    assert_eq!(rules["editing"]["author"]["name"], "Анна Попов");
    let file = &rules["attachments"][0];
    assert_eq!((&file["filename"], &file["size"]), (&json!("план.png"), &json!(8415)));
    assert!(
        named("Контакты").unwrap()["problem"].as_str().unwrap().ends_with("раздел «Регламент»")
    );
    customer.get(&path).expect(404);

    edited("Регламент", 3, "# Третья\n");
    imported(&app, &redmine, &["--delta"]);
    let followed = admin.get(&path).expect(200).body;
    assert_eq!((&followed["version"], &followed["solution"]), (&json!(2), &json!("Третья\n")));
    let patch = json!({ "solution": "Исправлено здесь." });
    admin.patch(&path, patch).expect(200);
    edited("Регламент", 4, "Четвертая");
    edited("Контакты", 2, "Дежурный: доб. 200");
    redmine.change(|it| {
        let pages = &mut it.lists.get_mut("/projects/21/wiki/index.json").unwrap()["wiki_pages"];
        pages.as_array_mut().unwrap().retain(|it| it["title"] != "Контакты");
    });
    let output = imported(&app, &redmine, &["--sweep"]);
    let compared = imported(&app, &redmine, &["--verify"]);

    assert!(
        output.contains(&format!("article {}: people worked on it here", rules["id"])),
        "{output}"
    );
    assert_eq!(admin.get(&path).expect(200).body["solution"], "Исправлено здесь.");
    assert_eq!(named("Контакты"), None);
    assert!(compared.contains("people worked on 1 articles"), "{compared}");
    let discarded = import(&app, &redmine, &["--discard-import"]);
    assert!(discarded.err.contains("people have worked on imported articles"), "{}", discarded.err);
    assert!(discarded.err.contains("the import stays"), "{}", discarded.err);
}
