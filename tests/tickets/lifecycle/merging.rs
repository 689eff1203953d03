//! 3.4.1.4: merging a ticket into the one that it repeats.

use serde_json::{Value, json};

use crate::support::{Person, TestApp, at_once, ids_only, mail_reply};

/// The last event of a ticket, in one sentence of each language.
fn sentences(person: &Person, ticket: i64) -> Vec<String> {
    let path = format!("/tickets/{ticket}/history?sort=-created_at&limit=1");
    let in_language = |it: &str| person.send("GET", &path, &[("accept-language", it)], None);
    let pages = ["ru", "kk", "en"].map(in_language);
    pages.iter().map(|it| it.items()[0]["summary"].as_str().unwrap().to_owned()).collect()
}

fn watchers(person: &Person, ticket: i64) -> Value {
    ids_only(&person.ticket(ticket)["watchers"])
}

/// 3.4.1.4: the ticket is rejected and says where it goes on; its people and its open question go along;
/// both numbers stay valid, and both histories say what happened.
#[test]
fn c3_4_1_4_a_merged_ticket_goes_on_in_the_other_one() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let (id, into) = (app.ticket("new"), app.ticket("feedback"));
    engineer.adds_watcher(id, &app.other_engineer());
    app.sql(&format!("update tickets set author_id = {} where id = {into}", app.colleague().id));
    let comment = "Это та же авария.";

    let body = json!({ "into": into, "comment": comment });
    let merged = engineer.post(&format!("/tickets/{id}/merge"), body).expect(200);

    let (ticket, target) = (customer.ticket(id), customer.ticket(into));
    assert_eq!(
        (&merged.body["status"], &merged.body["refusal_reason"]),
        (&json!("rejected"), &json!("already_registered"))
    );
    let goes_on = json!({ "id": into, "subject": target["subject"], "status": target["status"] });
    assert_eq!((&ticket["merged_into"], &ticket["duplicate"]), (&goes_on, &goes_on));
    assert_eq!(ticket["allowed_actions"]["comment"], false);
    assert_eq!(ids_only(&target["merged"]), json!([id]));
    assert_eq!(target["status"], "in_progress");
    assert_eq!(target["sla"]["response"]["state"], "running");
    assert_eq!(watchers(&customer, into), {
        let mut ids = [customer.id, app.other_engineer().id];
        ids.sort_unstable();
        json!(ids)
    });
    assert_eq!(customer.comments(id).last().unwrap()["body"], comment);
    let refused = customer.says(id, json!({ "body": "Все еще не работает." })).expect(409);
    assert_eq!((refused.code(), &refused.body["clause"]), ("ticket_merged", &json!("3.4.1.4")));
    assert_eq!(
        customer.edits(id, json!({ "steps": "Включили." })).expect(409).code(),
        "ticket_merged"
    );

    let [ru, kk, en] = sentences(&customer, id).try_into().unwrap();
    let number = format!("№{into} ");
    assert!(ru.contains("Объединена с заявкой") && ru.contains(&number), "{ru}");
    assert!(kk.contains("Біріктірілген өтінім") && kk.contains(&number), "{kk}");
    assert!(en.contains("Merged into") && en.contains(&number), "{en}");
    let [ru, kk, en] = sentences(&customer, into).try_into().unwrap();
    assert!(ru.contains("присоединена другая заявка") && ru.contains(&format!("№{id} ")), "{ru}");
    assert!(kk.contains("басқа өтінім қосылды") && en.contains("was merged into it"), "{kk} {en}");
    assert_eq!(customer.last_event(into)["type"], "ticket.merged");
    for it in [id, into] {
        assert_eq!(engineer.verifies(it)["intact"], true, "{it}");
    }
    app.wait_for_notifications();
    let told = app.colleague().get("/me/notifications").expect(200);
    assert!(told.items().iter().any(|it| it["ticket_id"] == into || it["ticket"]["id"] == into));
}

/// A chain of mergings leads to its end, as far as it stands: an admin who reopens a ticket ends its own.
#[test]
fn c3_4_1_4_a_chain_of_mergings_leads_to_its_end() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let [first, second, third] = [app.ticket("on_hold"), app.ticket("new"), app.ticket("resolved")];
    let goes_on = |id: i64| ids_only(&customer.ticket(id)["merged_into"]);

    engineer.merges(first, second).expect(200);
    engineer.merges(second, third).expect(200);

    assert_eq!(
        [goes_on(first), goes_on(second), goes_on(third)],
        [json!(third), json!(third), Value::Null]
    );
    assert_eq!(ids_only(&customer.ticket(third)["merged"]), json!([second]));
    // Nobody had answered, so support has to act on the solved one.
    assert_eq!(customer.ticket(third)["needs_action_from"], "support");
    let finished = engineer.merges(app.ticket("new"), second).expect(409);
    assert_eq!(
        (finished.code(), &finished.body["merged_into"]),
        ("target_finished", &json!(third))
    );
    assert_eq!(engineer.merges(second, first).expect(409).code(), "ticket_merged");

    app.admin().moves(second, json!({ "to": "in_progress", "comment": "Это другое." })).expect(200);
    assert_eq!([goes_on(first), goes_on(second)], [json!(second), Value::Null]);
    assert_eq!(ids_only(&customer.ticket(third)["merged"]), json!([]));
}

