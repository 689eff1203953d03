//! The plans by which PostgreSQL reads a page of the feed: along an index, however many events there
//! are.

use serde_json::Value;

use crate::support::{Plans, Server, TestApp, nodes};

const COUNT: i64 = 50_000;

/// The id of an event that few come after.
const END: i64 = COUNT - 1_000;

/// What distinguishes the statement that reads the feed; those that read one event mention tickets,
/// too.
const OF_EVENTS: [&str; 3] =
    [r#"\"events\".\"body\""#, r#"LEFT OUTER JOIN \"users\""#, r#"ORDER BY \"events\".\"id\" "#];

/// Fills a system with events that notify nobody: one in a hundred is the company's, one in ten is
/// internal.
fn fill(app: &TestApp) {
    app.sql(&format!(
        "insert into events (ticket_id, company_id, type, at, actor_id, is_internal, body)
         select null, case when it % 100 = 0 then {} else {} end, 'ticket.redacted',
            timestamptz '2026-01-01' + it * interval '1 minute', {}, it % 10 = 5, '{{\"changes\":{{}}}}'
         from generate_series(1, {COUNT}) as it;
         update event_consumers set last_event_id = (select max(id) from events)",
        app.ids.company,
        app.ids.other_company,
        app.engineer().id,
    ));
    app.sql("vacuum analyze");
}

/// RS01: the first page, one in the middle and the last are read along an index, for staff and for
/// the customers of a large and of a small company, and hardly a row is read in vain.
#[test]
fn sec_rs01_the_feed_is_read_along_an_index() {
    let app = TestApp::spawn();
    fill(&app);
    let plans = Plans::of(&app);
    let server = Server::start(&app.database_url(), &[("HELPDESK_POOL", "1")]);
    let readers: [(_, &[&str]); 3] = [
        (app.engineer(), &["events_pkey"]),
        // Nearly all events are this company's, so that few are skipped.
        (app.stranger(), &["events_pkey", "events_of_company"]),
        (app.customer(), &["events_of_company", "events_of_company"]),
    ];

    let mut expected = Vec::new();
    for (reader, indexes) in &readers {
        let reader = reader.at(&server);
        // After some calls PostgreSQL may switch to a generic plan.
        for _ in 0..7 {
            for after in [0, COUNT / 2, END] {
                reader.get(&format!("/events?limit=100&after={after}")).expect(200);
                expected.push((*indexes, after));
            }
        }
    }

    for (plan, (indexes, after)) in plans.exactly(&OF_EVENTS, expected.len()).iter().zip(expected) {
        let steps = nodes(plan);
        let of_events = || steps.iter().filter(|it| it["Relation Name"] == "events");
        let is_by_index = |it: &&Value| it["Index Name"].is_string();
        assert!(of_events().all(is_by_index), "{plan:#}");
        if after == END {
            // The few that are left may be sorted.
            continue;
        }
        let condition = |it: &Value| it["Index Cond"].as_str().unwrap_or_default().to_owned();
        // What was found on the walks is then fetched by its id.
        let walks = of_events().filter(|it| !condition(it).contains("id = own.id"));
        let walked: Vec<&str> = walks.filter_map(|it| it["Index Name"].as_str()).collect();
        assert_eq!(walked, indexes, "{plan:#}");
    }
}
