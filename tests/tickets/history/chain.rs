//! Section 7 of the contract: each event of a ticket is chained to the one before it, so that a
//! change behind the service's back is detected.

use serde_json::{Value, json};

use crate::support::{TestApp, at_once};

/// Changes the events of a ticket as only a superuser can; `$` stands for the ticket.
fn tamper(app: &TestApp, id: i64, statements: &str) {
    let statements = statements.replace('$', &id.to_string());
    app.sql(&format!(
        "begin; alter table events disable trigger all; {statements};
         alter table events enable trigger all;
         alter table events enable always trigger events_append_only; commit"
    ));
}

/// The id of an event of a ticket.
fn event(app: &TestApp, id: i64, seq: i64) -> Value {
    let query = format!("select id from events where ticket_id = {id} and seq = {seq}");
    json!(app.value::<i64>(&query))
}

/// An untouched history is intact, whatever happened in it; customers verify what they can read.
#[test]
fn a7_an_untouched_history_is_intact() {
    let app = TestApp::spawn();
    let (closed, open) = (app.ticket("closed"), app.ticket("in_progress"));
    app.engineer().writes_note(open, "Проверить \"блок\"\nпитания.");
    let edit = json!({ "subject": "Обрыв регистрации", "steps": "1\n2\n3" });
    app.customer().edits(open, edit).expect(200);
    app.customer().links(open, closed).expect(204);

    let intact = |events: i64| json!({ "intact": true, "events": events, "redacted": 0, "imported": 0, "first_broken": null });
    assert_eq!(app.engineer().verifies(open), intact(5));
    assert_eq!(app.customer().verifies(open), intact(4));
    assert_eq!(app.admin().verifies(closed), intact(5));
}

/// Tampering with an event, or with the end of the chain, is detected, and located.
#[test]
fn a7_tampering_with_events_is_detected() {
    let app = TestApp::spawn();
    let link = "sha256('guess')";
    let cut = "delete from events where ticket_id = $ and seq = 4";
    let other = app.ticket("new");

    for (statements, seq, is_there) in [
        (
            "update events set body = replace(body, 'feedback', 'on_hold') where ticket_id = $",
            3,
            true,
        ),
        ("update events set at = at - interval '1 hour' where ticket_id = $ and seq = 2", 2, true),
        ("update events set actor_id = 1 where ticket_id = $ and seq = 3", 3, true),
        ("update events set is_internal = true where ticket_id = $ and seq = 1", 1, true),
        ("update events set type = 'ticket.edited' where ticket_id = $ and seq = 2", 2, true),
        ("update events set company_id = company_id + 1 where ticket_id = $ and seq = 3", 3, true),
        ("update events set hash = sha256('guess') where ticket_id = $ and seq = 4", 4, true),
        ("delete from events where ticket_id = $ and seq = 1", 1, false),
        ("delete from events where ticket_id = $ and seq = 3", 3, false),
        (cut, 4, false),
        (&format!("{cut}; update tickets set head_seq = 3 where id = $"), 4, false),
        (
            &format!(
                "{cut}; update tickets set head_seq = 3, head_hash = (select hash from events
                 where ticket_id = $ and seq = 3) where id = $"
            ),
            4,
            false,
        ),
        (
            "update events set seq = -seq where ticket_id = $ and seq in (2, 3);
             update events set seq = 5 + seq where ticket_id = $ and seq < 0",
            2,
            true,
        ),
        (
            "update events as one set body = other.body, type = other.type from events as other
             where one.ticket_id = $ and other.ticket_id = $ and one.seq + other.seq = 7",
            3,
            true,
        ),
        (&format!("update tickets set head_hash = {link} where id = $"), 5, false),
        ("update tickets set head_seq = 9 where id = $", 5, false),
        (
            &format!(
                "insert into events (ticket_id, company_id, seq, type, at, is_internal, body, hash)
                 select $, company_id, 5, type, at, false, body, {link} from events
                 where ticket_id = $ and seq = 2;
                 update tickets set head_seq = 5 where id = $"
            ),
            5,
            true,
        ),
        (
            &format!("update events set ticket_id = {other} where ticket_id = $ and seq = 4"),
            4,
            false,
        ),
        (
            "delete from events where ticket_id = $;
             update tickets set head_seq = 0, head_hash = '' where id = $",
            1,
            false,
        ),
    ] {
        must_be_detected(&app, statements, seq, is_there);
    }
    assert_eq!(app.engineer().verifies(other)["intact"], false);
}

/// Tampers with a fresh ticket and finds the event of that number broken.
fn must_be_detected(app: &TestApp, statements: &str, seq: i64, is_there: bool) {
    let id = app.ticket("feedback");
    app.customer().replies(id, "Журнал.");
    assert_eq!(app.engineer().verifies(id)["intact"], true);

    tamper(app, id, statements);

    let found = app.engineer().verifies(id);
    let event = if is_there { event(app, id, seq) } else { Value::Null };
    assert_eq!(found["intact"], false, "{statements}");
    assert_eq!(found["first_broken"], json!({ "seq": seq, "id": event }), "{statements}");
    let by_customer = app.customer().verifies(id);
    assert_eq!(
        (&by_customer["intact"], &by_customer["first_broken"]),
        (&json!(false), &Value::Null)
    );
}

/// A history that takes several turns at the database is verified as a whole: also what was changed
/// in its last part, and whoever asks at once gets the same.
#[test]
fn a7_a_long_history_is_verified_to_its_end() {
    let app = TestApp::spawn();
    let (id, customer) = (app.ticket("in_progress"), app.customer());
    for number in 0..230 {
        customer.replies(id, &format!("Журнал {number}."));
    }

    let intact = at_once(8, |_| app.engineer().verifies(id));
    tamper(&app, id, "update comments set body = 'Подмена.' where body = 'Журнал 229.'");
    let broken = app.engineer().verifies(id);

    let events = app.count(&format!("select id from events where ticket_id = {id}"));
    assert!(intact.iter().all(|it| it["intact"] == true && it["events"] == events));
    assert_eq!(
        (&broken["intact"], &broken["first_broken"]["seq"]),
        (&json!(false), &json!(events))
    );
}
