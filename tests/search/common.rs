//! Common words: of words that many tickets have, the newest are found, and those that have all of them first.

use serde_json::json;

use crate::support::{Person, TestApp, encoded};

/// The numbers of tickets with these descriptions.
fn file(app: &TestApp, by: &Person, descriptions: &[&str]) -> Vec<i64> {
    let requests = descriptions.iter().map(|it| {
        by.has_filed(app.request_with(
            &json!({ "subject": "Заявка", "description": it, "author_id": app.customer().id }),
        ))
    });
    requests.collect()
}

/// As if a million tickets had been filed since, half of which have the words.
fn as_if_common(app: &TestApp, words: &[&str]) {
    app.wait_for_index();
    app.sql("update search_words set tickets = 1000000 where text = ''");
    for word in words {
        app.sql(&format!("update search_words set tickets = 500000 where text like '{word}%'"));
    }
    app.sql("select setval(pg_get_serial_sequence('tickets', 'id'), 1000000)");
    app.ticket("new");
    app.wait_for_index();
}

/// Advantage 4: a word that half of all tickets have, but none of the newer half, is found all the same.
#[test]
fn a4_a_common_word_of_old_tickets_is_found() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let old = file(&app, &engineer, &["Коммутатор гудит."]);
    as_if_common(&app, &["коммутатор", "гуд"]);

    for person in [&engineer, &app.customer()] {
        assert_eq!(person.finds("коммутатор"), old);
        assert_eq!(person.finds("коммутатор гудит"), old);
        assert_eq!(person.finds("коммутатор -сервер"), old);
    }
    let listed = engineer.get(&format!("/tickets?q={}", encoded("коммутатор"))).expect(200);
    assert_eq!(listed.items()[0]["id"], old[0]);
}

/// Advantage 4: an older ticket with both words comes before newer ones with one of them.
#[test]
fn a4_tickets_with_all_words_come_before_newer_ones_with_one() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let both = file(&app, &engineer, &["Коммутатор гудит."]);
    as_if_common(&app, &["коммутатор", "гуд"]);
    file(&app, &engineer, &["Коммутатор греется.", "Трансформатор гудит.", "Коммутатор стоит."]);
    app.wait_for_index();

    assert_eq!(engineer.finds("коммутатор гудит")[0], both[0]);
}

/// What nobody has is not looked for without end: filters may leave out all that is found.
#[test]
fn a4_a_common_word_and_a_filter_that_nothing_passes_find_nothing() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    file(&app, &engineer, &["Коммутатор гудит."]);
    as_if_common(&app, &["коммутатор"]);

    let found = engineer.searches_with("коммутатор", "&status=closed").expect(200);
    assert!(found.items().is_empty());
}
