//! `POST /tickets/bulk`: each ticket as its own call would do it, once.

use serde_json::{Value, json};

use crate::support::{Person, Response, Server, TestApp, wait_until};

fn bulk(person: &Person, body: Value) -> Response {
    person.post("/tickets/bulk", body)
}

fn ids(app: &TestApp) -> Vec<i64> {
    app.rows("select id from tickets order by id")
}

/// 2.5: of a hundred tickets three must be refused: the others are done, each with its history, and the
/// three say why, as the single calls would.
#[test]
fn c2_5_of_a_hundred_tickets_three_are_refused() {
    let app = TestApp::spawn();
    let (closed, working) = (app.ticket("closed"), app.ticket("in_progress"));
    app.insert_tickets(97, &[]);
    let mut all = ids(&app);
    all.push(9_999_999);
    let engineer = app.engineer();
    let before = app.snapshot(closed);

    let done =
        bulk(&engineer, json!({ "ids": all, "action": { "type": "move", "to": "in_progress" } }));

    let done = done.expect(200);
    assert_eq!((&done.body["state"], &done.body["refused_count"]), (&json!("done"), &json!(3)));
    assert_eq!(done.items().len(), 100);
    for item in done.items() {
        let ticket = item["ticket_id"].as_i64().unwrap();
        if [closed, working, 9_999_999].contains(&ticket) {
            let single = json!({ "to": "in_progress" });
            let single = engineer.post(&format!("/tickets/{ticket}/transitions"), single);
            assert_eq!(item["status"], single.status);
            for member in ["type", "code", "title", "detail", "status"] {
                assert_eq!(item["problem"][member], single.body[member], "{member}");
            }
            assert_eq!(item["problem"].get("request_id"), None);
        } else {
            assert_eq!((&item["status"], &item["problem"]), (&json!(200), &Value::Null));
            let event = engineer.last_event(ticket);
            assert_eq!(
                (&event["type"], &event["actor"]["id"]),
                (&json!("ticket.status_changed"), &json!(engineer.id))
            );
            assert_eq!(engineer.verifies(ticket)["intact"], true);
        }
    }
    assert_eq!(app.snapshot(closed), before);
    let again = engineer.get(&format!("/bulk/{}?limit=100", done.id())).expect(200);
    assert_eq!(again.body["items"], done.body["items"]);
    let mails =
        format!("select from mails where bulk_id is not null and user_id = {}", app.customer().id);
    wait_until("there is a mail about the bulk", || app.count(&mails) > 0);
    let shown = format!("select from notifications where user_id = {}", app.customer().id);
    wait_until("its author is notified of each", || app.count(&shown) >= 97);
    assert_eq!(app.count(&mails), 1);
}

/// 4.2: each action does what its own call does; a dry run reports it and changes nothing.
#[test]
fn c4_2_a_bulk_does_what_the_single_calls_do() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    app.admin().adds_engineer(app.ids.telephony, &app.other_engineer());
    let tickets = [app.ticket("in_progress"), app.ticket("in_progress")];
    let act = |action: Value, dry_run: bool| {
        bulk(&engineer, json!({ "ids": tickets, "action": action, "dry_run": dry_run })).expect(200)
    };
    let statuses = |done: &Response| -> Vec<i64> {
        done.items().iter().map(|it| it["status"].as_i64().unwrap()).collect()
    };
    let before = tickets.map(|it| app.snapshot(it));
    let actions = [
        (json!({ "type": "comment", "body": "Смотрим журнал." }), 201),
        (
            json!({ "type": "assign", "assignee_id": app.other_engineer().id, "reason": "Отпуск" }),
            200,
        ),
        (json!({ "type": "edit", "priority": "critical", "reason": "Узел недоступен" }), 200),
        (json!({ "type": "watch", "user_id": app.other_engineer().id }), 204),
        (json!({ "type": "move", "to": "feedback", "comment": "Пришлите версию ПО." }), 200),
    ];

    for (action, status) in &actions {
        assert_eq!(statuses(&act(action.clone(), true)), [*status; 2], "{action}");
    }
    assert_eq!(tickets.map(|it| app.snapshot(it)), before);
    for (action, status) in actions {
        assert_eq!(statuses(&act(action.clone(), false)), [status; 2], "{action}");
    }
    for id in tickets {
        let ticket = engineer.ticket(id);
        assert_eq!(
            (&ticket["status"], &ticket["priority"]),
            (&json!("feedback"), &json!("critical"))
        );
        assert_eq!(ticket["assignee"]["id"], app.other_engineer().id);
        assert_eq!(engineer.comments(id).len(), app.customer().comments(id).len());
    }
}

