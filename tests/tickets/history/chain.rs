//! Section 7 of the contract: the events of a ticket are chained, each to the one before it, and
//! whoever changes one past the service is found out.

use serde_json::{Value, json};

use crate::support::{Person, TestApp};

fn verify(person: &Person, id: i64) -> Value {
    person.get(&format!("/tickets/{id}/history/verify")).expect(200).body
}

/// Does to the events of a ticket what only a superuser can; `$` stands for the ticket.
fn tamper(app: &TestApp, id: i64, statements: &str) {
    let statements = statements.replace('$', &id.to_string());
    app.sql(&format!(
        "begin; alter table events disable trigger events_append_only; {statements};
         alter table events enable always trigger events_append_only; commit"
    ));
}

/// The number of an event of a ticket.
fn event(app: &TestApp, id: i64, seq: i64) -> Value {
    let found = app.read(&format!("select id from events where ticket_id = {id} and seq = {seq}"));
    json!(found[0].trim_matches(['(', ')']).parse::<i64>().unwrap())
}

/// A history that nobody touched is whole, whatever was done in it; customers are told of what
/// they can read.
#[test]
fn a7_an_untouched_history_is_intact() {
    let app = TestApp::spawn();
    let (closed, open) = (app.ticket("closed"), app.ticket("in_progress"));
    let note = json!({ "body": "Проверить \"блок\"\nпитания.", "internal": true });
    app.engineer().post(&format!("/tickets/{open}/comments"), note).expect(201);
    let edit = json!({ "subject": "Обрыв регистрации", "steps": "1\n2\n3" });
    app.customer().patch(&format!("/tickets/{open}"), edit).expect(200);
    app.customer().put(&format!("/tickets/{open}/links/{closed}"), json!({})).expect(204);

    let whole = |events: i64| json!({ "intact": true, "events": events, "redacted": 0, "first_broken": null });
    assert_eq!(verify(&app.engineer(), open), whole(5));
    assert_eq!(verify(&app.customer(), open), whole(4));
    assert_eq!(verify(&app.admin(), closed), whole(5));
}

/// Tampering with one event, or with the chain's end, is found, and where.
#[test]
fn a7_whoever_changes_an_event_in_the_database_is_found_out() {
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
        let id = app.ticket("feedback");
        app.customer()
            .post(&format!("/tickets/{id}/comments"), json!({ "body": "Журнал." }))
            .expect(201);
        assert_eq!(verify(&app.engineer(), id)["intact"], true);

        tamper(&app, id, statements);

        let found = verify(&app.engineer(), id);
        let event = if is_there { event(&app, id, seq) } else { Value::Null };
        assert_eq!(found["intact"], false, "{statements}");
        assert_eq!(found["first_broken"], json!({ "seq": seq, "id": event }), "{statements}");
        let told = verify(&app.customer(), id);
        assert_eq!((&told["intact"], &told["first_broken"]), (&json!(false), &Value::Null));
    }
    assert_eq!(verify(&app.engineer(), other)["intact"], false);
}
