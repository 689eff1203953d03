//! Files of tickets, comments and refused requests (3.3, 4.2.4, 4.2.5).

use serde_json::{Value, json};

use crate::support::{Person, Reply, TestApp};
use crate::tickets::filing::request::with;

/// Files a ticket with one file; answers the ticket and the attachment's id.
fn file_with(app: &TestApp, name: &str, bytes: &[u8]) -> (i64, i64) {
    let upload = app.customer().uploaded(name, bytes);
    let members = json!({ "attachments": [{ "upload_id": upload }] });
    let ticket = app.customer().post("/tickets", with(app.request(), &members)).expect(201);
    (ticket.id(), files(&app.customer(), ticket.id())[0]["id"].as_i64().unwrap())
}

fn files(person: &Person, ticket: i64) -> Vec<Value> {
    person.get(&format!("/tickets/{ticket}/attachments")).expect(200).items().to_vec()
}

fn say(person: &Person, ticket: i64, body: Value) -> Reply {
    person.post(&format!("/tickets/{ticket}/comments"), body)
}

fn last_event(person: &Person, ticket: i64) -> Value {
    let history = person.get(&format!("/tickets/{ticket}/history?limit=100")).expect(200);
    history.items().last().unwrap().clone()
}

/// 3.3: a new ticket brings its files along, described or not.
#[test]
fn c3_3_a_ticket_is_filed_with_its_files() {
    let app = TestApp::spawn();
    let (config, log) =
        (app.customer().uploaded("a.cfg", b"x"), app.customer().uploaded("b", b"y"));
    let members = json!({ "attachments": [
        { "upload_id": config, "description": "Конфигурация" }, { "upload_id": log },
    ] });

    let ticket = app.customer().post("/tickets", with(app.request(), &members)).expect(201);

    assert_eq!(ticket.body["attachments_count"], 2);
    let files = files(&app.engineer(), ticket.id());
    let told: Vec<_> = files.iter().map(|it| (&it["filename"], &it["description"])).collect();
    assert_eq!(told, [(&json!("a.cfg"), &json!("Конфигурация")), (&json!("b"), &Value::Null)]);
    let event = last_event(&app.customer(), ticket.id());
    assert_eq!(event["attachment_ids"], json!([files[0]["id"], files[1]["id"]]));
    let shown = format!("/tickets/{}?expand=attachments", ticket.id());
    assert_eq!(app.customer().get(&shown).body["attachments"].as_array().unwrap().len(), 2);
}

/// 4.2.5: a file that is added later is told from those that are there.
#[test]
fn c4_2_5_a_file_of_a_comment_needs_a_description() {
    let app = TestApp::spawn();
    let ticket = app.ticket("in_progress");
    let upload = app.customer().uploaded("dump.pcap", b"bytes");
    let with_file = |description: Value| json!({ "body": "Дамп.", "attachments": [{ "upload_id": upload, "description": description }] });
    let mut nothing = with_file(Value::Null);
    nothing["attachments"][0].as_object_mut().unwrap().remove("description");

    let missing = say(&app.customer(), ticket, nothing).expect(422);
    let blank = say(&app.customer(), ticket, with_file(json!("  "))).expect(422);
    let made = say(&app.customer(), ticket, with_file(json!("Дамп порта 1"))).expect(201);

    assert_eq!(missing.errors(), ["/attachments/0/description required"]);
    assert_eq!(missing.body["errors"][0]["clause"], "4.2.5");
    assert_eq!(blank.errors(), ["/attachments/0/description blank"]);
    assert_eq!(made.body["attachments"][0]["description"], "Дамп порта 1");
    assert_eq!(made.body["attachments"][0]["comment_id"], made.body["id"]);
    let comments = app.engineer().get(&format!("/tickets/{ticket}/comments")).expect(200);
    let told = comments.items().iter().find(|it| it["id"] == made.body["id"]).unwrap();
    assert_eq!(told["attachments"], made.body["attachments"]);
}