/// A bulk operation that is sent again with its key does nothing twice.
#[test]
fn a_bulk_that_is_sent_again_does_nothing_twice() {
    let app = TestApp::spawn();
    let ticket = app.ticket("in_progress");
    let body =
        json!({ "ids": [ticket, ticket], "action": { "type": "comment", "body": "Смотрим." } });
    let engineer = app.engineer();
    let before = engineer.comments(ticket).len();

    let first = engineer.post_once("k", "/tickets/bulk", Some(&body)).expect(200);
    let second = engineer.post_once("k", "/tickets/bulk", Some(&body)).expect(200);

    assert_eq!(first.body, second.body);
    assert_eq!(engineer.comments(ticket).len(), before + 1);
}

/// Mistakes in a bulk request are reported before anything is done.
#[test]
fn bad_bulks_are_refused() {
    let app = TestApp::spawn();
    let ticket = app.ticket("new");
    let engineer = app.engineer();
    let watch = json!({ "type": "watch", "user_id": engineer.id });
    let cases = [
        (json!({ "action": watch }), "/ids required"),
        (json!({ "ids": [ticket], "filters": {}, "action": watch }), "/filters conflicts"),
        (json!({ "filters": {}, "action": watch }), "/expected_count required"),
        (
            json!({ "filters": {}, "expected_count": 7, "action": watch }),
            "/expected_count count_differs",
        ),
        (
            json!({ "ids": [ticket], "expected_count": 5, "action": watch }),
            "/expected_count count_differs",
        ),
        (json!({ "ids": [], "action": watch }), "/ids too_short"),
        (json!({ "ids": [ticket], "action": { "type": "delete" } }), "/action/type not_one_of"),
        (json!({ "ids": [ticket], "action": { "type": "watch" } }), "/action/user_id required"),
        (
            json!({ "ids": [ticket], "action": { "type": "watch", "user_id": "x" } }),
            "/action/user_id wrong_type",
        ),
        (
            json!({ "ids": [ticket], "action": { "type": "watch", "user_id": 1, "colour": 1 } }),
            "/action/colour unknown_field",
        ),
        (
            json!({ "ids": [ticket], "action": { "type": "assign" } }),
            "/action/assignee_id required",
        ),
        (
            json!({ "ids": [ticket], "action": { "type": "comment", "body": " " } }),
            "/action/body blank",
        ),
        (
            json!({ "ids": [ticket], "action": { "type": "move", "to": "closed", "colour": 1 } }),
            "/action/colour unknown_field",
        ),
        (
            json!({ "ids": [ticket], "action": { "type": "comment", "body": "x",
                "attachments": [{ "upload_id": "up_1", "description": "x" }] } }),
            "/action/attachments not_applicable",
        ),
    ];

    for (body, error) in cases {
        let refused = bulk(&engineer, body.clone()).expect(422);
        assert_eq!(refused.errors(), [error], "{body}");
    }
    let both = json!({
        "ids": [ticket], "filters": {}, "colour": 1, "action": { "type": "assign", "to": "new" },
    });
    assert_eq!(
        bulk(&engineer, both).expect(422).errors(),
        [
            "/colour unknown_field",
            "/action/assignee_id required",
            "/action/to unknown_field",
            "/filters conflicts"
        ]
    );
    let nothing = json!({ "filters": { "status": "new" }, "expected_count": 1, "action": watch });
    assert_eq!(bulk(&engineer, nothing).expect(422).errors(), ["/filters/status wrong_type"]);
    assert_eq!(app.count("select from bulks"), 0);
    let differs = json!({ "filters": {}, "expected_count": 7, "action": watch });
    assert!(bulk(&engineer, differs).text.contains("Найдено: 1."));
    let by_filter =
        json!({ "filters": { "status": ["new"] }, "expected_count": 1, "action": watch });
    assert_eq!(bulk(&engineer, by_filter).expect(200).items()[0]["ticket_id"], ticket);
    assert_eq!(bulk(&app.customer(), json!({ "ids": [ticket], "action": watch })).status, 403);
}

