//! How PostgreSQL reads a page of the feed: along an index, however many events there are.

use serde_json::Value;

use crate::support::{Server, TestApp};
use crate::tickets::lists::plans::{Plans, nodes};

const COUNT: i64 = 50_000;

/// The number of an event that few come after.
const END: i64 = COUNT - 1_000;

/// What the statement says that reads the feed: those that read one event say tickets, too.
const OF_EVENTS: [&str; 3] =
    [r#"\"events\".\"body\""#, r#"LEFT OUTER JOIN \"users\""#, r#"ORDER BY \"events\".\"id\" "#];

/// Fills a system with events that nobody is told of: of a hundred one is of the company, of ten one
/// is internal.
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

/// RS01 and the performance of the feed: the first page, one in the middle and the last are read
/// along an index, by staff and by the customers of a large and of a small company, and next to
/// nothing is read in vain.
#[test]
fn sec_rs01_the_feed_is_read_along_an_index() {
    let app = TestApp::spawn();
    fill(&app);
    let plans = Plans::of(&app);
    let server = Server::start(&app.database_url(), &[("HELPDESK_POOL", "1")]);
    let readers: [(_, &[&str]); 3] = [
        (app.engineer(), &["events_pkey"]),
        // Nearly all are this company's: what is passed over is little. The others are at large.
        (app.stranger(), &["events_pkey", "events_of_company"]),
        (app.customer(), &["events_of_company", "events_of_company"]),
    ];

    let mut expected = Vec::new();
    for (reader, indexes) in &readers {
        let bearer = format!("Bearer {}", reader.token);
        let headers = [("authorization", bearer.as_str())];
        // After some calls PostgreSQL may take a plan that fits all places.
        for _ in 0..7 {
            for after in [0, COUNT / 2, END] {
                let path = format!("/api/v1/events?limit=100&after={after}");
                server.client.send("GET", &path, &headers, None).expect(200);
                expected.push((*indexes, after));
            }
        }
    }

    for (plan, (indexes, after)) in plans.of_pages(&OF_EVENTS, expected.len()).iter().zip(expected)
    {
        let steps = nodes(plan);
        let of_events = || steps.iter().filter(|it| it["Relation Name"] == "events");
        let is_by_index = |it: &&Value| it["Index Name"].is_string();
        assert!(of_events().all(is_by_index), "{plan:#}");
        if after == END {
            // The few that are left may be put in order.
            continue;
        }
        let condition = |it: &Value| it["Index Cond"].as_str().unwrap_or_default().to_owned();
        // What was found on the walks is then fetched by its number.
        let walks = of_events().filter(|it| !condition(it).contains("id = own.id"));
        let walked: Vec<&str> = walks.filter_map(|it| it["Index Name"].as_str()).collect();
        assert_eq!(walked, indexes, "{plan:#}");
    }
}
