//! Section 4 of the contract: internal notes with files, and every way in which they could leak.

use serde_json::{Value, json};

use crate::support::{Behaviour, Mail, MailServer, Person, Receiver, TestApp, ids, wait_until};

/// The text of a note of its own, and of one that comes with a transition.
const NOTE: &str = "Заказчик путает порты, объясняем мягко.";
const ASIDE: &str = "Плату потеряли на складе.";

/// What customers must find nowhere: the texts, and the names and descriptions of the files.
const SECRETS: [&str; 6] =
    [NOTE, ASIDE, "порты-заказчика.txt", "Перепутанные порты", "склад.txt", "Накладная склада"];

/// What customers may read, too; as the last thing said it also shows that all before it has arrived.
const ANSWER: &str = "Плата в ремонте.";

/// What was said inside a ticket.
struct InternalTexts {
    ticket: i64,
    comments: Vec<i64>,
    files: Vec<i64>,
}

impl InternalTexts {
    /// Whether a text shows any of it, by its words or by its ids.
    fn shows_in(&self, text: &str) -> bool {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        SECRETS.iter().any(|it| text.contains(it)) || self.is_named_in(&value)
    }

    fn is_named_in(&self, value: &Value) -> bool {
        match value {
            Value::Object(members) => members.iter().any(|(name, value)| match name.as_str() {
                "comment_id" => self.comments.iter().any(|it| value == it),
                "attachments" => {
                    self.files.iter().any(|id| ids(value.as_array().unwrap()).contains(id))
                }
                _ => self.is_named_in(value),
            }),
            Value::Array(items) => items.iter().any(|it| self.is_named_in(it)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        }
    }

    /// How many of some events show it.
    fn count_in<'a>(&self, events: impl Iterator<Item = &'a Value>) -> usize {
        events.filter(|it| self.shows_in(&it.to_string())).count()
    }
}

/// Every page on which a ticket shows.
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

/// Whether staff read on a page what was said, not only that something was.
fn shows_notes(page: &str) -> bool {
    let lists =
        ["?expand=", "/comments?", "/attachments?", "/history?", "/me/notifications", "/events"];
    lists.iter().any(|it| page.contains(it))
}

/// The content of these pages, without what changes with time alone.
fn read(person: &Person, ticket: i64) -> Vec<Value> {
    pages(ticket).iter().map(|it| without_times(person.get(it).expect(200).body)).collect()
}