/// SV03: however often the service is killed, each ticket of a large bulk is done once.
fn killed_twice(count: i64) {
    let mut app = TestApp::spawn();
    app.insert_tickets(count, &[]);
    let commented = "select distinct ticket_id from events where type = 'ticket.commented'";
    let body = json!({
        "filters": { "status": ["new"] }, "expected_count": count,
        "action": { "type": "comment", "body": "Работы завершены." },
    });

    let accepted = bulk(&app.engineer(), body).expect(202);
    let path = accepted.header("location").strip_prefix("/api/v1").unwrap().to_owned();
    wait_until("some are done", || app.count(commented) > 0);
    app.server.kill();
    let first = app.count(commented);
    let mut second = Server::start(&app.database_url(), &[]);
    wait_until("more are done", || app.count(commented) > first);
    second.kill();
    let last = [Server::start(&app.database_url(), &[]), Server::start(&app.database_url(), &[])];
    let is_done = || app.count("select from bulks where state = 'done'") == 1;
    while !is_done() {
        let before = app.count(commented);
        wait_until("it goes on", || app.count(commented) > before || is_done());
    }

    assert!(first < count, "killed too late to tell anything");
    assert_eq!(app.count(commented), count);
    assert_eq!(app.count("select from events where type = 'ticket.commented'"), count);
    assert_eq!(app.count("select from comments"), count);
    let shown = app.engineer().at(&last[0]).get(&path).expect(200);
    assert_eq!(
        (&shown.body["done_count"], &shown.body["refused_count"]),
        (&json!(count), &json!(0))
    );
    let mails =
        format!("select from mails where user_id = {} and bulk_id is not null", app.customer().id);
    wait_until("its customer gets a mail", || app.count(&mails) > 0);
    assert_eq!(app.count(&mails), 1);
}

/// SV03: a bulk goes on where it was killed.
#[test]
fn sec_sv03_a_bulk_goes_on_where_it_was_killed() {
    killed_twice(400);
}

/// SV03: the same of 5,000 tickets.
#[test]
#[ignore = "takes minutes"]
fn sec_sv03_a_large_bulk_goes_on_where_it_was_killed() {
    killed_twice(5_000);
}

/// A bulk stops when its author loses the right to it.
#[test]
fn a_bulk_stops_when_its_author_loses_the_right() {
    let app = TestApp::spawn();
    app.insert_tickets(2_000, &[]);
    let body = json!({
        "filters": {}, "expected_count": 2_000, "action": { "type": "comment", "body": "Смотрим." },
    });

    let accepted = bulk(&app.engineer(), body).expect(202);
    app.sql(&format!("update users set is_active = false where id = {}", app.engineer().id));
    wait_until("it stops", || app.count("select from bulks where state = 'stopped'") == 1);

    let path = accepted.header("location").strip_prefix("/api/v1").unwrap();
    let shown = app.admin().get(path).expect(200);
    assert!(shown.body["done_count"].as_i64().unwrap() < 2_000);
    assert_eq!(app.other_engineer().get(path).status, 404);
}

/// The results of a bulk operation are deleted after ninety days; the mail about it stays.
#[test]
fn old_bulks_are_cleared_away() {
    let app = TestApp::spawn();
    let ticket = app.ticket("in_progress");
    let body = json!({ "ids": [ticket], "action": { "type": "comment", "body": "Смотрим." } });
    let old = bulk(&app.engineer(), body.clone()).expect(200).id();
    let new = bulk(&app.engineer(), body).expect(200).id();
    wait_until("there is a mail", || app.count("select from mails where bulk_id is not null") > 0);
    app.sql(&format!("update bulks set finished_at = now() - interval '91 days' where id = {old}"));

    let _second = Server::start(&app.database_url(), &[]);

    wait_until("the old one is gone", || app.count("select from bulks") == 1);
    assert_eq!(app.engineer().get(&format!("/bulk/{old}")).status, 404);
    app.engineer().get(&format!("/bulk/{new}")).expect(200);
    assert_eq!(app.count("select from bulk_items"), 1);
    assert!(app.count("select from mails where kind = 'notification'") > 0);
}
