//! `helpdesk import file`: the form between a reader of another system and the writer.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{JWT_KEYS, TestApp, helpdesk, private_folder};

/// A folder with two tickets, one of which has a note, a move and a file.
fn folder() -> std::path::PathBuf {
    let folder = private_folder();
    std::fs::create_dir_all(folder.join("files")).unwrap();
    let lines = |all: &[Value]| all.iter().map(|it| format!("{it}\n")).collect::<String>();
    let at = "2025-03-01T10:00:00Z";
    let person = |id: i64, login: &str, role: &str| {
        json!({
            "id": id, "login": login, "role": role, "email": format!("{login}@file.test"),
            "first_name": "Имя", "last_name": login, "is_active": true, "created_at": at,
            "company": if role == "customer" { json!("ООО «Файл»") } else { Value::Null },
            "projects": if role == "customer" { json!([1]) } else { json!([]) },
        })
    };
    let ticket = |id: i64| {
        json!({
            "id": id, "project": 1, "tracker": "bug", "status": "in_progress", "priority": "high", "author": 2,
            "assignee": 1, "subject": format!("Из другой системы {id}"), "description": "Порт не поднимается.",
            "product": "TAU-8", "created_at": at, "updated_at": at,
        })
    };
    let mut second = ticket(501);
    second["entries"] = json!([{
        "id": 9, "author": 1, "at": "2025-03-02T10:00:00Z", "note": { "text": "Беру." },
        "changes": [{ "field": "status", "from": "new", "to": "in_progress" }], "files": [7],
    }]);
    second["files"] = json!([{
        "id": 7, "author": 1, "name": "лог.txt", "size": 5, "created_at": "2025-03-02T10:00:00Z", "entry": 9,
    }]);
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write(
        "source.json",
        &json!({ "system": "otrs", "address": "https://otrs.test", "products": ["TAU-8"] })
            .to_string(),
    );
    write("people.ndjson", &lines(&[person(1, "eng", "engineer"), person(2, "cust", "customer")]));
    write(
        "projects.ndjson",
        &lines(&[json!({
            "id": 1, "name": "Файл - Доступ", "company": "ООО «Файл»", "direction": "Доступ из файла",
            "is_active": true, "engineers": [1],
        })]),
    );
    write("releases.ndjson", "");
    write("tickets.ndjson", &lines(&[ticket(500), second]));
    write("files/7", "bytes");
    let mut article = json!({
        "id": 3, "title": "Грозозащита", "problem": "Порт не поднимается после грозы.",
        "solution": "Замените модуль.", "author": 1, "created_at": at, "updated_at": at,
    });
    article["files"] = json!([{
        "id": 8, "author": 1, "name": "схема.txt", "size": 4, "created_at": at,
    }]);
    write("articles.ndjson", &lines(&[article]));
    write("files/8", "plan");
    folder
}

fn import(app: &TestApp, folder: &Path, options: &[&str]) -> (i32, String) {
    let (database, storage) = (app.database_url(), app.server.storage_url());
    let settings = [
        ("DATABASE_URL", database.as_str()),
        ("HELPDESK_JWT_KEYS", JWT_KEYS),
        ("HELPDESK_STORAGE_URL", storage.as_str()),
    ];
    let folder = folder.display().to_string();
    let done = helpdesk(&[&["import", "file", folder.as_str()], options].concat(), &settings);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (done.status.code().unwrap(), text(&done.stdout) + &text(&done.stderr))
}

/// Numbers, words, moves and bytes come as they are written, and a second time nothing.
#[test]
fn c1_a_folder_is_imported() {
    let app = TestApp::spawn();
    let folder = folder();

    let (code, out) = import(&app, &folder, &[]);
    let (_, again) = import(&app, &folder, &[]);

    assert_eq!(code, 0, "{out}");
    assert!(out.contains("2 tickets are new"), "{out}");
    assert!(again.contains("0 tickets are new, 0 were changed, 2 are unchanged"), "{again}");
    let admin = app.admin();
    let ticket = admin.get("/tickets/501").expect(200).body;
    assert_eq!(
        (&ticket["status"], &ticket["product"]["name"]),
        (&json!("in_progress"), &json!("TAU-8"))
    );
    assert_eq!(admin.all("/tickets/501/comments")[0]["body"], "Беру.");
    let file = &admin.all("/tickets/501/attachments")[0];
    assert_eq!((&file["filename"], &file["size"]), (&json!("лог.txt"), &json!(5)));
    assert_eq!(admin.get("/tickets/501/history/verify").expect(200).body["intact"], true);
    let drafts = admin.all("/articles?status=draft");
    assert_eq!((drafts.len(), &drafts[0]["title"]), (1, &json!("Грозозащита")));
    assert_eq!(drafts[0]["attachments"][0]["filename"], "схема.txt");
    let (discarded, out) = import(&app, &folder, &["--discard-import"]);
    assert_eq!(discarded, 0, "{out}");
    assert_eq!(app.count("select from tickets") + app.count("select from articles"), 0);
}

