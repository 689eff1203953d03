//! The plans by which PostgreSQL reads the queue, what is overdue and what is due: along indexes
//! that hold nothing else.

use serde_json::Value;

use crate::support::{Plans, Server, TestApp, exclusive_plans, nodes};

/// The statements that look for something due: the words that distinguish each, and its index. The
/// service sends them all by itself, most of them as one.
const DUE: &[(&[&str], &str)] = &[
    (LOOK, "tickets_closing"),
    (LOOK, "tickets_reminding"),
    (
        &["review_notified_on", "SKIP LOCKED", r#"ORDER BY \"tickets\".\"review_on\""#],
        "tickets_reviewing",
    ),
    (LOOK, "tickets_alerting"),
    (LOOK, "tickets_by_clocks_version"),
];

/// What looks for all kinds of work at once.
const LOOK: &[&str] = &["as waiting (name, items)"];

/// The queue, its head and whatever is due are read along indexes that hold nothing else and so do
/// not grow with what is closed.
#[test]
fn the_queue_and_what_is_due_are_read_along_their_index() {
    let _turn = exclusive_plans();
    let app = TestApp::spawn();
    app.fill_with_tickets();
    app.sql(
        "update tickets set due_at = '9999-12-31 00:00:00+00' where status = 'closed';
         update tickets set queue_rank = due_at, alert_at = now() + interval '1 day'
         where status = 'new';
         update tickets set status = 'feedback', queue_rank = null, alert_at = null,
             due_at = '9999-12-31 00:00:00+00', feedback_since = now(), closes_at = now() + interval '2 months',
             remind_at = now() + interval '40 days'
         where status = 'new' and id % 3 = 0;
         update tickets set status = 'on_hold', review_on = current_date + 3
         where status = 'new' and id % 3 = 1",
    );
    app.sql("vacuum analyze tickets");
    let plans = Plans::of(&app);
    let server = Server::start(&app.database_url(), &[("HELPDESK_POOL", "1")]);
    let engineer = app.engineer().at(&server);
    for _ in 0..6 {
        engineer.get("/queue").expect(200);
        engineer.get(&format!("/queue?direction_id={}", app.ids.telephony)).expect(200);
        engineer.takes_next().expect(200);
    }
    let orders = [
        ("created_at", "tickets_open_by_creation"),
        ("-updated_at", "tickets_open_by_update"),
        ("priority", "tickets_open_by_priority"),
        ("due_at", "tickets_open_by_due"),
    ];
    for (sort, _) in orders {
        let path = format!("/tickets?overdue=true&sort={sort}");
        (0..7).for_each(|_| drop(engineer.get(&path).expect(200)));
    }

    let page = [r#"\"companies\".\"name\""#, " LIMIT "];
    let queue = plans.at_least(&[&page[..], &["queue_rank", "IS NOT NULL"]].concat(), 12);
    for (plan, index) in
        queue.iter().zip(["tickets_queued", "tickets_queued_of_direction"].iter().cycle())
    {
        check_bounded(plan, index);
    }
    for plan in plans.at_least(&["tickets as free", "SKIP LOCKED"], 6) {
        check_bounded(&plan, "tickets_unassigned");
        check_bounded(&plan, "tickets_kept");
    }
    let overdue = plans.at_least(&[&page[..], &[r#"\"due_at\" <"#]].concat(), 28);
    for (plan, (_, index)) in overdue.iter().zip(orders.iter().flat_map(|it| [it; 7])) {
        check_bounded(plan, index);
    }
    for (words, index) in DUE {
        for plan in plans.at_least(words, 3) {
            check_bounded(&plan, index);
        }
    }
}

/// The statement reads along its index, without a scan of the table.
#[track_caller]
fn check_bounded(plan: &Value, index: &str) {
    let nodes = nodes(plan);
    assert!(nodes.iter().any(|it| it["Index Name"] == index), "{index}: {plan:#}");
    let of_tickets = nodes.iter().filter(|it| it["Relation Name"] == "tickets");
    assert!(of_tickets.clone().all(|it| it["Node Type"] != "Seq Scan"), "{plan:#}");
}
