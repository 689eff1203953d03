//! Who finds which articles (AZ04).

use serde_json::json;

use crate::support::{TestApp, article, with};

/// AZ04: drafts, archived articles and those for staff are in no result, count, correction, suggestion and
/// excerpt of whoever may not read them.
#[test]
fn sec_az04_nobody_finds_articles_that_they_may_not_read() {
    let app = TestApp::spawn();
    let (engineer, customer, admin) = (app.engineer(), app.customer(), app.admin());
    let create = |word: &str| {
        let title = json!({ "title": format!("Статья про {word}") });
        engineer.post("/articles", with(article(), &title)).expect(201).id()
    };
    create("черновикоид");
    let staff = create("служебникоид");
    engineer.publishes_article(staff, 1, "staff").expect(200);
    let archived = create("архивникоид");
    engineer.publishes_article(archived, 1, "customers").expect(200);
    engineer.call("POST", &format!("/articles/{archived}/archive"), None).expect(200);
    let open = create("открытикоид");
    engineer.publishes_article(open, 1, "customers").expect(200);

    for (reader, readable) in [
        (&customer, vec!["открытикоид"]),
        (&app.stranger(), vec!["открытикоид"]),
        (&engineer, vec!["открытикоид", "служебникоид"]),
        (&admin, vec!["открытикоид", "служебникоид"]),
    ] {
        for word in ["черновикоид", "служебникоид", "архивникоид", "открытикоид"]
        {
            let count = usize::from(readable.contains(&word));
            let beginning: String = word.chars().take(6).collect();
            assert_eq!(reader.is_suggested(&beginning).len(), count, "{word}");
            for typed in [word.to_owned(), word.replace("коид", "койд")] {
                let found = reader.searches_with(&typed, "").expect(200);
                assert_eq!(found.items().len(), count, "{typed}");
                assert_eq!(found.body["total"]["count"], count, "{typed}");
                let corrected = &found.body["interpreted_as"];
                assert_eq!(
                    corrected.is_array(),
                    count > 0 && typed != word,
                    "{typed}: {corrected}"
                );
            }
        }
    }
    let found = customer.searches_with("открытикоид", "&in=articles").expect(200);
    let item = &found.items()[0];
    assert_eq!((&item["kind"], &item["article"]["id"]), (&json!("article"), &json!(open)));
    assert_eq!(item["found_in"][0]["place"], "articles");
    assert_eq!(
        customer.searches_with("открытикоид", "&in=subject,notes").expect(200).items().len(),
        0
    );
    app.commercial().searches_with("открытикоид", "").expect(403);
}

/// Advantage 4: a customer with a known problem is shown its article, before filing and after.
#[test]
fn a4_articles_are_among_what_is_similar() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let of = |number: u8| {
        json!({
            "title": format!("Шлюз зависает с протоколом телекристалл {number}"),
            "problem": "После включения телекристалла шлюз перестает отвечать и горит Alarm.",
        })
    };
    let public = app.article_for_customers(with(article(), &of(1)));
    let staff = engineer.post("/articles", with(article(), &of(2))).expect(201).id();
    engineer.publishes_article(staff, 1, "staff").expect(200);
    let request = app.request_with(&json!({
        "subject": "Зависает шлюз, включен телекристалл",
        "description": "Через час после включения телекристалла шлюз не отвечает, горит Alarm.",
    }));
    let articles = |items: &serde_json::Value| -> Vec<i64> {
        items.as_array().unwrap().iter().filter_map(|it| it["article"]["id"].as_i64()).collect()
    };

    let checked = customer.post("/tickets/check", request.clone()).expect(200);
    let ticket = customer.has_filed(request);
    app.wait_for_index();

    assert_eq!(articles(&checked.body["similar"]), [public]);
    let similar = format!("/tickets/{ticket}/similar");
    assert_eq!(articles(&customer.get(&similar).expect(200).body["items"]), [public]);
    let mut known = articles(&engineer.get(&similar).expect(200).body["items"]);
    known.sort_unstable();
    assert_eq!(known, [public, staff]);
}