/// A wrong record is named with its file and line, before anything is written.
#[test]
fn c1_a_wrong_record_is_named() {
    let app = TestApp::spawn();
    let folder = folder();
    let tickets = folder.join("tickets.ndjson");
    let text = std::fs::read_to_string(&tickets).unwrap();
    let errors_of = |text: &str| {
        std::fs::write(&tickets, text).unwrap();
        let (code, out) = import(&app, &folder, &[]);
        assert_eq!(code, 1, "{out}");
        out
    };

    let word = errors_of(&text.replace("\"high\"", "\"urgent\""));
    let person = errors_of(&text.replace("\"author\":2", "\"author\":3"));
    let size = errors_of(&text.replace("\"size\":5", "\"size\":6"));
    let twice = errors_of(&text.replace("\"id\":501", "\"id\":500"));
    std::fs::write(folder.join("files/8"), "another plan").unwrap();
    let article = errors_of(&text);

    assert!(word.contains("tickets.ndjson, line 1: unknown variant"), "{word}");
    assert!(!word.contains("line 1 column"), "{word}");
    assert!(person.contains("there is no person 3"), "{person}");
    assert!(size.contains("file 7 does not have the size"), "{size}");
    assert!(twice.contains("ticket 500: its number"), "{twice}");
    assert!(article.contains("article 3: file 8 does not have the size"), "{article}");
    assert_eq!(app.count("select from imported"), 0);
}

/// Whatever a record says of itself or of others has to be so, before anything is written.
#[test]
fn c1_records_are_checked_against_each_other() {
    let app = TestApp::spawn();
    for (file, was, is, sentence) in [
        ("source.json", "\"otrs\"", "\" \"", "a name is blank"),
        ("people.ndjson", "\"id\":2", "\"id\":1", "person 1: its number is used twice"),
        ("people.ndjson", "cust@file.test", "nobody", "«nobody» is not an address"),
        (
            "people.ndjson",
            "\"company\":\"ООО «Файл»\"",
            "\"company\":null",
            "a customer needs a company",
        ),
        (
            "people.ndjson",
            "\"company\":\"ООО «Файл»\"",
            "\"company\":\"Другая\"",
            "belongs to another company",
        ),
        ("people.ndjson", "[1]", "[7]", "there is no project 7"),
        ("people.ndjson", "2025-03", "12025-03", "people.ndjson, line 1"),
        ("projects.ndjson", "\"Доступ из файла\"", "\" \"", "project 1: a name is blank"),
        (
            "projects.ndjson",
            "\"engineers\":[1]",
            "\"engineers\":[2]",
            "person 2 is not there, or not support",
        ),
        (
            "projects.ndjson",
            "\"id\":1",
            "\"private_company\":\"ООО «ФАЙЛ»\",\"id\":1",
            "is the company of a project",
        ),
        ("tickets.ndjson", "\"id\":500", "\"id\":4611686018427387904", "its number is invalid"),
        (
            "tickets.ndjson",
            "\"id\":500",
            "\"is_private\":true,\"id\":500",
            "has no private_company",
        ),
        ("tickets.ndjson", "\"assignee\":1", "\"assignee\":2", "its assignee 2"),
        ("tickets.ndjson", "\"id\":500", "\"watchers\":[9],\"id\":500", "there is no person 9"),
        ("tickets.ndjson", "\"id\":500", "\"parent\":500,\"id\":500", "it refers to itself"),
        ("tickets.ndjson", "\"id\":500", "\"release\":5,\"id\":500", "there is no release 5"),
        (
            "tickets.ndjson",
            "\"to\":\"in_progress\"",
            "\"to\":\"open\"",
            "entry 9: «open» is not a value of status",
        ),
        ("tickets.ndjson", "\"files\":[7]", "\"files\":[6]", "entry 9: there is no file 6"),
        ("tickets.ndjson", "\"entry\":9", "\"entry\":8", "file 7: its entry is not there"),
        ("articles.ndjson", "\"Грозозащита\"", "\"\"", "article 3: it has no title"),
        ("articles.ndjson", "\"id\":8", "\"id\":7", "file 7: its number is used twice"),
    ] {
        let folder = folder();
        let path = folder.join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(was), "{was}");
        std::fs::write(&path, text.replace(was, is)).unwrap();

        let (code, out) = import(&app, &folder, &[]);

        assert_eq!(code, 1, "{is}: {out}");
        assert!(out.contains(sentence), "{is}: {out}");
    }
    for table in ["imported", "imports", "tickets"] {
        assert_eq!(app.count(&format!("select from {table}")), 0, "{table}");
    }
}

/// Files that an editor of Windows has saved.
#[test]
fn c1_a_mark_of_byte_order_is_passed_over() {
    let app = TestApp::spawn();
    let folder = folder();
    for name in ["source.json", "people.ndjson", "tickets.ndjson"] {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        std::fs::write(folder.join(name), format!("\u{feff}{}", text.replace('\n', "\r\n")))
            .unwrap();
    }

    let (code, out) = import(&app, &folder, &[]);

    assert_eq!(code, 0, "{out}");
    assert_eq!(app.count("select from tickets"), 2);
}
