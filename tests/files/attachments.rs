//! Files of tickets, comments and refused requests (3.3, 4.2.4, 4.2.5).

use serde_json::{Value, json};

use crate::support::{Person, TestApp, ids_only};

/// 3.3: a new ticket brings its files, described or not.
#[test]
fn c3_3_a_ticket_is_filed_with_its_files() {
    let app = TestApp::spawn();
    let (config, log) =
        (app.customer().uploaded("a.cfg", b"x"), app.customer().uploaded("b", b"y"));
    let members = json!({ "attachments": [
        { "upload_id": config, "description": "Конфигурация" }, { "upload_id": log },
    ] });

    let ticket = app.customer().files(app.request_with(&members)).expect(201);

    assert_eq!(ticket.body["attachments_count"], 2);
    let files = app.engineer().attachments(ticket.id());
    let pairs: Vec<_> = files.iter().map(|it| (&it["filename"], &it["description"])).collect();
    assert_eq!(pairs, [(&json!("a.cfg"), &json!("Конфигурация")), (&json!("b"), &Value::Null)]);
    let event = app.customer().last_event(ticket.id());
    assert_eq!(ids_only(&event["attachments"]), json!([files[0]["id"], files[1]["id"]]));
    let shown = format!("/tickets/{}?expand=attachments", ticket.id());
    assert_eq!(app.customer().get(&shown).body["attachments"].as_array().unwrap().len(), 2);
}

/// 4.2.5: a file that is added later needs a description.
#[test]
fn c4_2_5_a_file_of_a_comment_needs_a_description() {
    let app = TestApp::spawn();
    let ticket = app.ticket("in_progress");
    let upload = app.customer().uploaded("dump.pcap", b"bytes");
    let says = |file: Value| {
        app.customer().says(ticket, json!({ "body": "Дамп.", "attachments": [file] }))
    };
    let described = |text: &str| json!({ "upload_id": upload, "description": text });

    let missing = says(json!({ "upload_id": upload })).expect(422);
    let blank = says(described("  ")).expect(422);
    let posted = says(described("Дамп порта 1")).expect(201);

    assert_eq!(missing.errors(), ["/attachments/0/description required"]);
    assert_eq!(missing.body["errors"][0]["clause"], "4.2.5");
    assert_eq!(blank.errors(), ["/attachments/0/description blank"]);
    assert_eq!(posted.body["attachments"][0]["description"], "Дамп порта 1");
    assert_eq!(posted.body["attachments"][0]["comment_id"], posted.body["id"]);
    let comments = app.engineer().comments(ticket);
    let listed = comments.iter().find(|it| it["id"] == posted.body["id"]).unwrap();
    assert_eq!(listed["attachments"], posted.body["attachments"]);
}

/// 4.2.4: a transition brings files, too; one that is refused uses none up.
#[test]
fn c4_2_4_a_move_brings_its_files_or_leaves_them() {
    let app = TestApp::spawn();
    let ticket = app.ticket("in_progress");
    let upload = app.engineer().uploaded("firmware.bin", b"bytes");
    let attachments = json!([{ "upload_id": upload, "description": "Прошивка" }]);
    let body = |to: &str| json!({ "to": to, "comment": "Обновите.", "attachments": attachments });

    app.engineer().moves(ticket, body("new")).expect(409);
    app.engineer().moves(ticket, body("feedback")).expect(200);

    assert_eq!(app.customer().attachments(ticket)[0]["filename"], "firmware.bin");
    assert_eq!(app.customer().last_event(ticket)["type"], "ticket.status_changed");
    assert!(app.customer().last_event(ticket)["attachments"][0]["name"] == "firmware.bin");
}

/// AZ03, AZ06: an upload can be used by its sender, once; any other looks as if it did not exist.
#[test]
fn sec_az06_an_upload_is_its_senders_alone_and_once() {
    let app = TestApp::spawn();
    let ticket = app.ticket("in_progress");
    let (own, others) = (app.customer().uploaded("a", b"a"), app.colleague().uploaded("b", b"b"));
    let use_all = |ids: &[&str]| {
        let files: Vec<Value> =
            ids.iter().map(|it| json!({ "upload_id": it, "description": "Файл" })).collect();
        app.customer().says(ticket, json!({ "body": "Вот.", "attachments": files }))
    };

    let refused = use_all(&[&own, &others, &own, "up_missing"]).expect(422);
    use_all(&[&own]).expect(201);
    let again = use_all(&[&own]).expect(422);

    assert_eq!(
        refused.errors(),
        [
            "/attachments/1/upload_id not_found",
            "/attachments/2/upload_id repeated",
            "/attachments/3/upload_id not_found",
        ]
    );
    assert_eq!(again.errors(), ["/attachments/0/upload_id not_found"]);
    assert_eq!(app.customer().attachments(ticket).len(), 1);
}

