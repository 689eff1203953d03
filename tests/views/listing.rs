//! Views: lists of tickets under a name.

use serde_json::{Value, json};

use crate::support::{Person, TestApp};

fn named(person: &Person, name: &str) -> Option<Value> {
    let views = person.all("/views?counts=true");
    views.into_iter().find(|it| it["name"] == name || it["code"] == name)
}

fn view(name: &str, shared_with: Option<&str>) -> Value {
    json!({
        "name": name, "filters": { "assignee_id": ["me"], "status": ["open"] },
        "sort": "due_at", "columns": ["id", "subject"], "shared_with": shared_with,
    })
}

/// App. 2: views are there from the start, with their names in the reader's language and what is in them
/// for the reader.
#[test]
fn views_are_there_from_the_start() {
    let app = TestApp::spawn();
    let new = app.ticket("new");
    app.ticket("in_progress");
    app.ticket("feedback");
    let engineer = app.engineer();
    let names = |language: &str| -> Vec<String> {
        let page = engineer.send("GET", "/views", &[("accept-language", language)], None);
        page.expect(200).items().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
    };

    assert_eq!(
        names("ru"),
        [
            "Мои",
            "Просроченные",
            "Без исполнителя",
            "Ждут заказчика",
            "Ждут релиза",
            "Новые без ответа"
        ]
    );
    assert_eq!(names("en")[0], "Mine");
    assert_eq!(names("kk")[0], "Менікі");
    let total =
        |person: &Person, code: &str| named(person, code).unwrap()["total"]["count"].clone();
    assert_eq!(total(&engineer, "mine"), 2);
    assert_eq!(total(&engineer, "unassigned"), 1);
    assert_eq!(total(&engineer, "waiting_for_customer"), 1);
    assert_eq!(total(&app.customer(), "mine"), 3);
    assert_eq!(total(&app.stranger(), "new_unanswered"), 0);
    assert_eq!(named(&app.customer(), "unassigned"), None);
    assert_eq!(total(&engineer, "new_unanswered"), 1);
    engineer.replies(new, "Какая версия ПО?");
    assert_eq!(
        (&engineer.ticket(new)["status"], total(&engineer, "new_unanswered")),
        (&json!("new"), json!(0))
    );
}

/// A view counts what the list with its filters has, for each of its readers.
#[test]
fn a_view_is_the_list_of_its_filters() {
    let app = TestApp::spawn();
    app.ticket("in_progress");
    let created = app.admin().post("/views", view("В работе", Some("staff"))).expect(201);

    let (seen, other) = (
        named(&app.engineer(), "В работе").unwrap(),
        named(&app.other_engineer(), "В работе").unwrap(),
    );

    assert_eq!(seen["total"], json!({ "count": 1, "is_exact": true }));
    assert_eq!(other["total"], json!({ "count": 0, "is_exact": true }));
    assert_eq!(seen["filters"], json!({ "assignee_id": ["me"], "status": ["open"] }));
    assert_eq!((&seen["is_editable"], &created.body["is_editable"]), (&json!(false), &json!(true)));
    assert_eq!(seen["id"], created.body["id"]);
}

/// AZ04: a view is seen by those it is shared with, and changed by its owner alone.
#[test]
fn sec_az04_a_view_is_seen_by_whom_it_is_shared_with() {
    let app = TestApp::spawn();
    let own = app.customer().post("/views", view("Личная", None)).expect(201).id();
    let ours = app.customer().post("/views", view("Наша", Some("company"))).expect(201).id();
    app.admin().post("/views", view("Для поддержки", Some("staff"))).expect(201);

    assert!(named(&app.colleague(), "Личная").is_none());
    assert!(named(&app.colleague(), "Наша").is_some());
    assert!(named(&app.colleague(), "Для поддержки").is_none());
    assert!(named(&app.stranger(), "Наша").is_none());
    assert!(named(&app.engineer(), "Наша").is_none());
    let path = format!("/views/{ours}");
    let patch = json!({ "name": "Чужая" });
    assert_eq!(app.colleague().patch(&path, patch.clone()).status, 403);
    assert_eq!(app.stranger().patch(&path, patch).status, 404);
    assert_eq!(app.colleague().delete(&path).status, 403);
    app.customer().patch(&path, json!({ "shared_with": null })).expect(200);
    assert_eq!(app.colleague().get(&path).status, 404);
    app.customer().delete(&format!("/views/{own}")).expect(204);
    assert!(named(&app.customer(), "Личная").is_none());
}

/// Forbidden sharing and invalid filters are refused with a reason.
#[test]
fn bad_views_are_refused() {
    let app = TestApp::spawn();
    let errors = |person: &Person, body: Value| person.post("/views", body).expect(422).errors();

    assert_eq!(errors(&app.customer(), view("x", Some("staff"))), ["/shared_with not_permitted"]);
    assert_eq!(errors(&app.engineer(), view("x", Some("staff"))), ["/shared_with not_permitted"]);
    assert_eq!(errors(&app.engineer(), view("x", Some("company"))), ["/shared_with not_permitted"]);
    let wrong = json!({ "name": "x", "filters": { "colour": "red", "status": ["done"] } });
    let found = errors(&app.engineer(), wrong);
    assert!(found.contains(&"/filters/colour unknown_field".to_owned()), "{found:?}");
    assert!(found.contains(&"/filters/status/0 not_one_of".to_owned()), "{found:?}");
}
