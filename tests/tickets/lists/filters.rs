//! `GET /tickets`: filters by more than a ticket's own properties, and what a list adds to its tickets.

use serde_json::{Value, json};

use crate::support::{Person, STATUSES, TestApp};

fn found(person: &Person, query: &str) -> Vec<i64> {
    let mut found = person.get(&format!("/tickets?limit=100&{query}")).expect(200).ids();
    found.sort_unstable();
    found
}

/// 2.5: tickets are found by who has to act, by what they wait for, and by how they ended.
#[test]
fn c2_5_tickets_are_found_by_their_state() {
    let app = TestApp::spawn();
    let [new, working, feedback, resolved, closed, releasing, held, rejected] =
        STATUSES.map(|it| app.ticket(it));
    app.sql(&format!("update tickets set review_on = '2020-01-01' where id = {held}"));
    app.sql(&format!("update tickets set review_on = '2090-01-01' where id = {releasing}"));
    app.sql(&format!("update tickets set rating = 2 where id = {closed}"));
    let engineer = app.engineer();
    let (close, refusal) = {
        let (closed, rejected) = (engineer.ticket(closed), engineer.ticket(rejected));
        (closed["close_reason"].clone(), rejected["refusal_reason"].clone())
    };
    let waiting = engineer.ticket(held)["waiting_on"].clone();
    let word = |it: &Value| it.as_str().unwrap().to_owned();
    let by = |of: &str| {
        let all = [new, working, feedback, resolved, closed, releasing, held, rejected];
        let mut ids: Vec<i64> =
            all.into_iter().filter(|it| engineer.ticket(*it)["needs_action_from"] == of).collect();
        ids.sort_unstable();
        ids
    };
    let but = |one: i64| {
        let mut ids = vec![new, working, feedback, resolved, closed, releasing, held, rejected];
        ids.retain(|it| *it != one);
        ids
    };
    let cases = [
        ("needs_action_from=support".to_owned(), by("support")),
        ("needs_action_from=customer".to_owned(), by("customer")),
        ("needs_action_from=nobody".to_owned(), vec![closed, rejected]),
        (format!("waiting_on={}", word(&waiting)), vec![held]),
        (format!("close_reason={}", word(&close)), vec![closed]),
        (format!("refusal_reason={}", word(&refusal)), vec![rejected]),
        ("refusal_reason=impolite".to_owned(), vec![]),
        ("review_due=true".to_owned(), vec![held]),
        ("review_due=false".to_owned(), but(held)),
        ("rating=2".to_owned(), vec![closed]),
        ("rating=5".to_owned(), vec![]),
    ];

    for (query, expected) in cases {
        assert_eq!(found(&engineer, &query), expected, "{query}");
        assert_eq!(found(&app.customer(), &query), expected, "{query}");
        assert!(found(&app.stranger(), &query).is_empty(), "{query}");
    }
}

