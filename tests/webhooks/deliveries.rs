//! Deliveries: receivers that are down, slow, redirecting or gone, and redelivery.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Behaviour, Receiver, Server, TestApp, last_delivery, wait_until};

/// OU06: receivers that are silent, drip, redirect, fail, are down or gone delay no other: a
/// healthy one has everything while each of them is still at its first message.
#[test]
fn sec_ou06_no_receiver_delays_another() {
    let app = TestApp::with_local_receivers();
    let healthy = Receiver::with(Behaviour::Answers(200, ""));
    let others = [
        Receiver::with(Behaviour::IsSilent),
        Receiver::with(Behaviour::IsSilent),
        Receiver::with(Behaviour::Drips),
        Receiver::with(Behaviour::Answers(302, "location: http://127.0.0.1:1/\r\n")),
        Receiver::with(Behaviour::Answers(500, "")),
        Receiver::down(Behaviour::IsSilent),
        Receiver::with(Behaviour::Answers(410, "")),
    ];
    let admin = app.admin();
    let paths = others.iter().map(|it| admin.webhook_for(it)).collect::<Vec<_>>();
    admin.webhook_for(&healthy);

    for _ in 0..5 {
        app.ticket("feedback");
    }
    let received = healthy.messages(15);

    let mut numbers: Vec<&Value> = received.iter().map(|it| &it.body["data"]["id"]).collect();
    numbers.sort_by_key(|it| it.as_i64());
    numbers.dedup();
    assert_eq!(numbers.len(), 15);
    for silent in &others[..3] {
        assert!(silent.messages(0).len() <= 1);
    }
    let redirected = last_delivery(&admin, &paths[3], |it| it["attempts"].as_i64() > Some(0));
    assert_eq!(
        (&redirected["response_status"], &redirected["error"]),
        (&json!(302), &json!("status"))
    );
    wait_until("the one that is gone is disabled", || {
        admin.get(&paths[6]).expect(200).body["disabled_reason"] == "gone"
    });
    assert_eq!(others[6].messages(1).len(), 1);
    let refused = last_delivery(&admin, &paths[5], |it| it["attempts"].as_i64() > Some(0));
    assert_eq!(
        (&refused["response_status"], &refused["error"]),
        (&Value::Null, &json!("connection"))
    );
}

/// OU05: no receiver is waited for longer than fifteen seconds, whether it says nothing or drips.
#[test]
fn sec_ou05_a_receiver_has_fifteen_seconds() {
    let app = TestApp::with_local_receivers();
    let admin = app.admin();
    let slow = [Behaviour::IsSilent, Behaviour::Drips].map(Receiver::with);
    let started = Instant::now();

    for path in slow.iter().map(|it| admin.webhook_for(it)).collect::<Vec<_>>() {
        admin.call("POST", &format!("{path}/test"), None);
        let tried = last_delivery(&admin, &path, |it| {
            it["attempts"] == 1 && (!it["error"].is_null() || it["state"] == "delivered")
        });
        assert!([&json!("timeout"), &Value::Null].contains(&&tried["error"]), "{tried}");
    }

    assert!(started.elapsed() < Duration::from_secs(40), "{:?}", started.elapsed());
}

/// OU05: a message that was not accepted comes again, the same but for its time; only admins see
/// what the receiver said.
#[test]
fn sec_ou05_a_message_is_repeated_until_it_is_taken() {
    let app = TestApp::with_local_receivers();
    let receiver = Receiver::with(Behaviour::Answers(503, "retry-after: 7200\r\n"));
    let (customer, admin) = (app.customer(), app.admin());
    let path = customer.webhook_for(&receiver);
    let ticket = app.ticket("new");

    let waiting = last_delivery(&customer, &path, |it| it["attempts"] == 1);
    let by_admin = last_delivery(&admin, &path, |_| true);
    let pause = "select due_at - attempted_at between '120 minutes' and '121 minutes' \
        from webhook_deliveries";
    assert!(app.value::<bool>(pause));
    receiver.now(Behaviour::Answers(200, ""));
    app.sql("update webhook_deliveries set due_at = now()");
    let taken = last_delivery(&customer, &path, |it| it["state"] == "delivered");

    let [first, second] = receiver.messages(2).try_into().unwrap();
    assert_eq!(first.text, second.text);
    assert_eq!(first.headers["webhook-id"], second.headers["webhook-id"]);
    assert_eq!(first.headers["webhook-id"], taken["message_id"]);
    assert_eq!(first.body["data"]["ticket_id"], ticket);
    assert_eq!((&waiting["state"], &waiting["response_body"]), (&json!("pending"), &Value::Null));
    assert_eq!(by_admin["response_body"], "thanks");
    assert_eq!((&taken["attempts"], &taken["next_attempt_at"]), (&json!(2), &Value::Null));
    assert_eq!((&taken["response_status"], &taken["error"]), (&json!(200), &Value::Null));
    let page = customer.get(&format!("{path}/deliveries?state=failed")).expect(200);
    assert!(page.items().is_empty());
}

