//! Section 4 of the contract: what staff say among themselves, with files, and every way on which
//! it could get out.

use serde_json::{Value, json};

use crate::comments::posting::say;
use crate::mail::ticket_mail::all_is_sent;
use crate::notifications::inbox::all_is_told;
use crate::support::{MailServer, Manner, Person, Receiver, TestApp, wait_until};
use crate::tickets::filing::request::with;

/// What is said in a note of its own, and what is said with a move.
const NOTE: &str = "Заказчик путает порты, объясняем мягко.";
const ASIDE: &str = "Плату потеряли на складе.";

/// The words that customers must find nowhere; of the files the names and what they show.
const SECRETS: [&str; 6] =
    [NOTE, ASIDE, "порты-заказчика.txt", "Перепутанные порты", "склад.txt", "Накладная склада"];

/// A ticket in which something was said among staff.
struct Said {
    ticket: i64,
    comments: [i64; 2],
    files: [i64; 2],
}

impl Said {
    /// What a person reads of the ticket by all that is read.
    fn pages(ticket: i64) -> Vec<String> {
        vec![
            format!("/tickets/{ticket}"),
            format!("/tickets/{ticket}?expand=comments,attachments,history"),
            format!("/tickets/{ticket}/comments?limit=100"),
            format!("/tickets/{ticket}/attachments?limit=100"),
            format!("/tickets/{ticket}/history?limit=100"),
            format!("/tickets/{ticket}/history/verify"),
            format!("/tickets/{ticket}/transitions"),
            "/tickets?sort=-updated_at".to_owned(),
            "/me/tickets".to_owned(),
            "/me/notifications?limit=100".to_owned(),
            "/events?limit=100".to_owned(),
        ]
    }

    /// The answers to these, without what time alone changes.
    fn read(ticket: i64, person: &Person) -> Vec<Value> {
        let read = |it: &String| timeless(person.get(it).expect(200).body);
        Self::pages(ticket).iter().map(read).collect()
    }

    /// Whether a text, or what is named in it, tells of what was said.
    fn shows_in(&self, text: &str) -> bool {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        SECRETS.iter().any(|it| text.contains(it)) || self.is_named_in(&value)
    }

