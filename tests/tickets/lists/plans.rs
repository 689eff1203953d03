//! The plans by which PostgreSQL reads a page of tickets: along the index of its order, however
//! many there are.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{Plans, Server, TestApp, exclusive_plans, nodes};

/// What distinguishes the statements that read a page of tickets: the jobs read tickets, too, but
/// not their names.
const OF_TICKETS: [&str; 3] =
    [r#"\"tickets\".\"subject\""#, r#"\"companies\".\"name\""#, " LIMIT "];

/// The page is read along the index in its order, without sorting and without a scan of the table.
#[track_caller]
fn check(plan: &Value, index: &str) {
    let nodes = nodes(plan);
    let types: Vec<&str> = nodes.iter().filter_map(|it| it["Node Type"].as_str()).collect();
    let of_tickets = || nodes.iter().filter(|it| it["Relation Name"] == "tickets");
    assert!(nodes.iter().any(|it| it["Index Name"] == index), "{index}: {plan:#}");
    assert!(!types.contains(&"Sort") && !types.contains(&"Incremental Sort"), "{plan:#}");
    assert!(of_tickets().all(|it| it["Node Type"] != "Seq Scan"), "{plan:#}");
}

/// A cursor to a place in the middle of a list.
fn deep(first: &str, place: &Value) -> String {
    let cursor = URL_SAFE_NO_PAD.decode(first).unwrap();
    let mut cursor: Value = serde_json::from_slice(&cursor).unwrap();
    cursor["after"] = place.clone();
    URL_SAFE_NO_PAD.encode(cursor.to_string())
}

/// The first page and one in the middle are read along the index that is made
/// for them, in each order, with and without a company, and of listed projects.
#[test]
fn pages_are_read_along_their_index() {
    let _turn = exclusive_plans();
    let app = TestApp::spawn();
    app.fill_with_tickets();
    app.commercial().narrows(&app.colleague(), app.ids.project);
    let plans = Plans::of(&app);
    let server = Server::start(&app.database_url(), &[("HELPDESK_POOL", "1")]);
    let orders = [
        ("-created_at", "by_creation", json!(["2026-01-07T12:00:00.000Z", 10_000])),
        ("created_at", "by_creation", json!(["2026-01-07T12:00:00.000Z", 10_000])),
        ("-updated_at", "by_update", json!(["2026-02-07T12:00:00.000Z", 10_000])),
        ("updated_at", "by_update", json!(["2026-02-07T12:00:00.000Z", 10_000])),
        ("priority", "by_priority", json!([3, 10_000])),
        ("due_at", "by_due", json!(["2026-03-07T12:00:00.000Z", 10_000])),
    ];
    let readers = [
        (app.engineer(), "tickets_", String::new()),
        (app.engineer(), "tickets_of_company_", format!("&company_id={}", app.ids.company)),
        (app.customer(), "tickets_of_company_", String::new()),
        (app.colleague(), "tickets_of_company_", String::new()),
    ];

    let mut expected = Vec::new();
    for (reader, prefix, filter) in &readers {
        let reader = reader.at(&server);
        for (sort, order, place) in &orders {
            let path = format!("/tickets?sort={sort}{filter}");
            // After some calls PostgreSQL may switch to a generic plan.
            for _ in 0..6 {
                let first = reader.get(&path).expect(200).word("next_cursor");
                let page = reader.get(&format!("{path}&cursor={}", deep(&first, place)));
                assert_eq!(page.items().len(), 25);
                expected.extend([format!("{prefix}{order}"), format!("{prefix}{order}")]);
            }
        }
    }

    for (plan, index) in plans.exactly(&OF_TICKETS, expected.len()).iter().zip(&expected) {
        check(plan, index);
    }
}
