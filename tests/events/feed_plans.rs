//! The plans by which PostgreSQL reads a page of the feed: along an index, however many events
//! there are.

use serde_json::Value;

use crate::support::{Plans, Server, TestApp, nodes};

const COUNT: i64 = 50_000;

/// What distinguishes the statement that reads the feed.
const OF_FEED: [&str; 3] = [
    r#"\"events\".\"body\""#,
    r#"LEFT OUTER JOIN \"users\""#,
    r#"ORDER BY \"feed\".\"position\" "#,
];

/// Fills a system with events that notify nobody: one in a hundred is of the company's ticket, one in
/// ten is internal. Returns the position before the first.
fn fill(app: &TestApp) -> i64 {
    app.insert_tickets(1, &[]);
    let ticket = app.value::<i64>("select id from tickets");
    app.sql(&format!(
        "with written as (insert into events (ticket_id, seq, hash, company_id, type, at, actor_id, is_internal, body)
         select case when it % 100 = 0 then {ticket} end, case when it % 100 = 0 then it end,
            case when it % 100 = 0 then ''::bytea end,
            case when it % 100 = 0 then {} else {} end, 'ticket.redacted',
            timestamptz '2026-01-01' + it * interval '1 minute', {}, it % 10 = 5, '{{\"changes\":{{}}}}'
         from generate_series(1, {COUNT}) as it returning id, company_id)
         insert into feed (event_id, company_id) select id, company_id from written order by id;
         update event_consumers set last_position = (select max(position) from feed)",
        app.ids.company,
        app.ids.other_company,
        app.engineer().id,
    ));
    app.sql("vacuum analyze");
    app.rows::<i64>("select min(position) from feed")[0] - 1
}

/// RS01: the first page, one in the middle and the last are read along an index, for staff and for
/// the customers of a large and of a small company, of whom one sees one project alone, and hardly a row
/// is read in vain.
#[test]
fn sec_rs01_the_feed_is_read_along_an_index() {
    let app = TestApp::spawn();
    let start = fill(&app);
    // Few come after the last one.
    let places = [start, start + COUNT / 2, start + COUNT - 1_000];
    app.commercial().narrows(&app.colleague(), app.ids.project);
    let plans = Plans::of(&app);
    let server = Server::start(&app.database_url(), &[("HELPDESK_POOL", "1")]);
    let readers: [(_, &[&str]); 4] = [
        (app.engineer(), &["feed_pkey"]),
        // Nearly all events are this company's, so that few are skipped.
        (app.stranger(), &["feed_pkey", "feed_of_company"]),
        (app.customer(), &["feed_of_company", "feed_of_company"]),
        (app.colleague(), &["feed_of_company", "feed_of_company"]),
    ];

    let mut expected = Vec::new();
    for (reader, indexes) in &readers {
        let reader = reader.at(&server);
        // After some calls PostgreSQL may switch to a generic plan.
        for _ in 0..7 {
            for after in places {
                reader.get(&format!("/events?limit=100&after={after}")).expect(200);
                expected.push((*indexes, after));
            }
        }
    }

    for (plan, (indexes, after)) in plans.exactly(&OF_FEED, expected.len()).iter().zip(expected) {
        let steps = nodes(plan);
        let of = |table: &'static str| steps.iter().filter(move |it| it["Relation Name"] == table);
        assert!(of("feed").chain(of("events")).all(|it| it["Index Name"].is_string()), "{plan:#}");
        if after == places[2] {
            // The few that are left may be sorted.
            continue;
        }
        let condition = |it: &Value| it["Index Cond"].as_str().unwrap_or_default().to_owned();
        // What was found on the walks is then fetched by its position.
        let walks = of("feed").filter(|it| !condition(it).contains("= own.\"position\""));
        let walked: Vec<&str> = walks.filter_map(|it| it["Index Name"].as_str()).collect();
        assert_eq!(walked, indexes, "{plan:#}");
    }
    // Work for the jobs is looked for once a second.
    for plan in plans.at_least(&["as waiting (name, items)"], 1) {
        let steps = nodes(&plan);
        let mut of_feed = steps.iter().filter(|it| it["Relation Name"] == "feed");
        assert!(of_feed.all(|it| it["Index Name"].is_string()), "{plan:#}");
    }
}
