//! Who of support is at a ticket, and who is writing (section 9).

use serde_json::{Value, json};

use crate::support::{Person, Server, TestApp};

fn is_at(person: &Person, ticket: i64, is_writing: bool) -> Value {
    let body = json!({ "is_writing": is_writing });
    person.put(&format!("/tickets/{ticket}/presence"), body).expect(200).body["people"].clone()
}

fn seen(person: &Person, ticket: i64) -> Vec<(Value, bool)> {
    let people =
        person.get(&format!("/tickets/{ticket}/presence")).expect(200).body["people"].clone();
    let people = people.as_array().unwrap().iter();
    people.map(|it| (it["person"]["name"].clone(), it["is_writing"].as_bool().unwrap())).collect()
}

/// Section 9: support sees at once, in whichever process, who else is at a ticket and writes; it is over after
/// seconds, and leaves no trace in the ticket.
#[test]
fn s9_support_sees_who_else_is_at_a_ticket() {
    let app = TestApp::spawn();
    let other = Server::start(&app.database_url(), &[]);
    let (id, elsewhere) = (app.ticket("in_progress"), app.ticket("new"));
    let (engineer, admin) = (app.engineer(), app.admin().at(&other));
    let before = app.snapshot(id);

    assert_eq!(is_at(&engineer, id, true), json!([]));
    let met = is_at(&admin, id, false);

    assert_eq!(
        (&met[0]["person"]["id"], &met[0]["is_writing"]),
        (&json!(engineer.id), &json!(true))
    );
    assert_eq!(seen(&admin, id), [(json!("Ерлан Абдрахманов"), true)]);
    assert_eq!(seen(&engineer, id).len(), 1);
    assert_eq!(seen(&app.other_engineer(), id).len(), 2);
    assert_eq!(seen(&engineer, elsewhere), []);
    is_at(&engineer, id, false);
    assert_eq!(seen(&admin, id), [(json!("Ерлан Абдрахманов"), false)]);
    assert_eq!(app.snapshot(id), before);

    app.sql("update ticket_presence set seen_at = seen_at - interval '31 seconds'");
    assert_eq!(seen(&admin, id), []);
}

/// Whoever says the same again and again writes nothing, and what is over is thrown away by whoever comes next.
#[test]
fn presence_is_no_storm_of_writes() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let row = || app.value::<String>("select xmin::text || ctid::text from ticket_presence");
    is_at(&app.engineer(), id, true);
    let before = row();

    (0..5).for_each(|_| drop(is_at(&app.engineer(), id, true)));
    assert_eq!(row(), before);
    app.sql("update ticket_presence set seen_at = seen_at - interval '6 seconds'");
    let renewed = row();
    is_at(&app.engineer(), id, true);
    assert_ne!(row(), renewed);

    app.sql("update ticket_presence set seen_at = seen_at - interval '2 minutes'");
    is_at(&app.admin(), id, false);
    let left = app.rows::<i64>("select user_id from ticket_presence");
    assert_eq!(left, [app.admin().id]);
    let bad = app.engineer().put(&format!("/tickets/{id}/presence"), json!({ "is_writing": "да" }));
    assert_eq!(bad.validation_errors(), ["/is_writing wrong_type"]);
    app.customer()
        .put(&format!("/tickets/{id}/presence"), json!({ "is_writing": true }))
        .expect(403);
    app.customer().get(&format!("/tickets/{id}/presence")).expect(403);
    app.engineer().get("/tickets/4000000/presence").expect(404);
}
