//! Section 10 of the contract: who is notified that the service disabled a webhook.

use serde_json::{Value, json};

use crate::support::{Behaviour, Mail, Person, Receiver, TestApp, last_delivery, wait_for};

/// The webhooks of whose end somebody is notified, the latest first, once there are `count`.
fn notified(person: &Person, count: usize) -> Vec<i64> {
    wait_for(&format!("{} is notified of {count} webhooks", person.email), || {
        let inbox = person.notifications();
        let of_webhooks = inbox.iter().filter(|it| it["kind"] == "webhook_disabled");
        let found: Vec<i64> = of_webhooks.map(|it| it["webhook"]["id"].as_i64().unwrap()).collect();
        (found.len() >= count).then_some(found)
    })
}

fn mails(app: &TestApp, person: &Person, count: usize) -> Vec<Mail> {
    wait_for(&format!("{} has {count} mails", person.email), || {
        let mut found = app.mails_to(&person.email, 0);
        found.retain(|it| it.subject.starts_with("Вебхук отключен: "));
        (found.len() >= count).then_some(found)
    })
}

fn id(path: &str) -> i64 {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// Section 10: of a company's webhook the customer who made it is notified, of the staff's and of
/// one whose owner left the admins; in the inbox and by mail, each time, and nobody else is.
#[test]
fn s10_the_owner_is_notified_of_a_disabled_webhook() {
    let app = TestApp::with_local_receivers();
    let (customer, colleague, admin) = (app.customer(), app.colleague(), app.admin());
    let gone = Receiver::with(Behaviour::Answers(410, ""));
    let failing = Receiver::with(Behaviour::Answers(500, ""));
    let (by_customer, by_admin) = (customer.webhook_for(&gone), admin.webhook_for(&failing));
    let orphan = colleague.webhook_for(&failing);
    admin.deactivates(&colleague);

    app.ticket("new");
    last_delivery(&admin, &by_admin, |it| it["attempts"] == 1);
    assert_eq!(notified(&customer, 1), [id(&by_customer)]);
    assert_eq!(notified(&admin, 1), [id(&orphan)]);
    app.sql("update webhooks set failing_since = now() - interval '5 days' where is_active");
    app.sql("update webhook_deliveries set due_at = now()");

    assert_eq!(notified(&admin, 2), [id(&by_admin), id(&orphan)]);
    let [mail] = &mails(&app, &customer, 1)[..] else { panic!("one mail") };
    assert_eq!(mail.subject, format!("Вебхук отключен: {}", gone.url()));
    for text in [&mail.body, &mail.html.replace("&#x2f;", "/")] {
        assert!(text.contains("сообщения ему больше не нужны"), "{text}");
        assert!(text.contains(&format!("(номер {})", id(&by_customer))), "{text}");
        assert!(text.contains("отвечаете за вебхук"), "{text}");
    }
    let of_admin = mails(&app, &admin, 2);
    let says = |words: &str| of_admin.iter().filter(|it| it.body.contains(words)).count();
    assert_eq!(["Пять дней подряд", "владелец ушел"].map(says), [1, 1]);
    assert_eq!(notified(&app.stranger(), 0), Vec::<i64>::new());

    // Switched on and disabled again, it is announced again.
    customer.patch(&by_customer, json!({ "is_active": true })).expect(200);
    app.ticket("new");
    assert_eq!(notified(&customer, 2), [id(&by_customer); 2]);
    assert_eq!(mails(&app, &customer, 2).len(), 2);
    customer.delete(&by_customer).expect(204);
    assert_eq!(notified(&customer, 0), Vec::<i64>::new());
}

/// Section 7: the notification names the webhook alone, and comes through the chosen channels.
#[test]
fn s7_a_notice_of_a_webhook_comes_as_its_owner_chose() {
    let app = TestApp::with_local_receivers();
    let customer = app.customer();
    let chosen = json!({ "webhook_disabled": { "email": false, "inbox": true } });
    customer.put("/me/notification-settings", chosen).expect(200);
    let path = customer.webhook_for(&Receiver::with(Behaviour::Answers(410, "")));

    app.ticket("new");
    notified(&customer, 1);

    let item = &customer.notifications()[0];
    assert_eq!(item["webhook"]["id"], id(&path));
    for other in ["ticket", "event_id", "comment_id", "refusal", "read_at"] {
        assert_eq!(item[other], Value::Null, "{other}");
    }
    let mails = format!("select from mails where user_id = {}", customer.id);
    assert_eq!(app.count(&mails), 2, "the invitation and the receipt alone");
}