/// 3.1, 3.3: tickets are found by the customer's number, the device, the release, their watchers and
/// files; where several values are given, by comma or repeated, one of them has to match.
#[test]
fn c3_3_tickets_are_found_by_what_belongs_to_them() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let plain = customer.has_filed(app.request());
    let named = json!({ "external_ref": "INC-77", "serial_number": "VI4F002365" });
    let named = customer.has_filed(app.request_with(&named));
    let wifi = json!({ "project_id": app.ids.wifi_project, "product_id": app.ids.wifi_product });
    let wifi = customer.has_filed(app.request_with(&wifi));
    let foreign = app.foreign_ticket();
    engineer.takes(wifi);
    app.colleague().call("PUT", &format!("/tickets/{plain}/watchers/{}", app.colleague().id), None);
    let ids = &app.ids;
    app.sql(&format!(
        "update tickets set product_id = null, product_name = 'SMG-9000' where id = {plain}"
    ));
    let cases = [
        ("external_ref=INC-77".to_owned(), vec![named]),
        ("external_ref=INC-7".to_owned(), vec![]),
        ("serial_number=VI4F002365".to_owned(), vec![named]),
        (format!("project_id={},{}", ids.project, ids.wifi_project), vec![plain, named, wifi]),
        (
            format!("project_id={}&project_id={}", ids.wifi_project, ids.other_project),
            vec![wifi, foreign],
        ),
        (
            format!("company_id={},{}", ids.company, ids.other_company),
            vec![plain, named, wifi, foreign],
        ),
        (format!("product_id={},{}", ids.wifi_product, ids.second_product), vec![wifi]),
        ("product_id=none".to_owned(), vec![plain]),
        (format!("product_id=none,{}", ids.wifi_product), vec![plain, wifi]),
        ("topic_id=none".to_owned(), vec![plain, named, wifi, foreign]),
        (format!("direction_id={},{}", ids.wifi, ids.telephony), vec![plain, named, wifi, foreign]),
        (format!("assignee_id={},none", engineer.id), vec![plain, named, wifi, foreign]),
        (format!("assignee_id={},{}", engineer.id, app.other_engineer().id), vec![wifi]),
    ];

    for (query, expected) in cases {
        assert_eq!(found(&engineer, &query), expected, "{query}");
        let own: Vec<i64> = expected.into_iter().filter(|it| *it != foreign).collect();
        assert_eq!(found(&customer, &query), own, "{query}");
    }
    assert_eq!(found(&engineer, "assignee_id=me,none").len(), 4);
    assert_eq!(found(&app.colleague(), "watcher_id=me"), [plain]);
    assert!(found(&engineer, "watcher_id=me").is_empty());
}

/// 2.2: tickets are found by the release that they wait for.
#[test]
fn c2_2_tickets_are_found_by_their_release() {
    let app = TestApp::spawn();
    let waiting = app.ticket("awaiting_release");
    app.ticket("new");
    app.sql(&format!(
        "with released as (
             insert into releases (product_id, version, created_at)
             select product_id, '3.21', now() from tickets where id = {waiting} returning id)
         update tickets set release_id = released.id from released where tickets.id = {waiting}"
    ));
    let release = app.engineer().ticket(waiting)["release"]["id"].clone();

    assert_eq!(found(&app.engineer(), &format!("release_id={release}")), [waiting]);
    assert!(found(&app.engineer(), "release_id=9999999").is_empty());
    let row = app.engineer().get("/tickets").expect(200);
    let row = row.items().iter().find(|it| it["id"] == waiting).unwrap().clone();
    assert_eq!(row["release"]["version"], "3.21");
}

/// 4: a list by files and by what is unread counts for a customer what a customer can see.
#[test]
fn c4_filters_by_files_and_unread_comments_ignore_notes() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let [noted, answered, read] = [(); 3].map(|()| app.ticket("new"));
    engineer.writes_note(noted, "Похоже на прошивку.");
    for id in [answered, read] {
        engineer.replies(id, "Какая версия ПО?");
    }
    customer.post(&format!("/tickets/{read}/read"), json!({})).expect(204);
    let upload = engineer.uploads("журнал.txt", "строка".as_bytes()).expect(201).word("id");
    let note = json!({
        "body": "Во вложении.", "internal": true,
        "attachments": [{ "upload_id": upload, "description": "журнал" }],
    });
    engineer.says(noted, note).expect(201);

    assert_eq!(found(&customer, "unread=true"), [answered]);
    assert_eq!(found(&customer, "unread=false"), [noted, read]);
    assert!(found(&engineer, "unread=true").is_empty());
    assert_eq!(found(&app.other_engineer(), "unread=true"), [noted, answered, read]);
    for person in [&customer, &engineer] {
        assert_eq!(found(person, "answered=true"), [answered, read]);
        assert_eq!(found(person, "answered=false"), [noted]);
    }
    assert_eq!(found(&engineer, "has_files=true"), [noted]);
    assert!(found(&customer, "has_files=true").is_empty());
    assert_eq!(found(&customer, "has_files=false"), [noted, answered, read]);
}

