//! 2.5: what a transition does to a ticket besides changing its status.

use serde_json::{Value, json};

use crate::support::TestApp;

/// 2.5: whoever takes a new ticket becomes its assignee; whoever comes second is refused.
#[test]
fn c2_5_the_taker_becomes_the_assignee() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    assert_eq!(app.engineer().ticket(id)["assignee"], Value::Null);

    let first = app.engineer().moves(id, json!({ "to": "in_progress" }));
    let second = app.other_engineer().moves(id, json!({ "to": "in_progress" }));

    assert_eq!((first.status, second.status), (200, 409));
    assert_eq!(second.body["current_status"], json!("in_progress"));
    let ticket = app.engineer().ticket(id);
    assert_eq!(ticket["assignee"]["id"], json!(app.engineer().id));
    assert_eq!(ticket["accepted_at"], ticket["updated_at"]);
}

/// 2.5: a ticket belongs to whoever takes it, even if another engineer was asked for; later
/// transitions do not change that.
#[test]
fn c2_5_a_ticket_stays_with_the_one_who_took_it() {
    let app = TestApp::spawn();
    let asked = json!({ "assignee_id": app.engineer().id });
    let id = app.customer().has_filed(app.request_with(&asked));

    app.admin().takes(id);
    app.engineer().asks(id, "Перезагрузите плату.");
    let back = app.engineer().takes(id);

    assert_eq!(back.body["assignee"]["id"], json!(app.admin().id));
}

/// 2.5, 3.4.1.4: a rejection as a duplicate names another ticket of the same company.
#[test]
fn c3_4_1_4_a_duplicate_names_another_ticket_of_the_company() {
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let foreign = app.foreign_ticket();
    let before = app.snapshot(id);
    let reject = |duplicate_of: Value| {
        let body = json!({
            "to": "rejected",
            "comment": "Эта проблема уже зарегистрирована.",
            "refusal_reason": "already_registered",
            "duplicate_of": duplicate_of,
        });
        app.engineer().moves(id, body)
    };

    for (duplicate_of, code) in [
        (Value::Null, "required"),
        (json!(id), "circular"),
        (json!(foreign), "not_found"),
        (json!(987_654_321), "not_found"),
    ] {
        let response = reject(duplicate_of);
        assert_eq!(
            (response.status, response.errors()),
            (422, vec![format!("/duplicate_of {code}")])
        );
        assert_eq!(app.snapshot(id), before);
    }

    let closed = app.ticket("closed");
    let response = reject(json!(closed));
    assert_eq!((response.status, &response.body["duplicate"]["id"]), (200, &json!(closed)));
    assert_eq!(response.body["refusal_reason"], json!("already_registered"));
}

/// 3.4.1.4: of tickets that repeat each other one is worked on: none is rejected for a ticket that was rejected for it.
#[test]
fn c3_4_1_4_no_tickets_are_duplicates_of_each_other() {
    let app = TestApp::spawn();
    let ids = [(); 3].map(|()| app.ticket("new"));
    let reject = |id: i64, duplicate_of: i64| {
        let body = json!({
            "to": "rejected", "comment": "Уже есть.", "refusal_reason": "already_registered",
            "duplicate_of": duplicate_of,
        });
        app.engineer().moves(id, body)
    };
    reject(ids[0], ids[1]).expect(200);
    let direct = reject(ids[1], ids[0]).expect(422);
    reject(ids[1], ids[2]).expect(200);
    let through_another = reject(ids[2], ids[0]).expect(422);

    assert_eq!(direct.errors(), ["/duplicate_of circular"]);
    assert_eq!(through_another.errors(), ["/duplicate_of circular"]);
    assert_eq!(app.engineer().ticket(ids[2])["status"], "new");
}

/// 3.4, 2.5: support rejects for each of the five reasons; `duplicate_of` belongs to one of them.
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
            let refused = app.engineer().moves(id, body.clone());
            assert_eq!(refused.status, 422);
            assert_eq!(refused.errors(), ["/duplicate_of not_applicable"]);
            body["duplicate_of"] = Value::Null;
        }
        let response = app.engineer().moves(id, body);

        let result = (response.status, &response.body["status"], &response.body["refusal_reason"]);
        assert_eq!(result, (200, &json!("rejected"), &json!(reason)));
        assert_eq!(response.body["closed_at"], response.body["updated_at"]);
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

        for reason in
            ["confirmed_by_customer", "no_longer_relevant", "other", "feedback_timeout", "imported"]
        {
            let id = app.ticket("resolved");
            let comment = app.customer().remarks(id, "resolved");
            let before = app.snapshot(id);
            let close = json!({
                "to": "closed",
                "comment": "Закрываю.",
                "close_reason": reason,
                "confirmation_comment_id": comment,
            });
            let response = person.moves(id, close);

            if permitted.contains(&reason) {
                assert_eq!(
                    (response.status, &response.body["close_reason"]),
                    (200, &json!(reason))
                );
                continue;
            }
            assert_eq!(response.status, 422);
            assert_eq!(response.errors(), ["/close_reason not_one_of"]);
            assert_eq!(app.snapshot(id), before);
        }
    }
}

/// 2.5: only an admin reopens a finished ticket, with a comment; how it ended is cleared.
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
    app.engineer().moves(rejected, reject).expect(200);
    let revive = json!({ "to": "in_progress", "comment": "Закрыли по ошибке, продолжаем." });

    for id in [closed, rejected] {
        let refused =
            [app.customer(), app.engineer()].map(|it| it.moves(id, revive.clone()).status);
        let revived = app.admin().moves(id, revive.clone());

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
