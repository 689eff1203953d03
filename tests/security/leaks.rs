//! What is foreign or internal is in nothing that a customer can ask for (AZ04, AZ05).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{
    Operation, Person, TestApp, Thing, article, make, operations, path_on, permissions, with,
};

/// Words that stand in nothing else.
const INTERNAL: [&str; 7] = [
    "заметкоканар",
    "файлоканар",
    "описаниеканар",
    "причиноканар",
    "черновикоканар",
    "выпускоканар",
    "engineer@helpdesk.example",
];
const FOREIGN: [&str; 9] = [
    "темоканар",
    "текстоканар",
    "репликоканар",
    "чужефайлканар",
    "отказоканар",
    "видоканар",
    "крючкоканар",
    "Жетысу",
    "stranger@helpdesk.example",
];
const UNLISTED: [&str; 2] = ["скрытоканар", "скрытофайлканар"];

/// A ticket of the customer's, with everything internal beside what is not.
struct Planted {
    ticket: i64,
    comment: i64,
    file: i64,
    release: i64,
}

fn plant(app: &TestApp) -> Planted {
    let (customer, engineer) = (app.customer(), app.engineer());
    let (ticket, file) = app.ticket_with_file("open.log", b"open");
    let comment = customer.replies(ticket, "Журнал прилагаю.").id();
    engineer.takes(ticket);
    let internal = engineer.uploaded("файлоканар.txt", "файлоканар внутри".as_bytes());
    let note = json!({
        "body": "Здесь заметкоканар.", "internal": true,
        "attachments": [{ "upload_id": internal, "description": "описаниеканар" }],
    });
    engineer.says(ticket, note).expect(201);
    engineer.holds_quietly(ticket, "repair", "Тут причиноканар.");
    let draft = json!({ "title": "Про черновикоканар", "source_ticket_ids": [ticket] });
    engineer.post("/articles", with(article(), &draft)).expect(201);
    let notes = json!({ "version": "9.9.9", "notes": "Закрыт выпускоканар." });
    let release = app.release(notes).id();
    Planted { ticket, comment, file, release }
}

/// All that a company has, in the other company.
fn plant_foreign(app: &TestApp) {
    let (stranger, engineer) = (app.stranger(), app.engineer());
    let upload = stranger.uploaded("чужефайлканар.txt", "чужефайлканар внутри".as_bytes());
    let request = app.request_with(&json!({
        "project_id": app.ids.other_project, "subject": "Сломался темоканар",
        "description": "Подробно про текстоканар.", "attachments": [{ "upload_id": upload }],
    }));
    let ticket = stranger.has_filed(request);
    stranger.replies(ticket, "Есть репликоканар.");
    engineer.takes(ticket);
    engineer.resolves(ticket, "Заменён репликоканар.");
    stranger.confirms_with(ticket, json!({ "rating": 1 })).expect(200);
    let refused = app.request_with(&json!({
        "project_id": app.ids.other_project, "subject": "отказоканар", "description": "отказоканар",
    }));
    stranger.files(refused).refusal(422, "no_description", "3.4.1.1");
    let view = json!({
        "name": "видоканар", "filters": { "status": ["open"] }, "shared_with": "company",
    });
    stranger.post("/views", view).expect(201);
    let webhook = json!({ "url": "https://hooks.example.kz/x", "description": "крючкоканар" });
    stranger.post("/webhooks", webhook).expect(201);
}

/// A ticket of the company's in a project that is not listed for everybody.
fn plant_unlisted(app: &TestApp) {
    let upload = app.customer().uploaded("скрытофайлканар.txt", b"x");
    let request = app.request_with(&json!({
        "subject": "Сломался скрытоканар", "attachments": [{ "upload_id": upload }],
    }));
    let ticket = app.customer().has_filed(request);
    app.customer().adds_watcher(ticket, &app.colleague());
    app.customer().replies(ticket, "Снова скрытоканар.");
}

/// Everything that an operation shows besides what it shows anyway.
fn whole(operation: &Operation, path: &str) -> String {
    let mut more = Vec::new();
    for parameter in operation.parameters().filter(|it| it["in"] == "query") {
        let (name, schema) = (parameter["name"].as_str().unwrap(), &parameter["schema"]);
        let words = schema["items"]["enum"].as_array().into_iter().flatten();
        let words: Vec<&str> = words.filter_map(Value::as_str).collect();
        match name {
            "expand" | "include" | "columns" => more.push(format!("{name}={}", words.join(","))),
            "limit" => more.push("limit=100".to_owned()),
            "counts" | "total" => more.push(format!("{name}=true")),
            _ => {}
        }
    }
    let separator = if path.contains('?') { '&' } else { '?' };
    if more.is_empty() { path.to_owned() } else { format!("{path}{separator}{}", more.join("&")) }
}

