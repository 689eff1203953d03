//! What a front end has to ask for, screen by screen.

use serde_json::{Value, json};

use crate::support::{PASSWORD, Person, Response, TestApp, article};

/// Members that hold a number alone, and are named elsewhere in the same response or by nothing.
const WITHOUT_NAMES: &[&str] = &[
    // The ticket of a screen or of `ticket_subject`, and what has no names: comments and events.
    "ticket_id",
    "comment_id",
    "event_id",
    "release_id",
    "request_id",
];

fn nameless(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, it) in members {
                let is_id = name.ends_with("_id") || name.ends_with("_ids");
                let is_bare = it.is_i64() || it[0].is_i64();
                if is_id && is_bare && !WITHOUT_NAMES.contains(&name.as_str()) {
                    found.push(name.clone());
                }
                nameless(it, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|it| nameless(it, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A screen: who opens it, the most calls that it may take, and the calls that it takes.
type Screen<'a> = (&'a Person, usize, Vec<&'a str>);

/// The calls of a front end, screen by screen: few, in the reader's own language, and with no id that they do
/// not also name.
#[test]
fn every_screen_takes_few_calls_and_names_what_it_shows() {
    let app = TestApp::spawn();
    let (customer, engineer, admin) = (app.customer(), app.engineer(), app.admin());
    let parent = app.ticket("new");
    let (ticket, _) = app.ticket_with_file("a.log", b"log");
    customer.edits(ticket, json!({ "parent_id": parent })).expect(200);
    customer.adds_watcher(ticket, &app.colleague());
    customer.links(ticket, parent).expect(204);
    engineer.takes(ticket).expect(200);
    let article = app.article_for_customers(article());
    let question = json!({ "to": "feedback", "comment": "Помогает?", "article_id": article });
    engineer.moves(ticket, question).expect(200);
    customer.inbox(1);
    for person in [&customer, &engineer, &admin] {
        person.patch("/me", json!({ "language": "kk" })).expect(200);
    }
    let whole = format!("/tickets/{ticket}?expand=comments,attachments,history");
    let moves = format!("/tickets/{ticket}/transitions");
    let products = format!("/products?direction_id={}", app.ids.telephony);

    let screens: [Screen<'_>; 10] = [
        (&customer, 1, vec!["/me/tickets"]),
        (&customer, 2, vec![&whole, &moves]),
        (&engineer, 2, vec![&whole, &moves]),
        (&engineer, 1, vec!["/queue"]),
        (&engineer, 1, vec!["/tickets?include=last_comment,counts"]),
        (&customer, 2, vec!["/projects", &products]),
        (&engineer, 1, vec!["/reports/dashboard"]),
        (&admin, 1, vec!["/reports/dashboard"]),
        (&customer, 1, vec!["/me/notifications"]),
        (&engineer, 1, vec!["/events"]),
    ];
    for (person, most, calls) in screens {
        assert!(calls.len() <= most);
        for path in calls {
            let response = person.get(path).expect(200);
            assert_eq!(response.header("content-language"), "kk", "{path}");
            let mut found = Vec::new();
            nameless(&response.body, &mut found);
            assert_eq!(found, Vec::<String>::new(), "{path}");
        }
    }
    let words = &engineer.get(&whole).body["history"][0]["summary"];
    assert!(words.as_str().unwrap().contains(|it| "әғқңөұүһі".contains(it)), "{words}");
}

/// Signing in takes two calls, and with the words of the system, which are cached, they are small.
#[test]
fn signing_in_takes_two_small_calls() {
    let app = TestApp::spawn();
    let gzip = ("accept-encoding", "gzip");
    let login = json!({ "email": app.engineer().email, "password": PASSWORD });

    let body = login.to_string();
    let bearer = format!("Bearer {}", app.engineer().token);
    let json = ("content-type", "application/json");
    // A compressed body cannot be checked against the document.
    let client = &app.server.client;
    let login = [gzip, json];
    let tokens = client.send_unchecked("POST", "/api/v1/auth/login", &login, Some(body.as_bytes()));
    let me = [gzip, ("authorization", bearer.as_str())];
    let me = client.send_unchecked("GET", "/api/v1/me", &me, None);

    let size = |it: Response| it.expect(200).header("content-length").parse::<usize>().unwrap();
    let sizes = [size(tokens), size(me)];
    assert!(sizes.iter().sum::<usize>() <= 12 * 1024, "{sizes:?}");
}
