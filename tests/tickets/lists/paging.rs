//! Pages of `GET /tickets`: every order, each row once.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{Person, TestApp};
use crate::tickets::filing::request::with;
use crate::tickets::lists::listing::ids;

const SORTS: [&str; 5] = ["-created_at", "created_at", "-updated_at", "updated_at", "priority"];

/// Fills a system with tickets of which several are alike in everything they are sorted by.
fn fill(app: &TestApp, count: usize) {
    for number in 0..count {
        let priority = ["low", "medium", "high", "critical"][number * 7 % 4];
        let person = if number % 5 == 4 { app.stranger() } else { app.customer() };
        let project = if number % 5 == 4 { app.ids.other_project } else { app.ids.project };
        let members = json!({ "priority": priority, "project_id": project });
        person.post("/tickets", with(app.request(), &members)).expect(201);
    }
    app.sql(
        "update tickets set created_at = timestamptz '2026-05-01' + id % 7 * interval '1 hour',
            updated_at = timestamptz '2026-06-01' + id % 5 * interval '1 hour'",
    );
}

/// All rows of a walk, page by page; `between` is done after each page.
fn walk(person: &Person, query: &str, limit: usize, between: impl Fn()) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = person.get(&format!("/tickets?limit={limit}&{query}{cursor}")).expect(200);
        assert!(page.items().len() <= limit);
        rows.extend_from_slice(page.items());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
        assert_eq!(page.items().len(), limit);
        between();
    }
}

fn key(row: &Value, sort: &str) -> (String, i64) {
    let rank = ["critical", "high", "medium", "low"].iter().position(|it| row["priority"] == *it);
    let key = match sort {
        "priority" => rank.unwrap().to_string(),
        other => row[other.trim_start_matches('-')].as_str().unwrap().to_owned(),
    };
    (key, row["id"].as_i64().unwrap())
}

/// Every walk yields each row once, in the order that was asked for, whatever the page size.
#[test]
fn a_walk_yields_each_row_once_in_order() {
    let app = TestApp::spawn();
    fill(&app, 23);
    let (all, own) = (ids(&app.engineer(), "limit=100"), ids(&app.customer(), "limit=100"));
    assert_eq!((all.len(), own.len()), (23, 19));

    for sort in SORTS {
        for (person, expected) in [(app.engineer(), &all), (app.customer(), &own)] {
            for limit in [1, 4, 19, 23] {
                let rows = walk(&person, &format!("sort={sort}"), limit, || ());

                let mut keys: Vec<_> = rows.iter().map(|it| key(it, sort)).collect();
                if sort.starts_with('-') {
                    keys.reverse();
                }
                assert!(keys.is_sorted(), "{sort} {limit}");
                let seen: BTreeSet<i64> = keys.iter().map(|it| it.1).collect();
                assert_eq!(
                    (rows.len(), seen),
                    (expected.len(), expected.iter().copied().collect())
                );
            }
        }
    }
    let newest = walk(&app.engineer(), "", 7, || ());
    assert_eq!(newest, walk(&app.engineer(), "sort=-created_at", 7, || ()));
}

/// A walk in an order that does not change yields each row that was there, once, while others
/// come in and one goes.
#[test]
fn a_walk_is_stable_while_tickets_come_and_change() {
    let app = TestApp::spawn();
    fill(&app, 14);
    let engineer = app.engineer();

    for sort in ["-created_at", "created_at", "priority"] {
        let before = ids(&engineer, "limit=100&status=open");

        let rows = walk(&engineer, &format!("sort={sort}&status=open"), 4, || {
            let priority = if sort == "priority" { "high" } else { "low" };
            let members = json!({ "priority": priority });
            app.customer().post("/tickets", with(app.request(), &members)).expect(201);
            let any = json!({ "body": "Уточнение." });
            app.customer().post(&format!("/tickets/{}/comments", before[0]), any).expect(201);
        });

        let seen: Vec<i64> = rows.iter().map(|it| it["id"].as_i64().unwrap()).collect();
        let distinct: BTreeSet<i64> = seen.iter().copied().collect();
        assert_eq!(seen.len(), distinct.len(), "{sort}");
        assert!(before.iter().all(|it| distinct.contains(it)), "{sort}");
    }
}

