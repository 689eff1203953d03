//! 2.5: the table of moves, tried cell by cell.

use serde_json::{Value, json};

use crate::support::{Person, TestApp};

pub const STATUSES: [&str; 8] = [
    "new",
    "in_progress",
    "feedback",
    "resolved",
    "closed",
    "awaiting_release",
    "on_hold",
    "rejected",
];

const ROLES: [&str; 3] = ["customer", "engineer", "admin"];
const CUSTOMER: &[&str] = &["customer"];
const SUPPORT: &[&str] = &["engineer", "admin"];
const BOTH: &[&str] = &["customer", "engineer", "admin"];
const ADMIN: &[&str] = &["admin"];

const PUBLIC: &[&str] = &["public_comment"];
const ANY: &[&str] = &["comment"];
const RELEASE: &[&str] = &["comment_or_release"];
const HOLD: &[&str] = &["comment", "waiting_on"];
const REJECT: &[&str] = &["refusal_reason", "public_comment"];
pub const CLOSE: &[&str] = &["close_reason", "public_comment", "confirmation"];

/// A move: from, to, who makes it, what it needs.
pub type Row = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

/// The table of section 2 of the contract.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    ("new",              "in_progress",      SUPPORT,  &[]),
    ("new",              "rejected",         SUPPORT,  REJECT),
    ("in_progress",      "rejected",         SUPPORT,  REJECT),
    ("in_progress",      "feedback",         SUPPORT,  PUBLIC),
    ("in_progress",      "awaiting_release", SUPPORT,  RELEASE),
    ("in_progress",      "on_hold",          SUPPORT,  HOLD),
    ("feedback",         "in_progress",      CUSTOMER, ANY),
    ("awaiting_release", "in_progress",      CUSTOMER, ANY),
    ("on_hold",          "in_progress",      CUSTOMER, ANY),
    ("feedback",         "in_progress",      SUPPORT,  &[]),
    ("awaiting_release", "in_progress",      SUPPORT,  &[]),
    ("on_hold",          "in_progress",      SUPPORT,  &[]),
    ("awaiting_release", "feedback",         SUPPORT,  PUBLIC),
    ("in_progress",      "resolved",         BOTH,     PUBLIC),
    ("feedback",         "resolved",         BOTH,     PUBLIC),
    ("new",              "resolved",         CUSTOMER, ANY),
    ("awaiting_release", "resolved",         CUSTOMER, ANY),
    ("on_hold",          "resolved",         CUSTOMER, ANY),
    ("resolved",         "closed",           SUPPORT,  CLOSE),
    ("in_progress",      "closed",           SUPPORT,  CLOSE),
    ("feedback",         "closed",           SUPPORT,  CLOSE),
    ("resolved",         "feedback",         SUPPORT,  PUBLIC),
    ("resolved",         "in_progress",      BOTH,     ANY),
    ("closed",           "in_progress",      ADMIN,    ANY),
    ("rejected",         "in_progress",      ADMIN,    ANY),
];

/// Every move with everybody who has it.
pub fn moves() -> impl Iterator<Item = (&'static Row, &'static str)> {
    TABLE.iter().flat_map(|row| row.2.iter().map(move |role| (row, *role)))
}

fn moves_of(from: &str, role: &str) -> Vec<&'static Row> {
    TABLE.iter().filter(|row| row.0 == from && row.2.contains(&role)).collect()
}

pub fn person(app: &TestApp, role: &str) -> Person {
    match role {
        "customer" => app.customer(),
        "engineer" => app.engineer(),
        "admin" => app.admin(),
        _ => app.commercial(),
    }
}

/// The members that meet these needs, and whatever else is given.
pub fn body(to: &str, needs: &[&str], confirmation: i64) -> Value {
    let mut body = json!({ "to": to });
    for need in needs {
        let (member, value) = match *need {
            "waiting_on" => ("waiting_on", json!("delivery")),
            "refusal_reason" => ("refusal_reason", json!("out_of_scope")),
            "close_reason" => ("close_reason", json!("confirmed_by_customer")),
            "confirmation" => ("confirmation_comment_id", json!(confirmation)),
            _ => ("comment", json!("Сделано, как описано выше.")),
        };
        body[member] = value;
    }
    body
}

