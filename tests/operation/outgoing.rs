//! Section 7 of the contract: a copy of a system sends nothing to anybody.

use serde_json::json;

use crate::support::{Server, TestApp, helpdesk, on_database, wait_until};

/// Section 7: a copy restored elsewhere sends nothing, and reports it, until an operator resumes.
#[test]
fn s7_a_restored_copy_sends_nothing_until_it_is_resumed() {
    let mut app = TestApp::spawn();
    let ticket = app.ticket("feedback");
    app.wait_for_mail();
    // A copy has another place in its cluster, as one in another cluster has.
    app.sql("update installation set place = 'elsewhere'");
    app.server.kill();
    let copy = Server::start(&app.database_url(), &[]);

    app.colleague().at(&copy).replies(ticket, "Есть новости.");
    app.wait_for_notifications();

    let warnings = copy.client.send("GET", "/readyz", &[], None).body["warnings"].clone();
    assert_eq!(warnings, json!(["outgoing_stopped"]));
    assert!(copy.log().contains("helpdesk outgoing resume"), "{}", copy.log());
    assert!(app.waiting_mails() > 0);
    let url = app.database_url();
    let resumed = helpdesk(&["outgoing", "resume"], &on_database(&url));
    assert!(resumed.status.success(), "{}", String::from_utf8_lossy(&resumed.stderr));
    wait_until("mail leaves again", || app.waiting_mails() == 0);
}

/// Section 7: a switch sends nothing at all.
#[test]
fn s7_a_switch_stops_all_that_leaves() {
    let app = TestApp::spawn_with(&[("HELPDESK_NO_OUTGOING", "true")]);
    app.ticket("feedback");
    app.wait_for_notifications();

    assert!(app.waiting_mails() > 0);
    assert_eq!(app.mails(0).len(), 0);
}

/// Section 7: nobody is notified of what demo data makes up, nor of deadlines that its past has missed.
#[test]
fn s7_demo_data_notifies_nobody() {
    let app = TestApp::of_demo();

    let missed = "select from events where type = 'ticket.deadline_missed'";
    assert!(app.count(missed) > 0);
    let due = "select from tickets where alert_at <= now() or remind_at <= now()";
    assert_eq!(app.count(due), 0);
    app.wait_for_notifications();
    assert_eq!(app.count("select from notifications"), 0);
    assert_eq!(app.count("select from mails"), 0);
}