/// 3.2: wrong files of a new ticket are reported together with all other errors.
#[test]
fn c3_2_file_errors_are_reported_with_all_others() {
    let app = TestApp::spawn();
    let members = json!({ "subject": " ", "attachments": [{ "upload_id": "up_missing" }] });

    let refused = app.customer().files(app.request_with(&members)).expect(422);

    assert_eq!(
        refused.validation_errors(),
        ["/attachments/0/upload_id not_found", "/subject blank"]
    );
}

/// AT02: the files of a request and of a ticket are limited in number; a request with one too many attaches
/// none of them.
#[test]
fn sec_at02_files_are_bounded_by_request_and_by_ticket() {
    let app = TestApp::spawn();
    let (customer, ticket) = (app.customer(), app.ticket("in_progress"));
    app.sql(&format!(
        "insert into attachments (ticket_id, is_internal, filename, content_type, size, sha256, storage_key, created_at)
         select {ticket}, false, 'a', 'text/plain', 1, '', 'k' || it, now() from generate_series(1, 999) it"
    ));
    let uploads: Vec<String> = (0..2).map(|it| customer.uploaded(&format!("{it}"), b"x")).collect();
    let says = |ids: &[String]| {
        let files: Vec<Value> =
            ids.iter().map(|it| json!({ "upload_id": it, "description": "Журнал" })).collect();
        customer.says(ticket, json!({ "body": "Вот.", "attachments": files }))
    };

    let many = says(&(0..21).map(|it| format!("up_{it}")).collect::<Vec<_>>()).expect(422);
    let full = says(&uploads).expect(422);

    assert_eq!(many.errors(), ["/attachments too_long"]);
    assert_eq!(full.errors(), ["/attachments too_long"]);
    assert_eq!(app.count(&format!("select from attachments where ticket_id = {ticket}")), 999);
    says(&uploads[..1]).expect(201);
}

/// AZ05: the files of an internal note are as invisible as the note.
#[test]
fn sec_az05_files_of_internal_notes_are_for_staff() {
    let app = TestApp::spawn();
    let ticket = app.ticket("in_progress");
    let upload = app.engineer().uploaded("internal.txt", b"secret");
    let note = json!({
        "body": "Только для своих.", "internal": true,
        "attachments": [{ "upload_id": upload, "description": "Разбор" }],
    });

    app.engineer().says(ticket, note).expect(201);

    let id = app.engineer().attachments(ticket)[0]["id"].as_i64().unwrap();
    assert_eq!(app.customer().attachments(ticket), Vec::<Value>::new());
    app.customer().get(&format!("/attachments/{id}")).expect(404);
    assert_eq!(app.customer().download(id, &[]).0, 404);
    assert_eq!(app.engineer().download(id, &[]).2, b"secret");
    let count = |person: Person| person.ticket(ticket)["attachments_count"].clone();
    assert_eq!((count(app.customer()), count(app.engineer())), (json!(0), json!(1)));
    let history = app.customer().get(&format!("/tickets/{ticket}/history")).text;
    assert!(!history.contains("\"attachments\""), "{history}");
}

/// 3.4: a refused request keeps its files, and its sender may still use them.
#[test]
fn c3_4_a_refused_request_keeps_its_files() {
    let app = TestApp::spawn();
    let upload = app.customer().uploaded("log.txt", b"kept");
    let mut request = app.request_with(&json!({ "attachments": [{ "upload_id": upload }] }));
    let description = std::mem::replace(&mut request["description"], json!("???"));

    let refused = app.customer().files(request.clone()).expect(422);
    let refusal = &refused.body["refusal_id"];
    let refused_request = app.colleague().get(&format!("/refusals/{refusal}")).expect(200).body;
    let registered =
        app.engineer().call("POST", &format!("/refusals/{refusal}/register"), None).expect(201);
    request["description"] = description;
    let filed = app.customer().files(request).expect(201);

    assert_eq!(refused_request["attachments"][0]["filename"], "log.txt");
    for ticket in [registered, filed] {
        let files = app.customer().attachments(ticket.id());
        assert_eq!((files.len(), &files[0]["filename"]), (1, &json!("log.txt")));
        assert_eq!(app.customer().download(files[0]["id"].as_i64().unwrap(), &[]).2, b"kept");
    }
}
