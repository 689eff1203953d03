//! When a stream of events ends, and how many a person may have (AZ08, RS05, SV07).

use serde_json::json;

use crate::support::{PASSWORD, Person, Server, TestApp, wait_until};

/// A person with a session of their own.
fn signed_in(app: &TestApp, server: &Server, person: &Person) -> Person {
    let login = json!({ "email": person.email, "password": PASSWORD });
    let response = app.anonymous().at(server).post("/auth/login", login);
    app.with_token(&response.expect(200).word("access_token"))
}

/// AZ08: when a person is deactivated, signs out, or gets another role or company, the stream ends
/// and reports nothing that happens later.
#[test]
fn sec_az08_a_stream_ends_with_the_rights_behind_it() {
    let app = TestApp::spawn();
    let admin = app.admin();
    let colleague = app.colleague();
    let other = signed_in(&app, &app.server, &app.other_engineer());
    let token = app.customer().makes_api_token(&["events:read"]).expect(201);
    let script = app.with_token(&token.word("token"));
    let mut streams = [
        app.stranger().follow(&app.server, "", &[]),
        colleague.follow(&app.server, "", &[]),
        app.engineer().follow(&app.server, "", &[]),
        other.follow(&app.server, "", &[]),
        script.follow(&app.server, "", &[]),
    ];
    let mut stays = app.customer().follow(&app.server, "", &[]);
    for stream in &mut streams {
        assert_eq!(stream.head.status, 200);
        assert_eq!(stream.comment_line().as_deref(), Some("retry: 3000"));
    }

    admin.deactivates(&app.stranger());
    let (company, person) = (app.ids.other_company, colleague.id);
    app.sql(&format!("update users set company_id = {company} where id = {person}"));
    admin.edits_account(&app.engineer(), json!({ "role": "admin" }));
    other.signs_out();
    app.customer().delete(&format!("/me/api-tokens/{}", token.id())).expect(204);
    let ticket = app.customer().has_filed(app.request());

    for stream in &mut streams {
        assert_eq!(stream.next(), None);
    }
    assert_eq!(stays.next().unwrap().data["ticket_id"], ticket);
}

/// AZ08: a stream ends with its token; a reader that comes back with a fresh one misses nothing.
#[test]
fn sec_az08_a_stream_ends_with_its_token() {
    let app = TestApp::spawn();
    let short = Server::start(&app.database_url(), &[("HELPDESK_ACCESS_TTL", "10")]);
    let customer = signed_in(&app, &short, &app.customer());

    let mut stream = customer.follow(&short, "?after=0", &[]);

    assert_eq!(stream.head.status, 200);
    assert_eq!(stream.next(), None);
    let id = app.ticket("new");
    let again = signed_in(&app, &short, &app.customer());
    let event = again.follow(&short, "?after=0", &[]).next().unwrap();
    assert_eq!(event.data["ticket_id"], id);
}

/// RS05: a person has at most ten streams; closing one makes room for another.
#[test]
fn sec_rs05_a_person_has_ten_streams() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let open = || customer.follow(&app.server, "", &[]);

    let mut streams: Vec<_> = (0..10).map(|_| open()).collect();
    let refused = open().head;

    assert!(streams.iter().all(|it| it.head.status == 200));
    assert_eq!((refused.status, refused.code()), (429, "too_many_streams"));
    assert_eq!(refused.header("retry-after"), "10");
    assert_eq!(app.colleague().follow(&app.server, "", &[]).head.status, 200);
    streams.pop();
    wait_until("the place is free", || open().head.status == 200);
}

/// SV07: streams end when the service is stopped, and do not delay it.
#[test]
fn sec_sv07_open_streams_do_not_delay_the_shutdown() {
    let mut app = TestApp::spawn();
    let people = [app.customer(), app.engineer(), app.admin()];
    let mut streams = people.map(|it| it.follow(&app.server, "", &[]));
    for stream in &mut streams {
        stream.comment_line().unwrap();
    }

    app.server.signal("TERM");

    for stream in &mut streams {
        assert_eq!(stream.comment_line().as_deref(), Some("retry: 3000"));
        assert_eq!(stream.next(), None);
    }
    assert!(app.server.wait().success());
}
