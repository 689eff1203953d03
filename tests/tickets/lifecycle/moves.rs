//! 2.5: what a move does to a ticket beside its status.

use serde_json::{Value, json};

use crate::support::{Person, Reply, TestApp};
use crate::tickets::lifecycle::workflow::{remark, whole};

pub fn go(person: &Person, id: i64, body: Value) -> Reply {
    person.post(&format!("/tickets/{id}/transitions"), body)
}

pub fn show(app: &TestApp, id: i64) -> Value {
    app.engineer().get(&format!("/tickets/{id}")).body
}

/// 2.5: who takes a new ticket becomes its assignee; who comes second is told.
#[test]
fn c2_5_the_taker_becomes_the_assignee() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    assert_eq!(show(&app, id)["assignee"], Value::Null);

    let first = go(&app.engineer(), id, json!({ "to": "in_progress" }));
    let second = go(&app.other_engineer(), id, json!({ "to": "in_progress" }));

    assert_eq!((first.status, second.status), (200, 409));
    assert_eq!(second.body["current_status"], json!("in_progress"));
    let ticket = show(&app, id);
    assert_eq!(ticket["assignee"]["id"], json!(app.engineer().id));
    assert_eq!(ticket["accepted_at"], ticket["updated_at"]);
}

/// 2.5: a ticket that was asked of one engineer belongs to the one who takes it; later moves
/// leave it with him.
#[test]
fn c2_5_a_ticket_stays_with_the_one_who_took_it() {
    let app = TestApp::spawn();
    let mut request = app.request();
    request["assignee_id"] = json!(app.engineer().id);
    let id = app.customer().post("/tickets", request).id();

    go(&app.admin(), id, json!({ "to": "in_progress" }));
    go(&app.engineer(), id, json!({ "to": "feedback", "comment": "Перезагрузите плату." }));
    let back = go(&app.engineer(), id, json!({ "to": "in_progress" }));

    assert_eq!(back.status, 200);
    assert_eq!(back.body["assignee"]["id"], json!(app.admin().id));
}

/// 2.5, 3.4.1.4: a rejection as registered before names another ticket of the same company.
#[test]
fn c3_4_1_4_a_duplicate_names_another_ticket_of_the_company() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let foreign = app.stranger().post("/tickets", stranger_request(&app)).id();
    let before = whole(&app, id);
    let reject = |duplicate_of: Value| {
        let body = json!({
            "to": "rejected",
            "comment": "Эта проблема уже зарегистрирована.",
            "refusal_reason": "already_registered",
            "duplicate_of": duplicate_of,
        });
        go(&app.engineer(), id, body)
    };

    for (duplicate_of, code) in [
        (Value::Null, "required"),
        (json!(id), "circular"),
        (json!(foreign), "not_found"),
        (json!(987_654_321), "not_found"),
    ] {
        let reply = reject(duplicate_of);
        assert_eq!((reply.status, reply.errors()), (422, vec![format!("/duplicate_of {code}")]));
        assert_eq!(whole(&app, id), before);
    }

    let closed = app.ticket("closed");
    let reply = reject(json!(closed));
    assert_eq!((reply.status, &reply.body["duplicate_of"]), (200, &json!(closed)));
    assert_eq!(reply.body["refusal_reason"], json!("already_registered"));
}

fn stranger_request(app: &TestApp) -> Value {
    let mut request = app.request();
    request["project_id"] = json!(app.ids.other_project);
    request["product_id"] = json!(app.ids.product);
    request
}

/// 3.4, 2.5: support rejects for each of the five reasons; `duplicate_of` belongs to one alone.
#[test]
fn c3_4_support_rejects_for_five_reasons() {
    let app = TestApp::spawn();
    let first = app.ticket("new");

    for reason in [
        "no_description",
        "insufficient_knowledge",
        "impolite",
        "already_registered",
        "out_of_scope",
    ] {
        let id = app.ticket("new");
        let is_duplicate = reason == "already_registered";
        let mut body = json!({
            "to": "rejected",
            "comment": "Не можем принять, причина указана.",
            "refusal_reason": reason,
            "duplicate_of": first,
        });
        if !is_duplicate {
            let refused = go(&app.engineer(), id, body.clone());
            assert_eq!(refused.status, 422);
            assert_eq!(refused.errors(), ["/duplicate_of not_applicable"]);
            body["duplicate_of"] = Value::Null;
        }
        let reply = go(&app.engineer(), id, body);

        let told = (reply.status, &reply.body["status"], &reply.body["refusal_reason"]);
        assert_eq!(told, (200, &json!("rejected"), &json!(reason)));
        assert_eq!(reply.body["closed_at"], reply.body["updated_at"]);
    }
}

/// 2.5: `other` is an admin's reason for closing, `feedback_timeout` the system's alone.
#[test]
fn c2_5_each_role_has_its_reasons_for_closing() {
    let app = TestApp::spawn();
    let customers = ["confirmed_by_customer", "no_longer_relevant"];
    let admins = ["confirmed_by_customer", "no_longer_relevant", "other"];

    for (person, permitted) in [(app.engineer(), &customers[..]), (app.admin(), &admins[..])] {
        let id = app.ticket("resolved");
        let listed = person.get(&format!("/tickets/{id}/transitions"));
        let closing = &listed.body["items"][0];
        assert_eq!(
            (&closing["to"], &closing["close_reasons"]),
            (&json!("closed"), &json!(permitted))
        );

        for reason in ["confirmed_by_customer", "no_longer_relevant", "other", "feedback_timeout"] {
            let id = app.ticket("resolved");
            let said = remark(&app, id, "resolved");
            let before = whole(&app, id);
            let close = json!({
                "to": "closed",
                "comment": "Закрываю.",
                "close_reason": reason,
                "confirmation_comment_id": said,
            });
            let reply = go(&person, id, close);

            if permitted.contains(&reason) {
                assert_eq!((reply.status, &reply.body["close_reason"]), (200, &json!(reason)));
                continue;
            }
            assert_eq!(reply.status, 422);
            assert_eq!(reply.errors(), ["/close_reason not_one_of"]);
            assert_eq!(whole(&app, id), before);
        }
    }
}

/// 2.5: an admin alone revives a finished ticket, with a comment; it forgets how it ended.
#[test]
fn c2_5_a_revived_ticket_forgets_how_it_ended() {
    let app = TestApp::spawn();
    let closed = app.ticket("closed");
    let rejected = app.ticket("in_progress");
    let reject = json!({
        "to": "rejected",
        "comment": "Повтор.",
        "refusal_reason": "already_registered",
        "duplicate_of": closed,
    });
    assert_eq!(go(&app.engineer(), rejected, reject).status, 200);
    let revive = json!({ "to": "in_progress", "comment": "Закрыли по ошибке, продолжаем." });

    for id in [closed, rejected] {
        let refused = [app.customer(), app.engineer()].map(|it| go(&it, id, revive.clone()).status);
        let revived = go(&app.admin(), id, revive.clone());

        assert_eq!((refused, revived.status), ([409, 409], 200));
        for member in [
            "close_reason",
            "refusal_reason",
            "duplicate_of",
            "confirmed_at",
            "resolved_at",
            "closed_at",
            "waiting_on",
            "review_on",
        ] {
            assert_eq!(revived.body[member], Value::Null, "{member}");
        }
        assert_eq!(revived.body["needs_action_from"], json!("support"));
    }
}