    fn is_named_in(&self, value: &Value) -> bool {
        match value {
            Value::Object(members) => members.iter().any(|(name, value)| match name.as_str() {
                "comment_id" => self.comments.iter().any(|it| value == it),
                "attachment_ids" => {
                    self.files.iter().any(|it| value.to_string().contains(&it.to_string()))
                }
                _ => self.is_named_in(value),
            }),
            Value::Array(items) => items.iter().any(|it| self.is_named_in(it)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        }
    }
}

fn timeless(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(name, _)| name != "remaining_minutes");
            kept.map(|(name, value)| (name, timeless(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(timeless).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

fn file(upload: String, description: &str) -> Value {
    json!([{ "upload_id": upload, "description": description }])
}

/// Section 4: an internal note, a file of it, and what is said inside with a move reach staff on
/// every way, and customers on none: no text, no name, no number, no count, no time.
#[test]
fn c4_2_what_is_said_inside_gets_out_on_no_way() {
    let post = MailServer::running();
    let settings =
        [("HELPDESK_SMTP_URL", post.url()), ("HELPDESK_WEBHOOK_ALLOW_PRIVATE", "true".to_owned())];
    let app = TestApp::spawn_with(&settings.each_ref().map(|(name, it)| (*name, it.as_str())));
    let (customer, colleague, engineer) = (app.customer(), app.colleague(), app.engineer());
    let (watcher, admin) = (app.other_engineer(), app.admin());
    let receivers = [(); 2].map(|()| Receiver::that(Manner::Answers(200, "")));
    let hooks = [&customer, &admin];
    let hooks = [0, 1].map(|it| {
        let body = json!({ "url": receivers[it].url() });
        format!("/webhooks/{}", hooks[it].post("/webhooks", body).expect(201).id())
    });
    let watched = json!({ "watcher_ids": [colleague.id, watcher.id] });
    let request = with(app.request(), &watched);
    let mut author = request.clone();
    author["author_id"] = json!(customer.id);
    let ticket = engineer.post("/tickets", author).expect(201).id();
    let path = format!("/tickets/{ticket}");
    let moves = format!("{path}/transitions");
    engineer.post(&moves, json!({ "to": "in_progress" })).expect(200);
    all_is_told(&app);
    let people = [&customer, &colleague];
    let before = people.map(|it| Said::read(ticket, it));
    let staff_before = Said::read(ticket, &watcher);

    let ports = file(engineer.uploaded(SECRETS[2], b"1-2, 2-1"), SECRETS[3]);
    let note = json!({ "body": NOTE, "internal": true, "attachments": ports });
    let note = say(&engineer, ticket, note).expect(201);
    all_is_told(&app);
    let after_the_note = people.map(|it| Said::read(ticket, it));
    let staff_after = Said::read(ticket, &watcher);
    let bill = file(engineer.uploaded(SECRETS[4], b"0 pcs"), SECRETS[5]);
    let aside = json!({
        "to": "on_hold", "waiting_on": "repair", "comment": ASIDE, "internal": true,
        "attachments": bill,
    });
    engineer.post(&moves, aside).expect(200);
    // What comes last tells that all before it has come.
    say(&engineer, ticket, json!({ "body": "Плата в ремонте." })).expect(201);
    all_is_sent(&app);
    let comments = watcher.get(&format!("{path}/comments")).expect(200);
    let files = watcher.get(&format!("{path}/attachments")).expect(200);
    let ids = |it: &[Value]| [&it[0], &it[1]].map(|it| it["id"].as_i64().unwrap());
    let said = Said { ticket, comments: ids(comments.items()), files: ids(files.items()) };
    assert_eq!(said.comments[0], note.id());

    // The note alone leaves everything that a customer reads as it was.
    assert_eq!(after_the_note, before);
    let changed = staff_before.iter().zip(&staff_after).filter(|(before, after)| before != after);
    assert_eq!(changed.count(), 9, "staff read of it in all but the moves and the list");

    for person in people {
        for page in Said::pages(said.ticket) {
            let text = person.get(&page).expect(200).text;
            assert!(!said.shows_in(&text), "{page}: {text}");
        }
        let shown = person.get(&path).expect(200).body;
        let counts = ["comments_count", "attachments_count", "unread_comments"];
        assert_eq!(counts.map(|it| &shown[it]), [&json!(1), &json!(0), &json!(1)]);
        let history = person.get(&format!("{path}/history?limit=100")).expect(200);
        let checked = person.get(&format!("{path}/history/verify")).expect(200).body;
        assert_eq!(
            (&checked["events"], &checked["intact"]),
            (&json!(history.items().len()), &json!(true))
        );
        let missing = person.get("/attachments/999999").expect(404).but_for_its_id();
        for id in said.files {
            let shown = person.get(&format!("/attachments/{id}")).expect(404);
            assert_eq!(shown.but_for_its_id(), missing);
            assert_eq!(person.download(id, &[]).0, 404);
        }
        for id in said.comments {
            let read = json!({ "comment_id": id });
            let read = person.post(&format!("{path}/read"), read).expect(422);
            assert_eq!(read.errors(), ["/comment_id not_found"]);
            let edit = json!({ "body": "Не путаем." });
            person.patch(&format!("{path}/comments/{id}"), edit).expect(404);
        }
    }
    for page in Said::pages(said.ticket).iter().filter(|it| shows_notes(it)) {
        let text = watcher.get(page).expect(200).text;
        assert!(said.shows_in(&text), "{page}: {text}");
    }
    assert_eq!(watcher.download(said.files[0], &[]).2, b"1-2, 2-1");

    // Mail: both notes to the engineer who watches, none of them to a customer.
    let mails = post.received();
    let tells = |to: &Person, word: &str| {
        mails.iter().filter(|it| it.to == to.email && it.body.contains(word)).count()
    };
    assert_eq!([NOTE, ASIDE].map(|it| tells(&watcher, it)), [1, 1]);
    for person in people {
        assert_eq!(tells(person, "Плата в ремонте."), 1);
        let of_person = || mails.iter().filter(|it| it.to == person.email);
        assert!(of_person().all(|it| {
            SECRETS.iter().all(|word| !it.body.contains(word) && !it.html.contains(word))
        }));
        // Taken on, on hold, answered; whoever watches from the beginning also that it was filed.
        assert_eq!(
            of_person().count(),
            4,
            "{:?}",
            of_person().map(|it| &it.body).collect::<Vec<_>>()
        );
    }

    // Streams and webhooks: as many events as the feed has for each, told of inside or not.
    for (place, person) in [&customer, &admin].into_iter().enumerate() {
        let feed = person.get("/events?limit=100").expect(200).items().to_vec();
        let streamed: Vec<Value> = person
            .follow(&app.server, "?after=0", &[])
            .take(feed.len())
            .map(|it| it.data)
            .collect();
        let told = receivers[place].messages(feed.len());
        let mut delivered = 0;
        wait_until("all is delivered", || {
            let page = format!("{}/deliveries?state=delivered&limit=100", hooks[place]);
            delivered = person.get(&page).expect(200).items().len();
            delivered == feed.len()
        });
        let is_inside = |it: &Value| said.shows_in(&it.to_string());
        let expected = if place == 0 { 0 } else { 2 };
        assert_eq!(feed.iter().filter(|it| is_inside(it)).count(), expected);
        assert_eq!(streamed.iter().filter(|it| is_inside(it)).count(), expected);
        assert_eq!(told.iter().filter(|it| is_inside(&it.body)).count(), expected);
        assert_eq!((told.len(), streamed), (feed.len(), feed));
    }
}

/// Whether staff read on a page what was said, not only that something was.
fn shows_notes(page: &str) -> bool {
    let told =
        ["?expand=", "/comments?", "/attachments?", "/history?", "/me/notifications", "/events"];
    told.iter().any(|it| page.contains(it))
}
