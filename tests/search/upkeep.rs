//! The index follows what is written, corrected and redacted.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Server, TestApp, article, at_once, helpdesk, on_database, wait_until};

/// Advantage 4: what was written is soon found, and what a correction took away no longer.
#[test]
fn a4_what_was_written_is_found_within_a_second() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    app.wait_for_index();

    let comment = app.customer().replies(id, "В журнале появилась строка «бирюзовый».").id();
    let started = Instant::now();
    wait_until("the comment is found", || app.customer().finds("бирюзового") == [id]);
    // As the machine of the tests is a slow one, which also starts other servers meanwhile.
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());

    let corrected = json!({ "body": "В журнале появилась строка «янтарный»." });
    app.customer().patch(&format!("/tickets/{id}/comments/{comment}"), corrected).expect(200);
    wait_until("the correction is found", || app.customer().finds("янтарная") == [id]);
    assert_eq!(app.customer().finds("бирюзовый"), Vec::<i64>::new());
}

/// Advantage 4: a redacted text is not found from the same instant on, and its words are gone from the vocabulary.
#[test]
fn a4_redacted_text_is_no_longer_found() {
    let app = TestApp::spawn();
    let (customer, admin) = (app.customer(), app.admin());
    let id = customer.has_filed(app.request_with(&json!({ "steps": "Ввели пароль лазуритовый." })));
    let comment = customer.replies(id, "Пароль администратора — обсидианчик.").id();
    app.wait_for_index();
    assert_eq!(admin.finds("обсидианчик"), [id]);
    assert_eq!(admin.is_suggested("лазурит"), ["лазуритовый"]);

    let reason = json!({ "reason": "Пароль." });
    admin.post(&format!("/comments/{comment}/redact"), reason).expect(200);
    assert_eq!(admin.finds("обсидианчик"), Vec::<i64>::new());
    let redaction = json!({ "field": "steps", "reason": "Пароль." });
    admin.post(&format!("/tickets/{id}/redact"), redaction).expect(200);

    for reader in [&admin, &customer] {
        for word in ["обсидианчик", "лазуритовый"] {
            let found = reader.searches_with(word, "").expect(200);
            assert_eq!(found.items().len(), 0, "{word}");
            assert!(!found.body["interpreted_as"].to_string().contains(word), "{word}");
        }
        assert_eq!(reader.is_suggested("обсид"), Vec::<String>::new());
    }
    let left = "select from search_words where text like 'обсид%' or text like 'лазурит%'";
    assert_eq!(app.count(left), 0);
    let vectors = "select from search_of_support where vector::text like '%обсид%' or words::text like '%обсид%'";
    assert_eq!(app.count(vectors), 0);
}

/// A process that is killed in the middle loses nothing: another one continues where it was.
#[test]
fn a_killed_process_leaves_nothing_unfound() {
    let mut app = TestApp::spawn();
    let ids: Vec<i64> = (0..30).map(|_| app.ticket("new")).collect();
    app.server.kill();

    let server = Server::start(&app.database_url(), &[]);
    app.wait_for_index();

    let found = app.engineer().at(&server).finds("регистрации абонента");
    assert!(ids.iter().all(|it| found.contains(it)), "{found:?}");
}

/// The index can be rebuilt while the service runs, and is the same.
#[test]
fn the_index_can_be_rebuilt() {
    let app = TestApp::spawn();
    let id = app.ticket("feedback");
    app.wait_for_index();
    let words = "select string_agg(scope || ' ' || is_word || text || tickets, ',' order by scope, is_word, text) from search_words";
    let before = app.value::<String>(words);
    app.sql("truncate search_of_support, search_of_customers, search_words");

    let url = app.database_url();
    let settings = on_database(&url);
    let output = helpdesk(&["reindex"], &settings);

    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "1 tickets indexed\n");
    assert_eq!(app.value::<String>(words), before);
    assert_eq!(app.engineer().finds("абонент"), [id]);
}

/// All that the index has.
fn index(app: &TestApp) -> [String; 4] {
    let all = |of: &str, table: &str| {
        app.value(&format!(
            "select coalesce(string_agg({of}, E'\\n' order by {of}), '') from {table}"
        ))
    };
    [
        all("concat_ws(' ', ticket_id, project_id, vector, words)", "search_of_support"),
        all("concat_ws(' ', ticket_id, project_id, vector, words)", "search_of_customers"),
        all("concat_ws(' ', article_id, is_public, vector, words)", "search_of_articles"),
        all("concat_ws(' ', scope, is_word, text, tickets)", "search_words"),
    ]
}

fn reindex(app: &TestApp) {
    let url = app.database_url();
    let settings = on_database(&url);
    let output = helpdesk(&["reindex"], &settings);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Advantage 4: with several processes at the index, one of them killed, and the index made anew meanwhile, it is
/// in the end the one that is made at rest.
#[test]
fn a4_an_index_built_under_traffic_equals_one_built_at_rest() {
    let app = TestApp::spawn();
    let other = Mutex::new(Server::start(&app.database_url(), &[]));
    let tickets: Vec<i64> = (0..6).map(|_| app.ticket("in_progress")).collect();
    let (customer, engineer, admin) = (app.customer(), app.engineer(), app.admin());
    let write = |thread: usize, number: usize| {
        let ticket = tickets[(thread + number) % tickets.len()];
        let comment =
            customer.replies(ticket, &format!("Порт gi1/0/{number} мигает, узел {thread}."));
        match number % 4 {
            0 => drop(engineer.writes_note(ticket, &format!("Похоже на плату {number}."))),
            1 => {
                let body = serde_json::json!({ "body": format!("Порт {number} погас.") });
                customer
                    .patch(&format!("/tickets/{ticket}/comments/{}", comment.id()), body)
                    .expect(200);
            }
            2 => {
                let reason = serde_json::json!({ "reason": "Пароль." });
                admin.post(&format!("/comments/{}/redact", comment.id()), reason).expect(200);
            }
            _ => drop(app.article_for_customers(article())),
        }
    };
    at_once(4, |thread| match thread {
        0 => {
            reindex(&app);
            other.lock().unwrap().kill();
            reindex(&app);
        }
        thread => (0..12).for_each(|number| write(thread, number)),
    });
    app.wait_for_index();
    let made_under_traffic = index(&app);

    app.sql("truncate search_of_support, search_of_customers, search_of_articles, search_words");
    reindex(&app);

    for (there, at_rest) in made_under_traffic.iter().zip(index(&app)) {
        let differing = there.lines().zip(at_rest.lines()).find(|(one, other)| one != other);
        assert_eq!(differing, None);
        assert_eq!(there.lines().count(), at_rest.lines().count());
    }
}
