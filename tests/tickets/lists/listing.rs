//! `GET /tickets`: filters.

use serde_json::json;

use crate::support::{Person, STATUSES, TestApp};

/// The ids of the tickets that match a query, sorted.
fn found(person: &Person, query: &str) -> Vec<i64> {
    let mut found = person.get(&format!("/tickets?limit=100&{query}")).expect(200).ids();
    found.sort_unstable();
    found
}

/// 2.5: tickets are found by one status, by several, or by all open ones.
#[test]
fn c2_5_tickets_are_found_by_status() {
    let app = TestApp::spawn();
    let tickets = STATUSES.map(|it| app.ticket(it));
    let of = |statuses: &[&str]| -> Vec<i64> {
        let wanted = STATUSES.iter().zip(tickets).filter(|(it, _)| statuses.contains(it));
        wanted.map(|(_, id)| id).collect()
    };
    let open = ["new", "in_progress", "feedback", "resolved", "awaiting_release", "on_hold"];

    for person in [app.customer(), app.engineer(), app.admin()] {
        for status in STATUSES {
            assert_eq!(found(&person, &format!("status={status}")), of(&[status]));
        }
        assert_eq!(found(&person, "status=open"), of(&open));
        assert_eq!(found(&person, "status=new,closed"), of(&["new", "closed"]));
        assert_eq!(
            found(&person, "status=closed,open,new"),
            of(&[&open[..], &["closed"]].concat())
        );
        assert_eq!(found(&person, ""), tickets);
    }
}

/// 3.2: tickets are found by tracker, priority, project, product, direction, company and parent;
/// filters are combined.
#[test]
fn c3_2_tickets_are_found_by_what_they_are() {
    let app = TestApp::spawn();
    let file = |person: &Person, members| person.has_filed(app.request_with(&members));
    let plain = file(&app.customer(), json!({}));
    let feature = file(&app.colleague(), json!({ "tracker": "feature", "priority": "low" }));
    let child = file(&app.customer(), json!({ "parent_id": plain, "priority": "critical" }));
    let wifi = json!({ "project_id": app.ids.wifi_project, "product_id": app.ids.wifi_product });
    let wifi = file(&app.customer(), wifi);
    let foreign = app.foreign_ticket();
    let ids = &app.ids;
    let cases = [
        ("tracker=feature".to_owned(), vec![feature]),
        ("tracker=bug,feature".to_owned(), vec![plain, feature, child, wifi, foreign]),
        ("tracker=support".to_owned(), vec![]),
        ("priority=low,critical".to_owned(), vec![feature, child]),
        (format!("project_id={}", ids.wifi_project), vec![wifi]),
        (format!("product_id={}", ids.wifi_product), vec![wifi]),
        (format!("direction_id={}", ids.telephony), vec![plain, feature, child, foreign]),
        (format!("company_id={}", ids.company), vec![plain, feature, child, wifi]),
        (format!("company_id={}", ids.other_company), vec![foreign]),
        (format!("parent_id={plain}"), vec![child]),
        (format!("author_id={}", app.colleague().id), vec![feature]),
        ("priority=critical&tracker=bug".to_owned(), vec![child]),
        ("priority=critical&tracker=feature".to_owned(), vec![]),
    ];

    for (query, expected) in cases {
        assert_eq!(found(&app.engineer(), &query), expected, "{query}");
        let own: Vec<i64> = expected.into_iter().filter(|it| *it != foreign).collect();
        assert_eq!(found(&app.customer(), &query), own, "{query}");
    }
}

/// 3.3: tickets are found by assignee and author: by id, `me` or `none`.
#[test]
fn c3_3_tickets_are_found_by_their_people() {
    let app = TestApp::spawn();
    let (fresh, taken) = (app.ticket("new"), app.ticket("in_progress"));
    let by_colleague = app.colleague().has_filed(app.request());
    let engineer = app.engineer();

    assert_eq!(found(&engineer, "assignee_id=me"), [taken]);
    assert_eq!(found(&engineer, "assignee_id=none"), [fresh, by_colleague]);
    assert_eq!(found(&app.customer(), &format!("assignee_id={}", engineer.id)), [taken]);
    assert_eq!(found(&app.other_engineer(), "assignee_id=me"), [0_i64; 0]);
    assert_eq!(found(&app.customer(), "author_id=me"), [fresh, taken]);
    assert_eq!(found(&app.colleague(), "author_id=me"), [by_colleague]);
    assert_eq!(found(&engineer, "author_id=me"), [0_i64; 0]);
}

