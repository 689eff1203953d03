//! Files of releases, and who learns that a release is out (2.2, section 9 of the contract).

use serde_json::{Value, json};

use crate::support::{Behaviour, Person, Receiver, TestApp, ids, ids_only};

/// A planned release with files, and their ids.
fn with_files(app: &TestApp, version: &str, names: &[&str]) -> (i64, Vec<i64>) {
    let uploads = names.iter().map(|it| app.engineer().uploaded(it, it.as_bytes()));
    let files: Vec<Value> = uploads.map(|it| json!({ "upload_id": it })).collect();
    let created = app.release(json!({ "version": version, "attachments": files }));
    (created.id(), file_ids(&created.body))
}

fn file_ids(release: &Value) -> Vec<i64> {
    ids(release["attachments"].as_array().unwrap())
}

/// The files of a release that somebody sees; the release and the list of releases must agree.
fn shown(app: &TestApp, person: &Person, release: i64) -> Vec<i64> {
    let one = person.get(&format!("/releases/{release}")).expect(200).body;
    let list = person.get(&format!("/products/{}/releases", app.ids.product)).expect(200);
    let listed = list.items().iter().find(|it| it["id"] == release).unwrap();
    assert_eq!(*listed, one);
    file_ids(&one)
}

/// The statuses of the two requests that open a file.
fn opens(person: &Person, file: i64) -> (u16, u16) {
    (person.get(&format!("/attachments/{file}")).status, person.download(file, &[]).0)
}

/// 2.2, AZ03: a company may open the files of a release once the release was provided in one of
/// its tickets, by publishing or by an engineer; other companies may not.
#[test]
fn c2_2_files_of_a_release_open_where_it_was_provided() {
    let app = TestApp::spawn();
    let (customer, stranger, engineer) = (app.customer(), app.stranger(), app.engineer());
    let (release, files) = with_files(&app, "3.20.1", &["smg.bin", "readme.txt"]);
    app.ticket_awaiting(release);
    let foreign = app.foreign_ticket();

    let as_draft = [&engineer, &customer, &stranger].map(|it| shown(&app, it, release));
    let by_draft = [&engineer, &customer, &stranger].map(|it| opens(it, files[0]));
    app.engineer().publishes(release).expect(200);
    app.wait_for_releases();
    let as_published = [&customer, &stranger, &app.colleague()].map(|it| shown(&app, it, release));
    let by_published = [&customer, &stranger, &app.colleague()].map(|it| opens(it, files[0]));
    let issued = json!({ "body": "Установите версию.", "release_id": release });
    engineer.says(foreign, issued).expect(201);

    assert_eq!(as_draft, [files.clone(), vec![], vec![]]);
    assert_eq!(by_draft, [(200, 200), (404, 404), (404, 404)]);
    assert_eq!(as_published, [files.clone(), vec![], files.clone()]);
    assert_eq!(by_published, [(200, 200), (404, 404), (200, 200)]);
    assert_eq!(customer.download(files[0], &[]).2, b"smg.bin");
    assert_eq!(shown(&app, &stranger, release), files);
    assert_eq!(opens(&stranger, files[1]), (200, 200));
    assert_eq!(shown(&app, &app.commercial(), release), Vec::<i64>::new());
    assert_eq!(opens(&app.commercial(), files[0]), (403, 403));
}

/// Section 9: publishing names the files in the comment, which is mailed, and in the events.
#[test]
fn s9_publishing_names_the_files() {
    let app = TestApp::spawn();
    let (release, files) = with_files(&app, "3.20.1", &["smg-3.20.1.bin"]);
    let ticket = app.ticket_awaiting(release);

    app.engineer().publishes(release).expect(200);
    app.wait_for_releases();

    let comment = app.customer().comments(ticket).pop().unwrap();
    let body = comment["body"].as_str().unwrap();
    assert!(body.ends_with("Файлы версии: smg-3.20.1.bin"), "{body}");
    let moved = app.customer().last_event(ticket);
    assert_eq!(
        (&ids_only(&moved["attachments"]), &moved["release"]["id"]),
        (&json!(files), &json!(release))
    );
    let feed = app.engineer().get("/events?limit=100").expect(200);
    let out = feed.items().iter().find(|it| it["type"] == "release.published").unwrap();
    assert_eq!(
        (&ids_only(&out["attachments"]), &out["release"]["id"]),
        (&json!(files), &json!(release))
    );
    assert_eq!(app.admin().verifies(ticket)["intact"], true);
    app.mail_saying(&app.customer(), "smg-3.20.1.bin");
}