/// A comment of the customer that leaves the ticket where it is.
pub fn remark(app: &TestApp, id: i64, status: &str) -> i64 {
    let said = json!({ "body": "Порт поднялся, благодарю.", "status": status });
    app.customer().post(&format!("/tickets/{id}/comments"), said).id()
}

/// All that anybody can see of a ticket.
pub fn whole(app: &TestApp, id: i64) -> Value {
    app.admin().get(&format!("/tickets/{id}?expand=comments,history")).body
}

/// 2.5: every move of the table is made by everybody who has it, as one event.
#[test]
fn c2_5_every_move_of_the_table_is_made() {
    let app = TestApp::spawn();

    for ((from, to, _, needs), role) in moves() {
        let id = app.ticket(from);
        let confirmation = if needs.contains(&"confirmation") { remark(&app, id, from) } else { 0 };
        let before = whole(&app, id);
        let path = format!("/tickets/{id}/transitions");
        let reply = person(&app, role).post(&path, body(to, needs, confirmation));
        let after = whole(&app, id);

        let told = (reply.status, reply.body["status"].as_str(), after["status"].as_str());
        assert_eq!(told, (200, Some(*to), Some(*to)), "{role}: {from} {to}: {}", reply.text);
        assert_eq!(after["version"], json!(before["version"].as_i64().unwrap() + 1));
        let events = |it: &Value| it["history"].as_array().unwrap().len();
        assert_eq!(events(&after), events(&before) + 1, "{role}: {from} {to}");
        let last = after["history"].as_array().unwrap().last().unwrap();
        assert_eq!(last["changes"]["status"], json!({ "from": from, "to": to }));
    }
}

/// 2.5: every other cell of 8 × 8 × 4 is refused with the moves there are, and changes nothing.
#[test]
fn c2_5_every_other_move_is_refused_and_changes_nothing() {
    let app = TestApp::spawn();

    for from in STATUSES {
        let id = app.ticket(from);
        let path = format!("/tickets/{id}/transitions");
        let before = whole(&app, id);

        for role in ROLES {
            let allowed: Vec<&str> = moves_of(from, role).iter().map(|row| row.1).collect();
            for to in STATUSES.iter().filter(|it| !allowed.contains(it)) {
                let wanted = json!({ "to": to, "comment": "Переведите, пожалуйста." });
                let reply = person(&app, role).post(&path, wanted);

                let told = (reply.status, reply.code(), &reply.body["clause"]);
                assert_eq!(told, (409, "transition_not_allowed", &json!("2.5")), "{role} {to}");
                assert_eq!(reply.body["current_status"], json!(from));
                assert_eq!(reply.body["allowed"], json!(allowed), "{role}: {from} {to}");
            }
        }
        for to in STATUSES {
            let reply = app.commercial().post(&path, json!({ "to": to, "comment": "Готово." }));
            assert_eq!((reply.status, reply.code()), (403, "forbidden"));
        }

        assert_eq!(whole(&app, id), before, "{from}");
    }
}

/// 2.5: a front end draws its buttons from the moves that the caller has, with their needs.
#[test]
fn c2_5_everybody_is_told_the_moves_they_have() {
    let app = TestApp::spawn();

    for from in STATUSES {
        let id = app.ticket(from);
        for role in ROLES {
            let person = person(&app, role);
            let list = person.get(&format!("/tickets/{id}/transitions"));
            let ticket = person.get(&format!("/tickets/{id}")).body;

            let rows = moves_of(from, role);
            let expected: Vec<Value> = rows.iter().map(|row| json!([row.1, row.3])).collect();
            let told = list.items().iter().map(|it| {
                let needs = it["needs"].as_array().unwrap().iter().map(|need| &need["code"]);
                json!([it["to"], needs.collect::<Vec<_>>()])
            });
            assert_eq!(told.collect::<Vec<_>>(), expected, "{role}: {from}");
            assert_eq!(list.body["current_status"], json!(from));
            let names: Vec<&str> = rows.iter().map(|row| row.1).collect();
            assert_eq!(ticket["allowed_transitions"], json!(names), "{role}: {from}");
        }
        let reply = app.commercial().get(&format!("/tickets/{id}/transitions"));
        assert_eq!((reply.status, reply.code()), (403, "forbidden"));
    }
}