/// Tickets are found by when they were created and updated; the bounds are exclusive.
#[test]
fn tickets_are_found_by_time() {
    let app = TestApp::spawn();
    let tickets = [(); 3].map(|()| app.ticket("new"));
    for (day, id) in (1..).zip(tickets) {
        app.sql(&format!(
            "update tickets set created_at = '2026-03-0{day}T12:00:00Z',
                updated_at = '2026-04-0{day}T12:00:00Z' where id = {id}"
        ));
    }
    let [one, two, three] = tickets;
    let cases = [
        ("created_after=2026-03-01T12:00:00Z", vec![two, three]),
        ("created_before=2026-03-03T12:00:00.000Z", vec![one, two]),
        ("created_after=2026-03-01T00:00:00Z&created_before=2026-03-02T00:00:00Z", vec![one]),
        ("created_after=2026-03-02T18:00:00%2B06:00", vec![three]),
        ("updated_after=2026-04-02T12:00:00Z", vec![three]),
        ("updated_before=2026-04-02T12:00:00.001Z", vec![one, two]),
        ("updated_before=2026-03-31T00:00:00Z", vec![]),
    ];

    for (query, expected) in cases {
        assert_eq!(found(&app.customer(), query), expected, "{query}");
    }
}

/// AZ04: whatever customers ask for, they find no foreign tickets.
#[test]
fn sec_az04_a_customer_never_finds_foreign_tickets() {
    let app = TestApp::spawn();
    let own = app.ticket("in_progress");
    let foreign = app.foreign_ticket();
    let engineer = app.engineer().id;
    app.engineer().takes(foreign);
    let ids = &app.ids;
    let queries = [
        String::new(),
        "status=open".to_owned(),
        "status=in_progress,new,closed".to_owned(),
        "tracker=bug".to_owned(),
        "priority=medium".to_owned(),
        format!("company_id={}", ids.other_company),
        format!("project_id={}", ids.other_project),
        format!("product_id={}", ids.product),
        format!("direction_id={}", ids.telephony),
        format!("assignee_id={engineer}"),
        "assignee_id=none".to_owned(),
        format!("author_id={}", app.stranger().id),
        format!("parent_id={foreign}"),
        "created_after=2020-01-01T00:00:00Z".to_owned(),
        "updated_after=2020-01-01T00:00:00Z".to_owned(),
    ];

    assert_eq!(found(&app.customer(), ""), [own]);
    assert_eq!(found(&app.stranger(), ""), [foreign]);
    for query in &queries {
        for sort in ["-created_at", "created_at", "-updated_at", "updated_at", "priority"] {
            let seen = found(&app.customer(), &format!("{query}&sort={sort}"));
            assert!(seen.iter().all(|it| *it == own), "{query}: {seen:?}");
            let seen = found(&app.stranger(), &format!("{query}&sort={sort}"));
            assert!(seen.iter().all(|it| *it == foreign), "{query}: {seen:?}");
        }
    }
    assert_eq!(app.commercial().get("/tickets").status, 403);
}

/// Wrong values are reported by their parameters, all at once; an unknown or repeated parameter is
/// a bad request.
#[test]
fn bad_parameters_are_named() {
    let app = TestApp::spawn();
    let cases = [
        ("status=done", "status not_one_of"),
        ("status=new,,closed", "status not_one_of"),
        ("tracker=Bug", "tracker not_one_of"),
        ("priority=urgent", "priority not_one_of"),
        ("project_id=0", "project_id too_small"),
        ("company_id=x", "company_id wrong_type"),
        ("product_id=99999999999999999999", "product_id wrong_format"),
        ("assignee_id=nobody", "assignee_id wrong_format"),
        ("assignee_id=0", "assignee_id wrong_format"),
        ("author_id=none", "author_id wrong_format"),
        ("parent_id=1.5", "parent_id wrong_type"),
        ("created_after=yesterday", "created_after wrong_format"),
        ("updated_before=2026-02-30T00:00:00Z", "updated_before wrong_format"),
        ("sort=subject", "sort not_one_of"),
        ("limit=0", "limit too_small"),
        ("limit=101", "limit too_large"),
        ("limit=-1", "limit too_small"),
        ("limit=ten", "limit wrong_type"),
    ];

    for (query, error) in cases {
        let response = app.engineer().get(&format!("/tickets?{query}"));
        assert_eq!((response.status, response.code()), (422, "validation_failed"), "{query}");
        assert_eq!(response.errors(), [error], "{query}");
    }
    let several = app.engineer().get("/tickets?limit=0&status=done&parent_id=x");
    let expected = ["limit too_small", "status not_one_of", "parent_id wrong_type"];
    assert_eq!(several.errors(), expected);
    let unknown = app.engineer().get("/tickets?state=new");
    assert_eq!((unknown.status, unknown.code()), (400, "unknown_parameter"));
    let twice = app.engineer().get("/tickets?limit=1&limit=2");
    assert_eq!((twice.status, twice.code()), (400, "repeated_parameter"));
}

/// An item of the list agrees with the ticket itself, whatever its status.
#[test]
fn a_row_says_what_the_ticket_says() {
    let app = TestApp::spawn();
    STATUSES.iter().for_each(|it| {
        app.ticket(it);
    });

    for person in [app.customer(), app.other_engineer()] {
        let page = person.get("/tickets?include=counts").expect(200);
        assert_eq!(page.items().len(), STATUSES.len());
        for row in page.items() {
            let ticket = person.ticket(row["id"].as_i64().unwrap());
            for (name, value) in row.as_object().unwrap() {
                assert_eq!(ticket[name], *value, "{name}");
            }
        }
    }
}