fn without_times(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let lasting = members.into_iter().filter(|(name, _)| name != "remaining_minutes");
            lasting.map(|(name, value)| (name, without_times(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(without_times).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

fn file(upload: String, description: &str) -> Value {
    json!([{ "upload_id": upload, "description": description }])
}

/// Section 4: an internal note, its file, and what is said internally with a transition reach
/// staff in every way, and customers in none: no text, no name, no number, no count, no time.
#[test]
fn c4_2_internal_texts_leak_nowhere() {
    let post = MailServer::running();
    let url = post.url();
    let app = TestApp::spawn_with(&[
        ("HELPDESK_SMTP_URL", url.as_str()),
        ("HELPDESK_WEBHOOK_ALLOW_PRIVATE", "true"),
    ]);
    let (customer, colleague, watcher) = (app.customer(), app.colleague(), app.other_engineer());
    let receivers = [(); 2].map(|()| Receiver::with(Behaviour::Answers(200, "")));
    let hooks = [customer.webhook_for(&receivers[0]), app.admin().webhook_for(&receivers[1])];
    let watchers = json!({
        "watcher_ids": [colleague.id, watcher.id], "author_id": customer.id,
    });
    let ticket = app.engineer().has_filed(app.request_with(&watchers));
    app.engineer().takes(ticket);
    app.wait_for_notifications();

    let inside = write_internally(&app, ticket, [&customer, &colleague], &watcher);

    for person in [&customer, &colleague] {
        must_be_hidden(&inside, person);
    }
    for page in pages(ticket).iter().filter(|it| shows_notes(it)) {
        let text = watcher.get(page).expect(200).text;
        assert!(inside.shows_in(&text), "{page}: {text}");
    }
    assert_eq!(watcher.download(inside.files[0], &[]).2, b"1-2, 2-1");
    must_be_mailed_to_staff_alone(&post.received(), [&customer, &colleague], &watcher);
    for (place, (person, shown)) in [(customer, 0), (app.admin(), 2)].into_iter().enumerate() {
        must_receive(&app, &inside, &person, (&receivers[place], &hooks[place]), shown);
    }
}

/// Says things inside a ticket, with files, and at last something in public. The note alone must
/// leave everything that customers read as it was.
fn write_internally(
    app: &TestApp,
    ticket: i64,
    customers: [&Person; 2],
    staff: &Person,
) -> InternalTexts {
    let engineer = app.engineer();
    let before = (customers.map(|it| read(it, ticket)), read(staff, ticket));

    let ports = file(engineer.uploaded(SECRETS[2], b"1-2, 2-1"), SECRETS[3]);
    let note = json!({ "body": NOTE, "internal": true, "attachments": ports });
    let note = engineer.says(ticket, note).expect(201);
    app.wait_for_notifications();
    assert_eq!(customers.map(|it| read(it, ticket)), before.0);
    let after = read(staff, ticket);
    let changed = before.1.iter().zip(&after).filter(|(before, after)| before != after);
    assert_eq!(changed.count(), 10, "staff read of it in all but the transitions");

    let bill = file(engineer.uploaded(SECRETS[4], b"0 pcs"), SECRETS[5]);
    let aside = json!({
        "to": "on_hold", "waiting_on": "repair", "comment": ASIDE, "internal": true,
        "attachments": bill,
    });
    engineer.moves(ticket, aside).expect(200);
    engineer.replies(ticket, ANSWER);
    app.wait_for_mail();
    let comments = ids(&staff.comments(ticket))[..2].to_vec();
    assert_eq!(comments[0], note.id());
    InternalTexts { ticket, comments, files: ids(&staff.attachments(ticket)) }
}

/// A customer finds nothing of it on any page, cannot open it, and cannot tell that it is there.
fn must_be_hidden(inside: &InternalTexts, person: &Person) {
    let path = format!("/tickets/{}", inside.ticket);
    for page in pages(inside.ticket) {
        let text = person.get(&page).expect(200).text;
        assert!(!inside.shows_in(&text), "{page}: {text}");
    }
    let shown = person.ticket(inside.ticket);
    let counts = ["comments_count", "attachments_count", "unread_comments"];
    assert_eq!(counts.map(|it| &shown[it]), [&json!(1), &json!(0), &json!(1)]);
    let (history, checked) = (person.history(inside.ticket), person.verifies(inside.ticket));
    assert_eq!((&checked["events"], &checked["intact"]), (&json!(history.len()), &json!(true)));
    assert_eq!(inside.files.len(), 2);
    let missing = person.get("/attachments/999999").expect(404).without_request_id();
    for id in &inside.files {
        let shown = person.get(&format!("/attachments/{id}")).expect(404);
        assert_eq!(shown.without_request_id(), missing);
        assert_eq!(person.download(*id, &[]).0, 404);
    }
    for id in &inside.comments {
        let read = person.post(&format!("{path}/read"), json!({ "comment_id": id })).expect(422);
        assert_eq!(read.errors(), ["/comment_id not_found"]);
        let edit = json!({ "body": "Не путаем." });
        person.patch(&format!("{path}/comments/{id}"), edit).expect(404);
    }
}

/// Both notes come to the engineer who watches, neither of them to a customer.
fn must_be_mailed_to_staff_alone(mails: &[Mail], customers: [&Person; 2], staff: &Person) {
    let count = |to: &Person, words: &str| {
        mails.iter().filter(|it| it.to == to.email && it.body.contains(words)).count()
    };
    assert_eq!([NOTE, ASIDE].map(|it| count(staff, it)), [1, 1]);
    for person in customers {
        let of_person: Vec<&Mail> = mails.iter().filter(|it| it.to == person.email).collect();
        let is_silent = |it: &&Mail| {
            SECRETS.iter().all(|words| !it.body.contains(words) && !it.html.contains(words))
        };
        assert_eq!(count(person, ANSWER), 1);
        assert!(of_person.iter().all(is_silent));
        // Filed on their behalf or with them as a watcher, taken on, on hold, answered.
        assert_eq!(of_person.len(), 4, "{of_person:?}");
    }
}

/// The feed, its stream and a webhook tell somebody the same events, of which `shown` are inside.
fn must_receive(
    app: &TestApp,
    inside: &InternalTexts,
    person: &Person,
    (receiver, webhook): (&Receiver, &str),
    shown: usize,
) {
    let feed = person.get("/events?limit=100").expect(200).items().to_vec();
    let stream = person.follow(&app.server, "?after=0", &[]);
    let streamed: Vec<Value> = stream.take(feed.len()).map(|it| it.data).collect();
    let messages = receiver.messages(feed.len());
    wait_until("all is delivered", || {
        let page = format!("{webhook}/deliveries?state=delivered&limit=100");
        person.get(&page).expect(200).items().len() == feed.len()
    });
    assert_eq!(inside.count_in(feed.iter()), shown);
    assert_eq!(inside.count_in(messages.iter().map(|it| &it.body)), shown);
    assert_eq!((messages.len(), streamed), (feed.len(), feed));
}