/// Whatever cannot be merged says why, and nothing happens.
#[test]
fn c3_4_1_4_what_cannot_be_merged_says_why() {
    let app = TestApp::spawn();
    let engineer = app.engineer();
    let (id, open) = (app.ticket("in_progress"), app.ticket("in_progress"));
    let foreign = app.foreign_ticket();
    let (closed, rejected) = (app.ticket("closed"), app.ticket("rejected"));
    let before = [app.snapshot(id), app.snapshot(open)];
    let wrong = |into: i64| engineer.merges(id, into).validation_errors();
    let refused = |id: i64, into: i64| engineer.merges(id, into).expect(409).code().to_owned();

    assert_eq!(wrong(id), ["/into circular"]);
    assert_eq!([wrong(4_000_000), wrong(foreign)], [["/into not_found"], ["/into not_found"]]);
    assert_eq!(
        [refused(id, closed), refused(id, rejected)],
        ["target_finished", "target_finished"]
    );
    assert_eq!(
        [refused(closed, open), refused(rejected, open)],
        ["ticket_closed", "ticket_closed"]
    );
    let solved = engineer.merges(app.ticket("resolved"), open).expect(409);
    assert_eq!(solved.code(), "transition_not_allowed");
    assert_eq!(solved.body["allowed"], json!(["closed", "feedback", "in_progress"]));
    let path = format!("/tickets/{id}/merge");
    let body = json!({ "into": open });
    let stale = engineer.call_with("POST", &path, &[("if-match", "\"77\"")], &body).expect(412);
    assert_eq!(stale.code(), "precondition_failed");
    let bad = engineer.post(&path, json!({ "into": "№5", "reason": "дубль" })).validation_errors();
    assert_eq!(bad, ["/into wrong_type", "/reason unknown_field"]);
    assert_eq!([app.snapshot(id), app.snapshot(open)], before);

    let is_offered = || engineer.ticket(id)["allowed_actions"]["merge"] == true;
    assert!(is_offered());
    let child = app.customer().has_filed(app.request_with(&json!({ "parent_id": id })));
    let parent = engineer.merges(id, open).expect(409);
    assert_eq!((parent.code(), &parent.body["open_children"]), ("open_children", &json!([child])));
    assert!(!is_offered());
    engineer.merges(child, id).expect(200);
    assert!(is_offered());
    engineer.merges(id, open).expect(200);
}

/// Two engineers merge two tickets into each other at the same instant: one of them is in time.
#[test]
fn c3_4_1_4_two_tickets_are_never_merged_into_each_other() {
    let app = TestApp::spawn();
    for _ in 0..10 {
        let pair = [app.ticket("new"), app.ticket("new")];
        let people = [app.engineer(), app.admin()];

        let responses = at_once(2, |it| people[it].merges(pair[it], pair[1 - it]));

        let late = responses.iter().find(|it| it.status != 200).expect("one is late");
        assert_eq!((late.status, late.code()), (409, "target_finished"), "{}", late.text);
        let open = pair.iter().filter(|it| app.engineer().ticket(**it)["status"] == "new").count();
        assert_eq!(open, 1);
        pair.iter().for_each(|it| assert_eq!(app.engineer().verifies(*it)["intact"], true));
    }
}

/// Section 6: whoever does not see the other project neither begins to watch there nor learns of it.
#[test]
fn s6_nobody_learns_of_a_project_by_a_merging() {
    let app = TestApp::spawn();
    let (colleague, engineer) = (app.colleague(), app.engineer());
    let id = app.ticket("in_progress");
    app.customer().adds_watcher(id, &colleague);
    app.commercial().narrows(&colleague, app.ids.project);
    let wifi = json!({ "project_id": app.ids.wifi_project, "product_id": app.ids.wifi_product });
    let into = app.customer().has_filed(app.request_with(&wifi));

    engineer.merges(id, into).expect(200);

    assert_eq!(watchers(&engineer, into), json!([]));
    assert_eq!(ids_only(&app.customer().ticket(id)["merged_into"]), json!(into));
    let ticket = colleague.ticket(id);
    assert_eq!((&ticket["merged_into"], &ticket["duplicate"]), (&Value::Null, &Value::Null));
    assert!(!colleague.last_event(id).to_string().contains(&format!("№{into}")));
    assert_eq!(
        colleague.says(id, json!({ "body": "Есть новости." })).expect(409).code(),
        "ticket_merged"
    );
}

/// Section 7: a mail to the merged ticket arrives where it goes on.
#[test]
fn s7_a_mail_to_a_merged_ticket_arrives_in_the_other_one() {
    let app = TestApp::with_inbound_mail();
    let (id, into) = (app.ticket("in_progress"), app.ticket("feedback"));
    let to = app.mail_saying(&app.customer(), &format!("№{id}")).reply_address();
    app.engineer().merges(id, into).expect(200);
    let before = app.customer().comments(id).len();

    let mail = mail_reply(&app.customer(), &to, "a1", "Журнал: RTP приходит на 10.0.3.15.");
    assert_eq!([app.deliver(&mail), app.deliver(&mail)], [Some(0); 2]);

    assert_eq!(app.customer().comments(id).len(), before);
    let comments = app.customer().comments(into);
    assert_eq!(comments.last().unwrap()["body"], "Журнал: RTP приходит на 10.0.3.15.");
    assert_eq!(app.inbound_mails(), ["used"]);
}
