//! The contents of small text files are found, by those who may open them.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Person, TestApp, wait_until};

/// Attaches a file to a ticket; returns its number.
fn attach(person: &Person, ticket: i64, name: &str, text: &[u8], internal: bool) -> i64 {
    let files = json!([{ "upload_id": person.uploaded(name, text), "description": "Журнал" }]);
    let body = json!({ "body": "Во вложении.", "attachments": files, "internal": internal });
    let posted = person.says(ticket, body).expect(201);
    posted.body["attachments"][0]["id"].as_i64().unwrap()
}

/// Advantage 4: a line of a log is found, also its last one, with the file that it stands in.
#[test]
fn a4_the_text_of_small_files_is_found() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let ticket = app.ticket("in_progress");
    let lines = (0..1500).map(|it| format!("12:{:02}:{:02} link {it} up\n", it / 60 % 60, it % 60));
    let log = lines.collect::<String>() + "\x1b[31mERR\x1b[0m хризоберилл перегрет 0x80070005\n";
    let started = Instant::now();
    let file = attach(&customer, ticket, "boot.log", log.as_bytes(), false);

    wait_until("the line is found", || customer.finds("хризоберилла") == [ticket]);

    // As the machine of the tests is a slow one, which also starts other servers meanwhile.
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    let found = customer.searches_with("хризоберилл перегрет", "").expect(200);
    let place = &found.items()[0]["found_in"][0];
    assert_eq!((&place["place"], &place["attachment_id"]), (&json!("files"), &json!(file)));
    assert_eq!(place["excerpt"][1], json!({ "text": "хризоберилл", "is_match": true }));
    assert_eq!(customer.finds("0x80070005"), [ticket]);
    assert_eq!(customer.finds("\"хризоберилл перегрет\""), [ticket]);
    assert_eq!(customer.finds("\"перегрет хризоберилл\""), Vec::<i64>::new());
}

/// AZ04: a file of an internal note is support's alone.
#[test]
fn sec_az04_files_of_notes_are_found_by_support_alone() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let ticket = app.ticket("in_progress");
    attach(&engineer, ticket, "лабрадорит.txt", "строка сердоликович".as_bytes(), true);
    app.wait_for_file_texts();
    app.wait_for_index();

    for word in ["лабрадорит", "сердоликович"] {
        assert_eq!(engineer.finds(word), [ticket], "{word}");
        let found = customer.searches_with(word, "").expect(200);
        assert_eq!(found.body["total"]["count"], 0, "{word}");
        assert_eq!(customer.is_suggested(&word[..8]), Vec::<String>::new());
    }
}

/// Advantage 4: a redacted file is not found from the same instant on, by its name and by what stood in it, and
/// its words are gone.
#[test]
fn a4_a_redacted_file_is_no_longer_found() {
    let app = TestApp::spawn();
    let (customer, admin) = (app.customer(), app.admin());
    let ticket = app.ticket("in_progress");
    let file = attach(&customer, ticket, "аквамаринов.cfg", "пароль турмалинов".as_bytes(), false);
    app.wait_for_file_texts();
    app.wait_for_index();
    for word in ["аквамаринов", "турмалинов"] {
        assert_eq!(customer.finds(word), [ticket], "{word}");
    }

    admin.post(&format!("/attachments/{file}/redact"), json!({ "reason": "Пароль." })).expect(200);

    for word in ["аквамаринов", "турмалинов"] {
        for reader in [&customer, &admin] {
            assert_eq!(reader.finds(word), Vec::<i64>::new(), "{word}");
        }
    }
    for left in [
        "select from search_words where text like 'аквам%' or text like 'турмал%'",
        "select from search_of_support where vector::text ~ 'аквам|турмал'",
        "select from search_of_customers where words::text ~ 'аквам|турмал'",
        "select from attachment_texts",
    ] {
        assert_eq!(app.count(left), 0, "{left}");
    }
}

/// Files that are not text, or too large, are not indexed.
#[test]
fn only_small_texts_are_read() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let ticket = app.ticket("in_progress");
    attach(&customer, ticket, "a.bin", b"\x00\x01\x02 ametist", false);
    attach(&customer, ticket, "b.log", "нефритович ".repeat(60_000).as_bytes(), false);
    app.wait_for_file_texts();
    app.wait_for_index();

    assert_eq!(app.count("select from attachment_texts"), 0);
    assert_eq!(customer.finds("нефритович"), Vec::<i64>::new());
    assert_eq!(customer.finds("b.log"), [ticket]);
}