/// A cursor is good for the list that it came from: the same order, filters and reader.
#[test]
fn a_cursor_belongs_to_its_list() {
    let app = TestApp::spawn();
    fill(&app, 9);
    let engineer = app.engineer();
    let cursor = |query: &str| {
        let page = engineer.get(&format!("/tickets?limit=2&{query}")).expect(200);
        page.body["next_cursor"].as_str().unwrap().to_owned()
    };
    let (plain, filtered) = (cursor(""), cursor("status=new"));
    let other_limit = engineer.get(&format!("/tickets?limit=5&cursor={plain}"));
    assert_eq!(other_limit.expect(200).items().len(), 5);

    let foreign = [
        engineer.get(&format!("/tickets?cursor={plain}&sort=created_at")),
        engineer.get(&format!("/tickets?cursor={plain}&sort=priority")),
        engineer.get(&format!("/tickets?cursor={plain}&status=new")),
        engineer.get(&format!("/tickets?cursor={filtered}")),
        engineer.get(&format!("/tickets?cursor={filtered}&status=new&tracker=bug")),
        engineer.get(&format!("/me/tickets?cursor={plain}")),
        engineer.get(&format!("/companies?cursor={plain}")),
        app.customer().get(&format!("/tickets?cursor={plain}")),
        engineer.get("/tickets?cursor=abc"),
        engineer.get("/tickets?cursor="),
        engineer.get("/tickets?cursor=%D1%8F"),
        engineer.get(&format!("/tickets?cursor={}", &plain[1..])),
    ];

    for reply in foreign {
        assert_eq!((reply.status, reply.code()), (400, "invalid_cursor"), "{}", reply.text);
    }
    let long = engineer.get(&format!("/tickets?cursor={}", "a".repeat(501)));
    assert_eq!(long.errors(), ["cursor too_long"]);
}

/// Conventions, 28: the next page and the first are also named by links, with all parameters.
#[test]
fn links_lead_through_the_pages() {
    let app = TestApp::spawn();
    fill(&app, 9);
    let rel = |header: &str, name: &str| -> Option<String> {
        let suffix = format!(">; rel=\"{name}\"");
        let link = header.split(", ").find_map(|it| it.trim().strip_suffix(&suffix))?;
        Some(link.split_once("/api/v1").unwrap().1.to_owned())
    };
    let first = "/tickets?status=new,closed&sort=priority&limit=4";
    let mut rows = Vec::new();
    let mut next = Some(first.to_owned());

    while let Some(path) = next {
        let page = app.engineer().get(&path).expect(200);
        rows.extend_from_slice(page.items());
        let start = app.engineer().get(&rel(page.header("link"), "first").unwrap());
        assert_eq!(start.text, app.engineer().get(first).text);
        next = rel(page.header("link"), "next");
        assert_eq!(next.is_some(), page.body["next_cursor"].is_string());
    }

    assert_eq!(rows, walk(&app.engineer(), "status=new,closed&sort=priority", 100, || ()));
}

/// IN01: a cursor that somebody made up is no failure of ours.
#[test]
fn sec_in01_a_made_up_cursor_is_answered() {
    let app = TestApp::spawn();
    fill(&app, 3);
    let page = app.engineer().get("/tickets?limit=1");
    let cursor = URL_SAFE_NO_PAD.decode(page.body["next_cursor"].as_str().unwrap()).unwrap();
    let genuine: Value = serde_json::from_slice(&cursor).unwrap();
    let places = [
        json!(["-262143-01-01T00:00:00Z", 1]),
        json!(["+262142-12-31T23:59:59Z", 1]),
        json!(["2026-05-01T00:00:00Z", i64::MIN]),
        json!([1, 1]),
        json!([32_768, 1]),
        json!("x"),
        json!(null),
        json!({}),
        json!([]),
    ];

    for place in places {
        let cursor =
            URL_SAFE_NO_PAD.encode(with(genuine.clone(), &json!({ "after": place })).to_string());
        let reply = app.engineer().get(&format!("/tickets?limit=1&cursor={cursor}"));

        assert!([200, 400].contains(&reply.status), "{place}: {}", reply.text);
    }
}

/// A page holds 25 rows where no number is asked for, and at most 100.
#[test]
fn a_page_has_its_bounds() {
    let app = TestApp::spawn();
    let numbers = 1..=130;
    app.sql(&format!(
        "insert into tickets (project_id, company_id, direction_id, product_id, tracker, status,
            priority, complexity, subject, author_id, words, needs_action_from,
            created_at, updated_at, clocks)
         select {}, {}, {}, {}, 'bug', 'new', 'low', 'normal', 'Тема', {}, '{{}}',
            'support', now(), now(), '[]' from generate_series({}, {})",
        app.ids.project,
        app.ids.company,
        app.ids.telephony,
        app.ids.product,
        app.customer().id,
        numbers.start(),
        numbers.end(),
    ));

    assert_eq!(ids(&app.customer(), "").len(), 25);
    assert_eq!(ids(&app.customer(), "limit=1").len(), 1);
    assert_eq!(ids(&app.customer(), "limit=100").len(), 100);
    assert_eq!(walk(&app.customer(), "", 100, || ()).len(), 130);
    let all = app.customer().get("/tickets?limit=100&status=closed");
    assert_eq!((all.items().len(), &all.body["next_cursor"]), (0, &Value::Null));
}