/// 4.2.4: a move brings files along as well; refused, it uses none up.
#[test]
fn c4_2_4_a_move_brings_its_files_or_leaves_them() {
    let app = TestApp::spawn();
    let ticket = app.ticket("in_progress");
    let upload = app.engineer().uploaded("firmware.bin", b"bytes");
    let path = format!("/tickets/{ticket}/transitions");
    let attachments = json!([{ "upload_id": upload, "description": "Прошивка" }]);
    let body = |to: &str| json!({ "to": to, "comment": "Обновите.", "attachments": attachments });

    app.engineer().post(&path, body("new")).expect(409);
    app.engineer().post(&path, body("feedback")).expect(200);

    assert_eq!(files(&app.customer(), ticket)[0]["filename"], "firmware.bin");
    assert_eq!(last_event(&app.customer(), ticket)["type"], "ticket.status_changed");
    assert!(last_event(&app.customer(), ticket)["attachment_ids"][0].is_i64());
}

/// AZ03, AZ06: an upload is its sender's, once; all others look like none.
#[test]
fn sec_az06_an_upload_is_its_senders_alone_and_once() {
    let app = TestApp::spawn();
    let ticket = app.ticket("in_progress");
    let (own, others) = (app.customer().uploaded("a", b"a"), app.colleague().uploaded("b", b"b"));
    let use_all = |ids: &[&str]| {
        let files: Vec<Value> =
            ids.iter().map(|it| json!({ "upload_id": it, "description": "Файл" })).collect();
        say(&app.customer(), ticket, json!({ "body": "Вот.", "attachments": files }))
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
    assert_eq!(files(&app.customer(), ticket).len(), 1);
}

/// The file errors of a new ticket are told together with all others.
#[test]
fn c3_2_wrong_files_are_told_with_all_other_mistakes() {
    let app = TestApp::spawn();
    let members = json!({ "subject": " ", "attachments": [{ "upload_id": "up_missing" }] });

    let refused = app.customer().post("/tickets", with(app.request(), &members)).expect(422);

    let mut told = refused.errors();
    told.sort();
    assert_eq!(told, ["/attachments/0/upload_id not_found", "/subject blank"]);
}

/// AZ05: the files of an internal note are as invisible as the note.
#[test]
fn sec_az05_files_of_internal_notes_are_staffs() {
    let app = TestApp::spawn();
    let ticket = app.ticket("in_progress");
    let upload = app.engineer().uploaded("internal.txt", b"secret");
    let note = json!({
        "body": "Только для своих.", "internal": true,
        "attachments": [{ "upload_id": upload, "description": "Разбор" }],
    });

    say(&app.engineer(), ticket, note).expect(201);

    let id = files(&app.engineer(), ticket)[0]["id"].as_i64().unwrap();
    assert_eq!(files(&app.customer(), ticket), Vec::<Value>::new());
    app.customer().get(&format!("/attachments/{id}")).expect(404);
    assert_eq!(app.customer().download(id, &[]).0, 404);
    assert_eq!(app.engineer().download(id, &[]).2, b"secret");
    let count = |person: Person| {
        person.get(&format!("/tickets/{ticket}")).body["attachments_count"].clone()
    };
    assert_eq!((count(app.customer()), count(app.engineer())), (json!(0), json!(1)));
    let history = app.customer().get(&format!("/tickets/{ticket}/history")).text;
    assert!(!history.contains("attachment_ids"), "{history}");
}

/// 3.4: a request that is refused keeps its files, and its sender may still use them.
#[test]
fn c3_4_a_refused_request_keeps_its_files() {
    let app = TestApp::spawn();
    let upload = app.customer().uploaded("log.txt", b"kept");
    let mut request = with(app.request(), &json!({ "attachments": [{ "upload_id": upload }] }));
    let description = std::mem::replace(&mut request["description"], json!("???"));

    let refused = app.customer().post("/tickets", request.clone()).expect(422);
    let refusal = &refused.body["refusal_id"];
    let kept = app.colleague().get(&format!("/refusals/{refusal}")).expect(200).body;
    let registered =
        app.engineer().post(&format!("/refusals/{refusal}/register"), Value::Null).expect(201);
    request["description"] = description;
    let filed = app.customer().post("/tickets", request).expect(201);

    assert_eq!(kept["attachments"][0]["filename"], "log.txt");
    for ticket in [registered, filed] {
        let files = files(&app.customer(), ticket.id());
        assert_eq!((files.len(), &files[0]["filename"]), (1, &json!("log.txt")));
        assert_eq!(app.customer().download(files[0]["id"].as_i64().unwrap(), &[]).2, b"kept");
    }
}

/// AT04: whatever it is, it is a download that no browser runs.
#[test]
fn sec_at04_a_download_is_never_a_page() {
    let app = TestApp::spawn();
    let (_, id) = file_with(&app, "страница.html", b"<!DOCTYPE html><script>alert(1)</script>");

    let (status, headers, bytes) = app.engineer().download(id, &[("accept", "image/png")]);

    assert_eq!((status, bytes.len()), (200, 40));
    assert_eq!(headers["content-type"], "application/octet-stream");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["content-security-policy"], "sandbox; default-src 'none'");
    let disposition = &headers["content-disposition"];
    assert!(disposition.starts_with("attachment; filename=\"________.html\""), "{disposition}");
    assert!(disposition.contains("filename*=UTF-8''%D1%81%D1%82"), "{disposition}");
    assert!(headers["repr-digest"].starts_with("sha-256=:"));
}

