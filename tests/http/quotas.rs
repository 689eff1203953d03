//! How much one person may do in a day (RS06).

use chrono::{TimeDelta, Utc};
use serde_json::json;

use crate::support::{TestApp, instant};

/// RS06: filings per day are limited, refused ones included; whoever has used up their quota learns when it
/// is reset. Others have their own.
#[test]
fn sec_rs06_filings_have_a_quota() {
    let app = TestApp::spawn_with(&[("HELPDESK_QUOTA_TICKETS", "3")]);
    let customer = app.customer();
    customer.files(app.request()).expect(201);
    customer.files(app.request_with(&json!({ "description": "???" }))).expect(422);
    customer.files(app.request_with(&json!({ "project_id": 999 }))).expect(422);
    let body = app.request_with(&json!({ "description": "Нет питания после грозы." }));
    let filed = customer.post_once("k", "/tickets", Some(&body)).expect(201);

    let refused = customer.files(app.request()).expect(429);
    let repeated = customer.post_once("k", "/tickets", Some(&body)).expect(201);
    let elsewhere = json!({ "project_id": app.ids.other_project });
    app.stranger().files(app.request_with(&elsewhere)).expect(201);

    assert_eq!(refused.code(), "quota_exceeded");
    let (now, resets_at) = (Utc::now(), instant(&refused.body["resets_at"]));
    assert!(now < resets_at && resets_at <= now + TimeDelta::days(1), "{resets_at}");
    assert_eq!((resets_at + TimeDelta::hours(6)).format("%T").to_string(), "00:00:00");
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    assert!((resets_at - now).num_seconds().abs_diff(wait) < 10, "{wait}");
    assert_eq!(repeated.id(), filed.id());
    assert_eq!(app.count("select id from tickets"), 3);
    assert_eq!(app.count("select id from refusals"), 1);
}

/// RS06: comments per day are limited, those with a transition or a confirmation included; either of these
/// without a comment, and reading, are not counted.
#[test]
fn sec_rs06_comments_have_a_quota() {
    let app = TestApp::spawn_with(&[("HELPDESK_QUOTA_COMMENTS", "2")]);
    let (id, engineer) = (app.ticket("new"), app.engineer());
    let moves =
        |to: &str, comment: &str| engineer.moves(id, json!({ "to": to, "comment": comment }));
    moves("in_progress", "Приступаем.").expect(200);
    engineer.says(id, json!({ "body": "Смотрим журнал." })).expect(201);

    let moved = moves("feedback", "Пришлите журнал.").expect(429);
    let commented = engineer.says(id, json!({ "body": "Еще раз." })).expect(429);
    app.customer().says(id, json!({ "body": "Журнал." })).expect(201);
    let solved = app.ticket("in_progress");
    app.customer().says(solved, json!({ "body": "Проверим." })).expect(201);
    app.admin().resolves(solved, "Исправлено.");
    let confirmed = app.customer().confirms_with(solved, json!({ "comment": "Работает." }));
    assert_eq!(confirmed.expect(429).code(), "quota_exceeded");
    app.customer().confirms(solved);

    assert_eq!((moved.code(), commented.code()), ("quota_exceeded", "quota_exceeded"));
    assert_eq!(app.engineer().ticket(id)["status"], "in_progress");
}

/// RS06: the quota is reset on the next day of the calendar, which in a sandbox comes when its clock is set.
#[test]
fn sec_rs06_a_quota_is_there_again_the_next_day() {
    let settings = [("HELPDESK_QUOTA_TICKETS", "1"), ("HELPDESK_SANDBOX", "true")];
    let app = TestApp::spawn_with(&settings);
    let customer = app.customer();
    let file = |description: &str| {
        customer.files(app.request_with(&json!({ "description": description })))
    };
    file("Нет питания после грозы.").expect(201);
    let refused = file("Пропал звук в одну сторону.").expect(429);

    app.set_clock(instant(&refused.body["resets_at"]));

    file("Пропал звук в одну сторону.").expect(201);
    file("Порт 7 не поднимается.").expect(429);
}
