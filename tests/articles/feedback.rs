//! Whether articles help.

use serde_json::json;

use crate::support::{TestApp, article};

fn counts(app: &TestApp, id: i64) -> (i64, i64) {
    let read = app.engineer().get(&format!("/articles/{id}")).expect(200);
    let count = |it: &str| read.body["editing"][it].as_i64().unwrap();
    (count("helped_count"), count("not_helped_count"))
}

/// A reader counts once, and may change their mind.
#[test]
fn each_reader_gives_feedback_once() {
    let app = TestApp::spawn();
    let id = app.article_for_customers(article());
    let path = format!("/articles/{id}/feedback");

    app.customer().post(&path, json!({ "helped": false })).expect(204);
    app.stranger().post(&path, json!({ "helped": true })).expect(204);
    assert_eq!(counts(&app, id), (1, 1));
    app.customer().post(&path, json!({ "helped": true })).expect(204);
    assert_eq!(counts(&app, id), (2, 0));
}

/// Advantage 4: confirming a ticket's solution counts as help from the article named in it.
#[test]
fn a4_a_confirmation_says_that_the_article_helped() {
    let app = TestApp::spawn();
    let (engineer, customer) = (app.engineer(), app.customer());
    let (named, own) = (app.article_for_customers(article()), app.article_for_customers(article()));
    let ticket = app.ticket("in_progress");

    let resolved = json!({ "to": "resolved", "comment": "Помогает статья.", "article_id": named });
    engineer.post(&format!("/tickets/{ticket}/transitions"), resolved).expect(200);
    let comments = customer.get(&format!("/tickets/{ticket}/comments")).expect(200);
    let title = &customer.get(&format!("/articles/{named}")).body["title"];
    let article = &comments.items().last().unwrap()["article"];
    assert_eq!(*article, json!({ "id": named, "name": title }));
    assert_eq!(counts(&app, named), (0, 0));
    customer.confirms_with(ticket, json!({ "comment": "Помогло.", "article_id": own })).expect(200);

    assert_eq!((counts(&app, named), counts(&app, own)), ((1, 0), (1, 0)));
}

/// Advantage 4: what everybody reads refers to nothing that customers cannot read.
#[test]
fn a4_a_comment_refers_to_articles_that_its_readers_may_read() {
    let app = TestApp::spawn();
    let (engineer, customer) = (app.engineer(), app.customer());
    let public = app.article_for_customers(article());
    let draft = engineer.post("/articles", article()).expect(201).id();
    let ticket = app.ticket("in_progress");
    let refers = |to: i64| json!({ "body": "Смотрите статью.", "article_id": to });
    let note = json!({ "body": "Статья еще не готова.", "article_id": draft, "internal": true });

    assert_eq!(
        engineer.says(ticket, refers(draft)).expect(422).errors(),
        ["/article_id not_applicable"]
    );
    assert_eq!(
        engineer.says(ticket, refers(4_000_000)).expect(422).errors(),
        ["/article_id not_found"]
    );
    assert_eq!(
        customer.says(ticket, refers(draft)).expect(422).errors(),
        ["/article_id not_found"]
    );
    let silent = json!({ "to": "on_hold", "article_id": public });
    let silent = engineer.post(&format!("/tickets/{ticket}/transitions"), silent).expect(422);
    assert!(silent.errors().contains(&"/article_id not_applicable".to_owned()), "{}", silent.text);
    engineer.says(ticket, note).expect(201);
    customer.says(ticket, refers(public)).expect(201);
}
