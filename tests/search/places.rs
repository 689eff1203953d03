//! A hit counts only in the places that are named.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::support::{TestApp, wait_until};

/// Advantage 4: `in` names the places in which a word counts, and where it is shown.
#[test]
fn a4_a_hit_counts_only_in_the_places_that_are_named() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let files =
        json!([{ "upload_id": customer.uploaded("файликоид.txt", "текст вложикоид".as_bytes()) }]);
    let ticket = customer.has_filed(app.request_with(&json!({
        "subject": "Темикоид не отвечает", "description": "Описикоид молчит с утра.", "attachments": files,
    })));
    customer.replies(ticket, "Отвечикоид стоит рядом с темикоидом.");
    engineer.writes_note(ticket, "Заметикоид в лаборатории, файликоид тоже.");
    let note = "Пометикоид.";
    let secret =
        json!([{ "upload_id": engineer.uploaded("скрытикоид.txt", b"a"), "description": "a" }]);
    engineer
        .says(ticket, json!({ "body": note, "internal": true, "attachments": secret }))
        .expect(201);
    app.wait_for_file_texts();
    app.wait_for_index();

    const PLACES: [&str; 6] = ["subject", "description", "comments", "notes", "files", "articles"];
    for (word, places) in [
        ("темикоид", &["subject", "comments"][..]),
        ("описикоид", &["description"]),
        ("отвечикоид", &["comments"]),
        ("заметикоид", &["notes"]),
        ("файликоид", &["files", "notes"]),
        ("вложикоид", &["files"]),
        ("скрытикоид", &["files"]),
        ("\"темикоид не отвечает\"", &["subject"]),
        ("\"текст вложикоид\"", &["files"]),
    ] {
        for place in PLACES {
            let found = engineer.searches_with(word, &format!("&in={place}")).expect(200);
            let count = usize::from(places.contains(&place));
            assert_eq!(found.items().len(), count, "{word} in {place}");
            assert_eq!(found.body["total"]["count"], count, "{word} in {place}");
            for shown in found.items().iter().flat_map(|it| it["found_in"].as_array().unwrap()) {
                assert_eq!(shown["place"], place, "{word} in {place}");
            }
        }
        let all = engineer.searches_with(word, &format!("&in={}", places.join(","))).expect(200);
        assert_eq!(all.items().len(), 1, "{word}");
    }
    let apart = engineer.searches_with("темикоид описикоид", "&in=subject").expect(200);
    assert_eq!(apart.items().len(), 1, "a word without a hit hides no result");
    for place in ["notes", "files"] {
        let found = customer.searches_with("заметикоид", &format!("&in={place}")).expect(200);
        assert_eq!(found.body["total"]["count"], 0, "{place}");
    }
}

/// A page continues after the last result seen, whatever was written since.
#[test]
fn pages_go_on_where_they_were_while_tickets_are_written() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let filed = |count: usize| -> Vec<i64> {
        let request = || app.request_with(&json!({ "subject": "Шлюз теряет крокоиты" }));
        let engineer = app.engineer();
        let created = (0..count).map(|_| {
            engineer
                .has_filed(crate::support::with(request(), &json!({ "author_id": customer.id })))
        });
        created.collect()
    };
    let first = filed(6);
    app.wait_for_index();
    for sort in ["relevance", "-created_at"] {
        let query =
            format!("/search?q=%D0%BA%D1%80%D0%BE%D0%BA%D0%BE%D0%B8%D1%82&limit=3&sort={sort}");
        let page = customer.get(&query).expect(200);
        let number = |it: &serde_json::Value| it["ticket"]["id"].as_i64().unwrap();
        let mut seen: Vec<i64> = page.items().iter().map(number).collect();
        filed(3);
        app.wait_for_index();
        let mut next = page.body["next_cursor"].clone();
        while let Some(cursor) = next.as_str() {
            let page = customer.get(&format!("{query}&cursor={cursor}")).expect(200);
            seen.extend(page.items().iter().map(number));
            next = page.body["next_cursor"].clone();
        }
        let mut distinct = seen.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), seen.len(), "{sort}: {seen:?}");
        assert!(first.iter().all(|it| seen.contains(it)), "{sort}: {seen:?}");
    }
}

/// A product with a new name is found by it, and no longer by the old one: in tickets and in articles.
#[test]
fn a_renamed_product_is_found_by_its_new_name() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let ticket = customer.has_filed(app.request());
    let about = json!({ "product_ids": [app.ids.product] });
    let article =
        app.article_for_customers(crate::support::with(crate::support::article(), &about));
    app.wait_for_index();
    assert_eq!(
        (customer.finds("SMG-1016M"), customer.finds_articles("SMG1016")),
        (vec![ticket], vec![article])
    );

    let path = format!("/products/{}", app.ids.product);
    app.admin().patch(&path, json!({ "name": "Гелиотроп-77" })).expect(200);
    wait_until("the new name is known", || app.count("select from search_renamed") == 0);

    assert_eq!(customer.finds("гелиотроп77"), [ticket]);
    assert_eq!(customer.finds_articles("гелиотроп77"), [article]);
    assert_eq!(customer.finds("SMG-1016M"), Vec::<i64>::new());
    assert_eq!(customer.finds_articles("SMG-1016M"), Vec::<i64>::new());
}

/// The tickets of a renamed product are reindexed while people write without a pause.
#[test]
fn a_product_is_renamed_while_people_write() {
    const MOST: usize = 600;

    let app = TestApp::spawn();
    let customer = app.customer();
    let ticket = customer.has_filed(app.request());
    let busy = app.ticket("in_progress");
    app.wait_for_index();
    let written = AtomicUsize::new(0);

    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while written.fetch_add(1, Ordering::Relaxed) < MOST {
                    app.engineer().replies(busy, "Проверяем.");
                }
            });
        }
        let path = format!("/products/{}", app.ids.product);
        app.admin().patch(&path, json!({ "name": "Гелиотроп-77" })).expect(200);
        wait_until("the new name is known", || customer.finds("гелиотроп77").contains(&ticket));
        assert!(written.fetch_add(MOST, Ordering::Relaxed) < MOST);
    });
}
