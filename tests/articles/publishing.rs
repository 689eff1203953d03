//! Articles are written in versions, and published one by one.

use serde_json::{Value, json};

use crate::support::{TestApp, article, ids, with};

/// Advantage 4: an article is found once it is published, as it was published, until it is archived.
#[test]
fn a4_an_article_is_found_as_it_was_published() {
    let app = TestApp::spawn();
    let (engineer, customer) = (app.engineer(), app.customer());
    let draft = with(article(), &json!({ "title": "Перегревается тахеометрон" }));
    let id = engineer.post("/articles", draft).expect(201).id();
    let path = format!("/articles/{id}");

    assert_eq!(engineer.finds_articles("тахеометрон"), Vec::<i64>::new());
    customer.get(&path).expect(404);
    engineer.publishes_article(id, 1, "staff").expect(200);
    assert_eq!(engineer.finds_articles("тахеометрон"), [id]);
    customer.get(&path).expect(404);
    engineer.publishes_article(id, 1, "customers").expect(200);
    assert_eq!(customer.finds_articles("тахеометроны"), [id]);

    let edited = json!({ "title": "Перегревается обсервометр", "problem": "Горячо." });
    let edited = engineer.patch(&path, edited).expect(200);
    assert_eq!(
        (&edited.body["version"], &edited.body["editing"]["published_version"]),
        (&json!(2), &json!(1))
    );
    let read = customer.get(&path).expect(200);
    assert_eq!(
        (&read.body["version"], &read.body["title"]),
        (&json!(1), &json!("Перегревается тахеометрон"))
    );
    assert_eq!(read.body["editing"], Value::Null);
    for reader in [&customer, &engineer] {
        assert_eq!(reader.finds_articles("обсервометр"), Vec::<i64>::new());
        assert_eq!(reader.finds_articles("тахеометрон"), [id]);
    }
    assert_eq!(engineer.publishes_article(id, 1, "customers").status, 412);
    engineer.publishes_article(id, 2, "customers").expect(200);
    for reader in [&customer, &engineer] {
        assert_eq!(reader.finds_articles("тахеометрон"), Vec::<i64>::new());
        assert_eq!(reader.finds_articles("обсервометр"), [id]);
    }

    engineer.call("POST", &format!("{path}/archive"), None).expect(200);
    customer.get(&path).expect(404);
    assert_eq!(engineer.finds_articles("обсервометр"), Vec::<i64>::new());
    assert_eq!(
        app.count("select from search_words where text like 'тахеом%' or text like 'обсерв%'"),
        0
    );
    let versions = engineer.get(&format!("{path}/versions")).expect(200);
    let titles: Vec<_> = versions.items().iter().map(|it| it["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Перегревается тахеометрон", "Перегревается обсервометр"]);
}

/// Advantage 4: what crosses companies is read by two where admins want that.
#[test]
fn a4_whoever_wrote_an_article_does_not_publish_it_to_customers() {
    let app = TestApp::spawn();
    let (engineer, admin) = (app.engineer(), app.admin());
    let id = engineer.post("/articles", article()).expect(201).id();
    assert_eq!(
        admin.get("/settings/articles").expect(200).body,
        json!({ "articles_need_review": false })
    );
    admin.put("/settings/articles", json!({ "articles_need_review": true })).expect(200);

    assert_eq!(engineer.publishes_article(id, 1, "customers").expect(409).code(), "review_needed");
    engineer.publishes_article(id, 1, "staff").expect(200);
    app.customer().get(&format!("/articles/{id}")).expect(404);
    let published = admin.publishes_article(id, 1, "customers").expect(200);

    assert_eq!(published.body["editing"]["published_by"]["id"], admin.id);
    app.customer().get(&format!("/articles/{id}")).expect(200);
    admin.patch(&format!("/articles/{id}"), json!({ "solution": "Иначе." })).expect(200);
    assert_eq!(admin.publishes_article(id, 2, "customers").expect(409).code(), "review_needed");
    engineer.publishes_article(id, 2, "customers").expect(200);
}

/// What an article refers to exists; translations know each other, as far as they may be read.
#[test]
fn an_article_refers_to_products_tickets_and_translations() {
    let app = TestApp::spawn();
    let (engineer, customer) = (app.engineer(), app.customer());
    let wrong = engineer.post("/articles", with(article(), &json!({
        "product_ids": [app.ids.product, app.ids.product, 4_000_000], "source_ticket_ids": [4_000_000],
        "attachments": [{ "upload_id": "up_none" }],
    })));
    let russian = app.article_for_customers(with(
        article(),
        &json!({
            "product_ids": [app.ids.product], "version_from": "3.20.1",
        }),
    ));
    let kazakh = json!({ "language": "kk", "translation_of": russian });
    let kazakh = engineer.post("/articles", with(article(), &kazakh)).expect(201).id();
    let another = json!({ "language": "kk", "translation_of": kazakh });
    let another = engineer.post("/articles", with(article(), &another));

    assert_eq!(
        wrong.expect(422).errors(),
        [
            "/product_ids/1 repeated",
            "/product_ids/2 not_found",
            "/source_ticket_ids/0 not_found",
            "/attachments/0/upload_id not_found",
        ]
    );
    assert_eq!(another.expect(422).errors(), ["/language taken"]);
    let of = |it: &Value| it["translations"][0]["id"].as_i64();
    let read = |id: i64| engineer.get(&format!("/articles/{id}")).expect(200).body;
    assert_eq!((of(&read(russian)), of(&read(kazakh))), (Some(kazakh), Some(russian)));
    assert_eq!(of(&customer.get(&format!("/articles/{russian}")).expect(200).body), None);
    engineer.publishes_article(kazakh, 1, "customers").expect(200);
    assert_eq!(of(&customer.get(&format!("/articles/{russian}")).expect(200).body), Some(kazakh));
    let list = |query: &str| ids(customer.get(&format!("/articles{query}")).expect(200).items());
    assert_eq!(list(""), [kazakh, russian]);
    assert_eq!(list("?language=kk"), [kazakh]);
    assert_eq!(list(&format!("?product_id={}", app.ids.product)), [russian]);
}

/// Files come out with the version that they came with.
#[test]
fn files_of_an_article_are_published_with_their_version() {
    let app = TestApp::spawn();
    let (engineer, customer) = (app.engineer(), app.customer());
    let file =
        |name: &str, text: &str| json!([{ "upload_id": engineer.uploaded(name, text.as_bytes()) }]);
    let first = json!({ "attachments": file("scheme.txt", "строка гиперборей") });
    let id = app.article_for_customers(with(article(), &first));
    let path = format!("/articles/{id}");
    let second = json!({ "attachments": file("patch.txt", "секретный") });
    let both =
        ids(engineer.patch(&path, second).expect(200).body["attachments"].as_array().unwrap());

    let read = customer.get(&path).expect(200);

    assert_eq!(ids(read.body["attachments"].as_array().unwrap()), both[..1]);
    customer.get(&format!("/attachments/{}", both[0])).expect(200);
    customer.get(&format!("/attachments/{}", both[1])).expect(404);
    app.wait_for_file_texts();
    assert_eq!(customer.finds_articles("гипербореи"), [id]);
    assert_eq!(customer.finds_articles("patch"), Vec::<i64>::new());
    engineer.publishes_article(id, 2, "customers").expect(200);
    customer.get(&format!("/attachments/{}", both[1])).expect(200);
    assert_eq!(app.stranger().finds_articles("секретный"), [id]);
}