/// A webhook is disabled by 410 at once, by five days of failures, and when its owner leaves;
/// switched on again, it gets messages again.
#[test]
fn a_webhook_that_is_not_wanted_is_disabled() {
    let app = TestApp::with_local_receivers();
    let gone = Receiver::with(Behaviour::Answers(410, ""));
    let failing = Receiver::with(Behaviour::Answers(500, ""));
    let left = Receiver::with(Behaviour::Answers(200, ""));
    let (customer, admin) = (app.customer(), app.admin());
    let (gone_path, failing_path) = (customer.webhook_for(&gone), admin.webhook_for(&failing));
    let left_path = app.colleague().webhook_for(&left);
    let reason = |path: &str, expected: &str| {
        wait_until(expected, || {
            let webhook = admin.get(path).expect(200).body;
            webhook["is_active"] == false && webhook["disabled_reason"] == *expected
        });
    };

    admin.deactivates(&app.colleague());
    app.ticket("new");
    reason(&gone_path, "gone");
    reason(&left_path, "owner_left");
    last_delivery(&admin, &failing_path, |it| it["attempts"] == 1);
    app.sql("update webhooks set failing_since = now() - interval '5 days' where is_active");
    app.sql("update webhook_deliveries set due_at = now()");
    reason(&failing_path, "failing");

    assert!(left.messages(0).is_empty());
    gone.now(Behaviour::Answers(200, ""));
    let on = customer.patch(&gone_path, json!({ "is_active": true })).expect(200);
    assert_eq!(
        (&on.body["disabled_reason"], &on.body["failing_since"]),
        (&Value::Null, &Value::Null)
    );
    app.ticket("new");
    last_delivery(&customer, &gone_path, |it| it["state"] == "delivered");
}

/// One message, or all of a period, can be redelivered: accepted ones, abandoned ones, and events
/// from before there was the webhook.
#[test]
fn messages_are_redelivered() {
    let app = TestApp::with_local_receivers();
    let receiver = Receiver::with(Behaviour::Answers(200, ""));
    let customer = app.customer();
    app.ticket("feedback");
    let path = customer.webhook_for(&receiver);
    let later = app.ticket("new");
    let delivery = last_delivery(&customer, &path, |it| it["state"] == "delivered");

    let again = format!("{path}/deliveries/{}/redeliver", delivery["id"]);
    customer.post(&again, json!({})).expect(200);
    let twice = receiver.messages(2);
    let span = json!({ "from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z" });
    let queued = customer.post(&format!("{path}/redeliver"), span).expect(200).body;
    let all = receiver.messages(6);

    assert_eq!(twice[0].headers["webhook-id"], twice[1].headers["webhook-id"]);
    assert_eq!((&queued["queued"], &queued["next_from"]), (&json!(4), &Value::Null));
    let mut tickets: Vec<&Value> =
        all[2..].iter().map(|it| &it.body["data"]["ticket_id"]).collect();
    tickets.retain(|it| **it != later);
    assert_eq!(tickets.len(), 3);
    let none = json!({ "from": "2020-01-01T00:00:00Z", "to": "2020-01-01T00:00:00Z" });
    let refused = customer.post(&format!("{path}/redeliver"), none).expect(422);
    assert_eq!(refused.errors(), ["/to wrong_format"]);
    let stranger = app.stranger().webhook_for(&receiver);
    let foreign = format!("{stranger}/deliveries/{}/redeliver", delivery["id"]);
    app.stranger().post(&foreign, json!({})).expect(404);
}

/// SV04: a message that a killed process was sending is sent by another one; otherwise no event is
/// delivered twice, however many processes there are.
#[test]
fn sec_sv04_two_processes_deliver_each_event_once() {
    let mut app = TestApp::with_local_receivers();
    let private = [("HELPDESK_WEBHOOK_ALLOW_PRIVATE", "true")];
    let _second = Server::start(&app.database_url(), &private);
    let receivers = [(); 3].map(|()| Receiver::with(Behaviour::Answers(200, "")));
    let slow = Receiver::with(Behaviour::IsSilent);
    let admin = app.admin();
    receivers.iter().for_each(|it| drop(admin.webhook_for(it)));

    for _ in 0..5 {
        app.ticket("feedback");
    }

    for receiver in &receivers {
        let received = receiver.messages(15);
        let mut ids: Vec<&str> =
            received.iter().map(|it| it.headers["webhook-id"].as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((received.len(), ids.len()), (15, 15));
    }
    admin.webhook_for(&slow);
    app.ticket("new");
    slow.messages(1);
    app.server.kill();
    slow.now(Behaviour::Answers(200, ""));
    app.sql("update webhooks set busy_until = now()");
    let received = slow.messages(2);
    assert_eq!(received[0].headers["webhook-id"], received[1].headers["webhook-id"]);
}