/// AT09: a download that was cut off goes on where it was; what is not there is 416.
#[test]
fn sec_at09_a_download_is_resumed_by_range() {
    let app = TestApp::spawn();
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|it| (it % 251) as u8).collect();
    let (_, id) = file_with(&app, "large.bin", &bytes);
    let get = |headers: &[(&str, &str)]| app.customer().download(id, headers);
    let (_, headers, _) = get(&[]);
    let tag = headers["etag"].clone();

    let (first, told, one) = get(&[("range", "bytes=0-999999")]);
    let (second, _, other) = get(&[("range", "bytes=1000000-"), ("if-range", &tag)]);

    assert_eq!((first, second), (206, 206));
    assert_eq!(told["content-range"], "bytes 0-999999/3000000");
    assert_eq!([one, other].concat(), bytes);
    assert_eq!(get(&[("range", "bytes=-5")]).2, bytes[2_999_995..]);
    assert_eq!(get(&[("range", "bytes=0-9"), ("if-range", "\"other\"")]).0, 200);
    let beyond = get(&[("range", "bytes=3000000-")]);
    assert_eq!((beyond.0, beyond.1["content-range"].as_str()), (416, "bytes */3000000"));
    assert_eq!(get(&[("range", "bytes=0-1,4-5")]).0, 416);
    assert_eq!(get(&[("if-none-match", &tag)]).0, 304);
}

/// An empty file is a file.
#[test]
fn an_empty_file_is_kept_and_handed_out() {
    let app = TestApp::spawn();
    let (_, id) = file_with(&app, "empty.log", b"");

    let (status, headers, bytes) = app.customer().download(id, &[]);

    assert_eq!((status, bytes), (200, Vec::new()));
    assert_eq!(headers["accept-ranges"], "bytes");
}

/// What an admin took away is gone, with its name, wherever it was used; history tells of it.
#[test]
fn an_admin_takes_a_file_away_for_good() {
    let app = TestApp::spawn();
    let (ticket, id) = file_with(&app, "passwords-of-the-bank.cfg", b"secret");
    let path = format!("/attachments/{id}/redact");
    let reason = json!({ "reason": "В файле были пароли." });

    app.engineer().post(&path, reason.clone()).expect(403);
    let redacted = app.admin().post(&path, reason.clone()).expect(200);
    app.admin().post(&path, reason).expect(200);

    assert_eq!(
        (&redacted.body["redacted"], &redacted.body["filename"]),
        (&json!(true), &json!("redacted"))
    );
    assert_eq!(app.server.stored(), Vec::<String>::new());
    let (status, _, text) = app.engineer().download(id, &[]);
    assert_eq!(status, 410);
    assert!(String::from_utf8(text).unwrap().contains("\"redacted\""));
    let event = last_event(&app.customer(), ticket);
    assert_eq!(
        (&event["type"], &event["attachment_ids"]),
        (&json!("ticket.redacted"), &json!([id]))
    );
    let everywhere = app.admin().get(&format!("/tickets/{ticket}?expand=attachments,history")).text;
    assert!(!everywhere.contains("bank"), "{everywhere}");
    let verified = app.admin().get(&format!("/tickets/{ticket}/history/verify")).expect(200);
    assert_eq!(verified.body["intact"], true);
}
