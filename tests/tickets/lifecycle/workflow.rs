//! 2.5: the table of transitions, tried cell by cell.

use serde_json::{Value, json};

use super::table::{ROLES, Transition, body, transitions, transitions_of};
use crate::support::{STATUSES, TestApp};

/// 2.5: every transition of the table is made by everybody who has it, as one event.
#[test]
fn c2_5_every_move_of_the_table_succeeds() {
    let app = TestApp::spawn();

    for (Transition { from, to, needs, .. }, role) in transitions() {
        let id = app.ticket(from);
        let confirmation =
            if needs.contains(&"confirmation") { app.customer().remarks(id, from) } else { 0 };
        let before = app.snapshot(id);
        let response = app.with_role(role).moves(id, body(to, needs, confirmation));
        let after = app.snapshot(id);

        let result = (response.status, response.body["status"].as_str(), after["status"].as_str());
        assert_eq!(result, (200, Some(*to), Some(*to)), "{role}: {from} {to}: {}", response.text);
        assert_eq!(after["version"], json!(before["version"].as_i64().unwrap() + 1));
        let events = |it: &Value| it["history"].as_array().unwrap().len();
        assert_eq!(events(&after), events(&before) + 1, "{role}: {from} {to}");
        let last = after["history"].as_array().unwrap().last().unwrap();
        assert_eq!(last["changes"]["status"], json!({ "from": from, "to": to }));
    }
}

/// 2.5: every other cell of 8 × 8 × 4 is refused, with the transitions there are, and changes
/// nothing.
#[test]
fn c2_5_sec_az10_every_other_move_is_refused_and_changes_nothing() {
    let app = TestApp::spawn();

    for from in STATUSES {
        let id = app.ticket(from);
        let before = app.snapshot(id);

        for role in ROLES {
            let allowed: Vec<&str> = transitions_of(from, role).iter().map(|it| it.to).collect();
            for to in STATUSES.iter().filter(|it| !allowed.contains(it)) {
                let wanted = json!({ "to": to, "comment": "Переведите, пожалуйста." });
                let response = app.with_role(role).moves(id, wanted);

                let problem = (response.status, response.code(), &response.body["clause"]);
                assert_eq!(problem, (409, "transition_not_allowed", &json!("2.5")), "{role} {to}");
                assert_eq!(response.body["current_status"], json!(from));
                assert_eq!(response.body["allowed"], json!(allowed), "{role}: {from} {to}");
            }
        }
        for to in STATUSES {
            let response = app.commercial().moves(id, json!({ "to": to, "comment": "Готово." }));
            assert_eq!((response.status, response.code()), (403, "forbidden"));
        }

        assert_eq!(app.snapshot(id), before, "{from}");
    }
}

/// 2.5: a front end draws its buttons from the transitions that the caller has, with their needs.
#[test]
fn c2_5_everybody_sees_their_available_moves() {
    let app = TestApp::spawn();

    for from in STATUSES {
        let id = app.ticket(from);
        for role in ROLES {
            let person = app.with_role(role);
            let list = person.get(&format!("/tickets/{id}/transitions"));
            let ticket = person.ticket(id);

            let rows = transitions_of(from, role);
            let expected: Vec<Value> = rows.iter().map(|it| json!([it.to, it.needs])).collect();
            let listed = list.items().iter().map(|it| {
                let needs = it["needs"].as_array().unwrap().iter().map(|need| &need["code"]);
                json!([it["to"], needs.collect::<Vec<_>>()])
            });
            assert_eq!(listed.collect::<Vec<_>>(), expected, "{role}: {from}");
            assert_eq!(list.body["current_status"], json!(from));
            let names: Vec<&str> = rows.iter().map(|it| it.to).collect();
            assert_eq!(ticket["allowed_transitions"], json!(names), "{role}: {from}");
        }
        let response = app.commercial().get(&format!("/tickets/{id}/transitions"));
        assert_eq!((response.status, response.code()), (403, "forbidden"));
    }
}
