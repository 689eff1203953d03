//! Ids in bodies and queries that lead to what is not the caller's (AZ03).

use serde_json::{Value, json};

use crate::support::{
    Member, Operation, Person, Response, TestApp, Thing, article, make, operations, path_on,
    payload, permissions, with,
};

const MISSING: i64 = 4_000_000;

/// A foreign thing that a member of this name could refer to; none if everybody sees such things, or the member holds
/// no id.
struct Foreign<'a> {
    app: &'a TestApp,
    ticket: i64,
    note: i64,
    draft: i64,
    notification: i64,
    upload: String,
}

impl<'a> Foreign<'a> {
    fn new(app: &'a TestApp) -> Self {
        let ticket = app.foreign_ticket();
        let draft = app.engineer().post("/articles", article()).expect(201).id();
        let own = app.ticket("in_progress");
        let note = app.engineer().writes_note(own, "Клиент путает порты.").id();
        app.engineer().replies(ticket, "Смотрим.");
        app.wait_for_notifications();
        let of_stranger =
            format!("select max(id) from notifications where user_id = {}", app.stranger().id);
        let notification = app.value::<Option<i64>>(&of_stranger).unwrap();
        let upload = app.colleague().uploaded("b.log", b"b");
        Self { app, ticket, note, draft, notification, upload }
    }

    fn named(&self, operation: &str, name: &str) -> Option<Value> {
        let ids = &self.app.ids;
        Some(match name.trim_end_matches('s') {
            "company_id" => json!(ids.other_company),
            "project_id" => json!(ids.other_project),
            "parent_id" | "ticket_id" | "source_ticket_id" | "duplicate_of" => json!(self.ticket),
            "not_duplicate_of" => json!(self.ticket),
            "comment_id" | "confirmation_comment_id" => json!(self.note),
            "article_id" => json!(self.draft),
            "author_id" | "actor_id" | "watcher_id" | "user_id" => json!(self.app.stranger().id),
            "assignee_id" | "engineer_id" => json!(self.app.other_engineer().id),
            "upload_id" => json!(self.upload),
            "id" | "up_to_id" if operation == "me_notifications_mark_read" => {
                json!(self.notification)
            }
            // A place in a list, whatever stands there.
            "after_id" => return None,
            // Everybody sees the catalogue.
            "product_id" | "direction_id" | "topic_id" | "release_id" => return None,
            it => {
                assert!(!it.ends_with("_id"), "{operation} {name}: what is foreign there?");
                return None;
            }
        })
    }
}

/// A response without what differs each time, and without the parameter that it repeats in its links.
fn comparable(response: &Response, parameter: &str) -> (u16, Value) {
    let text = response.text.replace(parameter, "");
    let mut body: Value = serde_json::from_str(&text).unwrap_or_else(|_| json!(text));
    if let Some(members) = body.as_object_mut() {
        for name in ["request_id", "generated_at"] {
            members.shift_remove(name);
        }
    }
    (response.status, body)
}

fn name_of(pointer: &str) -> &str {
    pointer.trim_end_matches("/0").rsplit('/').next().unwrap()
}

fn missing_like(foreign: &Value) -> Value {
    if foreign.is_string() { json!("up_missing") } else { json!(MISSING) }
}

/// What a customer calls, with its place and a body.
fn call(app: &TestApp, operation: &Operation, customer: &Person, other: i64) -> (String, Value) {
    let thing: Thing = permissions(operation.id).thing;
    let id = make(app, thing, true, customer);
    let body = payload(app, operation.id, "customer").unwrap_or_else(|| json!({}));
    (path_on(app, operation, id, other), body)
}

/// AZ03: in whatever member of whatever body an id stands, a foreign id gets the same response as an id that nothing
/// has.
#[test]
fn sec_az03_no_body_distinguishes_foreign_from_missing() {
    let app = TestApp::spawn();
    let (customer, other, foreign) = (app.customer(), app.ticket("new"), Foreign::new(&app));
    let mut tried = 0;

    for operation in operations().iter().filter(|it| may(it)) {
        let members: Vec<Member> = operation.members();
        let is_value = |it: &&Member| it.has_type("integer") || it.has_type("string");
        for member in members.iter().filter(is_value) {
            let Some(id) = foreign.named(operation.id, name_of(&member.pointer)) else { continue };
            let (path, body) = call(&app, operation, &customer, other);
            let send = |id: &Value| {
                // A number that stands for a person or a word is a text.
                let is_text = member.has_type("string") && id.is_number();
                let id = if is_text { json!(id.to_string()) } else { id.clone() };
                comparable(
                    &customer.call(&operation.method, &path, Some(&member.put(&body, id))),
                    "no parameter",
                )
            };
            let (missing, found) = (send(&missing_like(&id)), send(&id));
            assert!(missing.0 < 500, "{} {}: {missing:?}", operation.id, member.pointer);
            assert_eq!(
                without_own(found),
                without_own(missing),
                "{} {}",
                operation.id,
                member.pointer
            );
            tried += 1;
        }
    }

    assert!(tried > 30, "{tried}");
}

/// What each call makes anew, and so differs each time.
fn without_own((status, mut body): (u16, Value)) -> (u16, Value) {
    if status < 300 {
        body = with(json!({}), &json!({ "is_done": true }));
    }
    (status, body)
}

/// AZ03: nor does any filter.
#[test]
fn sec_az03_no_filter_distinguishes_foreign_from_missing() {
    let app = TestApp::without_rate_limits();
    let (customer, other, foreign) = (app.customer(), app.ticket("new"), Foreign::new(&app));
    let mut tried = 0;

    for operation in operations().iter().filter(|it| may(it) && it.id != "events_stream") {
        let of_query = operation.parameters().filter(|it| it["in"] == "query");
        for name in of_query.map(|it| it["name"].as_str().unwrap()) {
            let Some(id) = foreign.named(operation.id, name) else { continue };
            let (path, _) = call(&app, operation, &customer, other);
            let separator = if path.contains('?') { '&' } else { '?' };
            let ask = |id: &Value| {
                let parameter = format!("{name}={id}");
                let path = format!("{path}{separator}{parameter}");
                comparable(&customer.call(&operation.method, &path, None), &parameter)
            };
            assert_eq!(ask(&id), ask(&json!(MISSING)), "{} {name}", operation.id);
            tried += 1;
        }
    }

    assert!(tried > 25, "{tried}");
}

/// Whether a customer may call it at all.
fn may(operation: &Operation) -> bool {
    permissions(operation.id).statuses[0][0] != 403
}