/// All that somebody reads by all operations that only read, headers included.
fn read_everything(
    app: &TestApp,
    reader: &Person,
    role: usize,
    planted: Option<&Planted>,
) -> String {
    let other = app.ticket("new");
    let mut all = String::new();
    for operation in operations().iter().filter(|it| it.method == "GET") {
        let rules = permissions(operation.id);
        if rules.statuses[role][0] != 200 || operation.id == "events_stream" {
            continue;
        }
        let id = match (rules.thing, planted) {
            (Thing::Nothing, _) => 0,
            (_, None) => continue,
            (Thing::Ticket(_), Some(it)) => it.ticket,
            (Thing::Comment, Some(it)) => it.comment,
            (Thing::File, Some(it)) => it.file,
            (Thing::Release, Some(it)) => it.release,
            (thing, Some(_)) => make(app, thing, true, reader),
        };
        let path = whole(operation, &path_on(app, operation, id, other));
        for media in ["*/*", "text/csv"] {
            let response = reader.send("GET", &path, &[("accept", media)], None);
            let is_offered = response.status == 200 || media == "text/csv";
            assert!(is_offered || operation.id == "reports_company", "{path}: {}", response.text);
            all += &format!("{path} {:?} {}\n", response.headers, response.text);
        }
    }
    for beginning in INTERNAL.iter().chain(&FOREIGN).chain(&UNLISTED) {
        let beginning: String = beginning.chars().take(6).collect();
        all += &reader.is_suggested(&beginning).join(" ");
    }
    all
}

#[track_caller]
fn assert_has_none(read: &str, words: &[&str]) {
    let read = decoded(read);
    for word in words {
        let found = read.to_lowercase().find(&word.to_lowercase());
        let line = found.map(|it| read[..it].lines().last().unwrap_or_default().to_owned());
        assert!(found.is_none(), "{word}: {}", line.unwrap().chars().take(200).collect::<String>());
    }
}

/// Names in headers are percent-encoded.
fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// AZ04, AZ05: whatever a customer reads, in whatever form, has nothing of another company and nothing
/// internal; its owners read all of it, which shows that it is there to be read.
#[test]
fn sec_az04_az05_no_operation_shows_a_customer_what_is_foreign_or_internal() {
    let app = TestApp::spawn();
    let planted = plant(&app);
    plant_foreign(&app);
    app.wait_for_file_texts();
    app.wait_for_index();
    app.wait_for_notifications();
    let customer = app.customer();

    let read = read_everything(&app, &customer, 0, Some(&planted));
    let by_admin = read_everything(&app, &app.admin(), 3, Some(&planted));
    let by_stranger = read_everything(&app, &app.stranger(), 0, None);

    let by_others = decoded(&(by_admin + &by_stranger)).to_lowercase();
    for word in INTERNAL.iter().chain(&FOREIGN) {
        assert!(by_others.contains(&word.to_lowercase()), "{word} is nowhere");
    }
    assert_has_none(&read, &INTERNAL);
    assert_has_none(&read, &FOREIGN);
    let like = app.request_with(&json!({
        "subject": "Сломался темоканар", "description": "Подробно про текстоканар и заметкоканар.",
    }));
    let checked = customer.post("/tickets/check", like).expect(200);
    assert_eq!(checked.body["similar"], json!([]), "{}", checked.text);
    assert_eq!(checked.body["refusals"], json!([]), "{}", checked.text);
    app.wait_for_mail();
    let mails = app.mails_to(&customer.email, 1).into_iter();
    assert_has_none(
        &mails.map(|it| it.subject + &it.body + &it.html).collect::<String>(),
        &INTERNAL,
    );
}

/// AZ04: nor has anything that somebody reads who sees listed projects a word of another one.
#[test]
fn sec_az04_no_operation_shows_a_member_what_is_not_listed() {
    let app = TestApp::spawn();
    plant_unlisted(&app);
    app.wait_for_file_texts();
    app.wait_for_index();
    app.wait_for_notifications();
    let colleague = app.colleague();

    let before = decoded(&read_everything(&app, &colleague, 0, None));
    app.commercial().narrows(&colleague, app.ids.wifi_project);
    let after = read_everything(&app, &colleague, 0, None);

    let seen: BTreeSet<&str> = UNLISTED.into_iter().filter(|it| before.contains(it)).collect();
    assert!(seen.contains("скрытоканар"), "{before}");
    assert_has_none(&after, &UNLISTED);
}