/// Section 9: editing a release adds files, and deletes them until it is published.
#[test]
fn s9_files_are_added_and_deleted_before_publication() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let (release, first) = with_files(&app, "3.20.1", &["wrong.bin"]);
    let (_, foreign) = with_files(&app, "3.21.0", &["other.bin"]);
    let path = format!("/releases/{release}");
    let add = |uploads: &[String]| {
        let files = uploads.iter().map(|it| json!({ "upload_id": it, "description": "Образ" }));
        engineer.patch(&path, json!({ "attachments": files.collect::<Vec<_>>() }))
    };
    let take = |file: i64| engineer.delete(&format!("{path}/attachments/{file}"));
    let tag = engineer.get(&path).header("etag").to_owned();
    let upload = engineer.uploaded("smg.bin", b"bytes");
    let stale = [("if-match", tag.as_str())];

    let added = add(std::slice::from_ref(&upload)).expect(200).body;
    let again = add(&[upload, "up_missing".to_owned()]).expect(422);
    let many: Vec<String> = (0..19).map(|it| engineer.uploaded("a", &[it])).collect();
    let too_many = add(&many).expect(422);
    let path_of_first = format!("{path}/attachments/{}", first[0]);
    engineer.send("DELETE", &path_of_first, &stale, None).expect(412);
    take(foreign[0]).expect(404);
    take(first[0]).expect(204);
    take(first[0]).expect(404);
    app.engineer().publishes(release).expect(200);
    let out = file_ids(&added)[1];
    let fixed = take(out).expect(409);
    let later = add(&[engineer.uploaded("readme.txt", b"text")]).expect(200).body;

    assert_eq!(added["attachments"][1]["description"], "Образ");
    assert_eq!(added["attachments"][1]["release_id"], json!(release));
    assert_eq!(
        again.errors(),
        ["/attachments/0/upload_id not_found", "/attachments/1/upload_id not_found"]
    );
    assert_eq!(too_many.errors(), ["/attachments too_long"]);
    assert_eq!(fixed.code(), "already_published");
    assert_eq!(file_ids(&later).len(), 2);
    assert_eq!(engineer.download(out, &[]).2, b"bytes");
    // The deleted file has no bytes any more; the unused uploads have theirs.
    assert_eq!(app.server.stored().len(), 3 + many.len());
}

/// Section 9: publishing is a public event: customers of every company get it by the feed, the
/// stream and their webhooks, and nothing of other companies.
#[test]
fn s9_publication_is_announced_to_every_customer() {
    let app = TestApp::with_local_receivers();
    let (customer, stranger) = (app.customer(), app.stranger());
    let receiver = Receiver::with(Behaviour::Answers(200, ""));
    stranger.subscribes(&receiver);
    let mut stream = stranger.follow(&app.server, "", &[]);
    let (release, _) = with_files(&app, "3.20.1", &["smg.bin"]);
    app.ticket_awaiting(release);
    let since = chrono::Utc::now();

    app.engineer().publishes(release).expect(200);
    app.wait_for_releases();

    let seen = stranger.get("/events?limit=100").expect(200).items().to_vec();
    let types: Vec<&Value> = seen.iter().map(|it| &it["type"]).collect();
    assert_eq!(types, ["release.published"]);
    let event = &seen[0];
    assert_eq!(event["changes"]["version"], json!({ "from": null, "to": "3.20.1" }));
    assert_eq!(event["changes"]["product_id"]["to"]["id"], app.ids.product);
    assert_eq!(event["release"]["id"], release);
    assert_eq!((event.get("attachments"), &event["ticket_id"]), (None, &Value::Null));
    assert_eq!(stream.next().unwrap().data, *event);
    assert_eq!(receiver.messages(1)[0].body["data"], *event);
    let of_customer = customer.get("/events?limit=100").expect(200).items().to_vec();
    let position = of_customer.iter().position(|it| it == event).unwrap();
    assert!(position > 0 && position < of_customer.len() - 1, "{of_customer:?}");
    let paged =
        customer.get(&format!("/events?limit=1&after={}", of_customer[position - 1]["position"]));
    assert_eq!(paged.expect(200).items(), std::slice::from_ref(event));
    let webhook = stranger.get("/webhooks").expect(200).items()[0]["id"].clone();
    let span = json!({ "from": since, "to": chrono::Utc::now() });
    let again = stranger.post(&format!("/webhooks/{webhook}/redeliver"), span).expect(200);
    assert_eq!(again.body["queued"], 1);
}
