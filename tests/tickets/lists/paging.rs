//! The pages of `GET /tickets`: in every order, each ticket once.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Person, TestApp, ids as ids_of};

const SORTS: [&str; 5] = ["-created_at", "created_at", "-updated_at", "updated_at", "priority"];

/// The ids of the tickets on a page.
fn ids(person: &Person, query: &str) -> Vec<i64> {
    person.get(&format!("/tickets?{query}")).expect(200).ids()
}

/// Fills a system with tickets of which several are alike in everything that they are sorted by.
pub(super) fn fill(app: &TestApp, count: usize) {
    for number in 0..count {
        let priority = ["low", "medium", "high", "critical"][number * 7 % 4];
        let person = if number % 5 == 4 { app.stranger() } else { app.customer() };
        let project = if number % 5 == 4 { app.ids.other_project } else { app.ids.project };
        let members = json!({ "priority": priority, "project_id": project });
        person.has_filed(app.request_with(&members));
    }
    app.sql(
        "update tickets set created_at = timestamptz '2026-05-01' + id % 7 * interval '1 hour',
            updated_at = timestamptz '2026-06-01' + id % 5 * interval '1 hour'",
    );
}

/// All items of a walk; `between` is called after each page.
pub(super) fn walk(person: &Person, query: &str, limit: usize, between: impl Fn()) -> Vec<Value> {
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

/// A walk yields each ticket once, in the order that was asked for, whatever the page size.
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

/// A walk in a stable order yields each ticket that was there once, while others come and change.
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
            app.customer().has_filed(app.request_with(&members));
            app.customer().replies(before[0], "Уточнение.");
        });

        let seen = ids_of(&rows);
        let distinct: BTreeSet<i64> = seen.iter().copied().collect();
        assert_eq!(seen.len(), distinct.len(), "{sort}");
        assert!(before.iter().all(|it| distinct.contains(it)), "{sort}");
    }
}

/// A page has 25 tickets by default, and at most 100.
#[test]
fn a_page_has_its_bounds() {
    let app = TestApp::spawn();
    app.insert_tickets(130, &[]);

    assert_eq!(ids(&app.customer(), "").len(), 25);
    assert_eq!(ids(&app.customer(), "limit=1").len(), 1);
    assert_eq!(ids(&app.customer(), "limit=100").len(), 100);
    assert_eq!(walk(&app.customer(), "", 100, || ()).len(), 130);
    let all = app.customer().get("/tickets?limit=100&status=closed");
    assert_eq!((all.items().len(), &all.body["next_cursor"]), (0, &Value::Null));
}