/// Tickets are found by when they were resolved and closed; the bounds are exclusive.
#[test]
fn tickets_are_found_by_their_end() {
    let app = TestApp::spawn();
    let (resolved, closed) = (app.ticket("resolved"), app.ticket("closed"));
    app.ticket("new");
    for (id, day) in [(resolved, 1), (closed, 2)] {
        app.sql(&format!("update tickets set resolved_at = '2026-03-0{day}' where id = {id}"));
    }
    app.sql(&format!("update tickets set closed_at = '2026-04-02' where id = {closed}"));
    let cases = [
        ("resolved_after=2026-03-01T00:00:00Z", vec![closed]),
        ("resolved_before=2026-03-02T00:00:00Z", vec![resolved]),
        ("resolved_after=2026-02-28T00:00:00Z", vec![resolved, closed]),
        ("closed_after=2026-04-01T00:00:00Z&closed_before=2026-04-03T00:00:00Z", vec![closed]),
        ("closed_before=2026-04-02T00:00:00Z", vec![]),
    ];

    for (query, expected) in cases {
        assert_eq!(found(&app.customer(), query), expected, "{query}");
    }
}

/// Wrong values of filters are named by their parameters.
#[test]
fn bad_filters_are_named() {
    let app = TestApp::spawn();
    let cases = [
        ("rating=6", "rating too_large"),
        ("rating=0", "rating too_small"),
        ("needs_action_from=me", "needs_action_from not_one_of"),
        ("watcher_id=7", "watcher_id wrong_format"),
        ("project_id=1,0", "project_id too_small"),
        ("project_id=1,x", "project_id wrong_type"),
        ("assignee_id=me,all", "assignee_id wrong_format"),
        ("product_id=1,all", "product_id wrong_format"),
        ("product_id=0", "product_id wrong_format"),
        ("has_files=1", "has_files wrong_type"),
        ("unread=yes", "unread wrong_type"),
        ("external_ref=", "external_ref too_short"),
        ("closed_after=2026-13-01T00:00:00Z", "closed_after wrong_format"),
        ("include=comments", "include not_one_of"),
        ("total=all", "total wrong_type"),
    ];

    for (query, error) in cases {
        let response = app.engineer().get(&format!("/tickets?{query}"));
        assert_eq!(response.errors(), [error], "{query}");
        assert_eq!(response.status, 422, "{query}");
    }
}

/// 4: what is included of comments and counts is what its reader can see.
#[test]
fn c4_what_a_list_includes_is_what_its_reader_sees() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let parent = app.ticket("new");
    let child = customer.has_filed(app.request_with(&json!({ "parent_id": parent })));
    engineer.replies(parent, "Пришлите журнал.");
    engineer.writes_note(parent, "Похоже на прошивку.");
    let row = |person: &Person, id: i64| {
        let page = person.get("/tickets?include=last_comment,counts&total=true").expect(200);
        assert_eq!(page.body["total"], json!({ "count": 2, "is_exact": true }));
        page.items().iter().find(|it| it["id"] == id).unwrap().clone()
    };

    let (seen, known) = (row(&customer, parent), row(&engineer, parent));

    assert_eq!(seen["last_comment"]["body"], "Пришлите журнал.");
    assert_eq!(known["last_comment"]["body"], "Похоже на прошивку.");
    assert_eq!(known["last_comment"]["internal"], true);
    assert_eq!((&seen["comments_count"], &known["comments_count"]), (&json!(1), &json!(2)));
    assert_eq!(seen["children_count"], 1);
    assert_eq!(row(&customer, child)["last_comment"], Value::Null);
    let bare = customer.get("/tickets").expect(200);
    assert_eq!(bare.body["total"], Value::Null);
    assert!(bare.items()[0].get("children_count").is_none());
}

/// A total is exact to 10,000 and says where it is not.
#[test]
fn a_total_is_exact_to_ten_thousand() {
    let app = TestApp::spawn();
    app.insert_tickets(10_000, &[]);
    let total = |person: &Person| {
        person.get("/tickets?limit=1&total=true").expect(200).body["total"].clone()
    };
    assert_eq!(total(&app.customer()), json!({ "count": 10_000, "is_exact": true }));
    assert_eq!(total(&app.stranger()), json!({ "count": 0, "is_exact": true }));

    app.ticket("new");

    assert_eq!(total(&app.engineer()), json!({ "count": 10_000, "is_exact": false }));
}
