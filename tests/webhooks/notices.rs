//! Section 10 of the contract: who is told that the service disabled a webhook.

use serde_json::{Value, json};

use crate::support::{Mail, Manner, Person, Receiver, TestApp, wait_until};
use crate::webhooks::deliveries::{hook, last};
use crate::webhooks::subscriptions::reaching;

/// The webhooks that somebody is told of, the latest first, once there are so many.
fn told(person: &Person, count: usize) -> Vec<i64> {
    let mut told = Vec::new();
    wait_until(&format!("{} is told of {count} webhooks", person.email), || {
        let inbox = person.get("/me/notifications?limit=100").expect(200);
        let of_webhooks = inbox.items().iter().filter(|it| it["kind"] == "webhook_disabled");
        told = of_webhooks.map(|it| it["webhook_id"].as_i64().unwrap()).collect();
        told.len() >= count
    });
    told
}

fn mails(app: &TestApp, person: &Person, count: usize) -> Vec<Mail> {
    let mut found = Vec::new();
    wait_until(&format!("{} has {count} mails", person.email), || {
        found = app.mails(0);
        found.retain(|it| it.to == person.email && it.subject.starts_with("Вебхук отключен: "));
        found.len() >= count
    });
    found
}

fn id(path: &str) -> i64 {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// Section 10: the customer who made it is told of a company's webhook, the admins of the staff's
/// and of one whose owner left; in the inbox and by mail, each time, and nobody else.
#[test]
fn s10_whoever_answers_for_a_webhook_is_told_that_it_is_disabled() {
    let app = reaching();
    let (customer, colleague, admin) = (app.customer(), app.colleague(), app.admin());
    let gone = Receiver::that(Manner::Answers(410, ""));
    let failing = Receiver::that(Manner::Answers(500, ""));
    let (by_customer, by_admin) = (hook(&customer, &gone), hook(&admin, &failing));
    let orphan = hook(&colleague, &failing);
    let path = format!("/users/{}/deactivate", colleague.id);
    admin.post(&path, json!({})).expect(204);

    app.ticket("new");
    last(&admin, &by_admin, |it| it["attempts"] == 1);
    assert_eq!(told(&customer, 1), [id(&by_customer)]);
    assert_eq!(told(&admin, 1), [id(&orphan)]);
    app.sql("update webhooks set failing_since = now() - interval '5 days' where is_active");
    app.sql("update webhook_deliveries set due_at = now()");

    assert_eq!(told(&admin, 2), [id(&by_admin), id(&orphan)]);
    let [mail] = &mails(&app, &customer, 1)[..] else { panic!("one mail") };
    assert_eq!(mail.subject, format!("Вебхук отключен: {}", gone.url()));
    for text in [&mail.body, &mail.html.replace("&#x2f;", "/")] {
        assert!(text.contains("Приемник ответил 410"), "{text}");
        assert!(text.contains(&format!("PATCH /api/v1{by_customer}")), "{text}");
        assert!(text.contains("отвечаете за вебхук"), "{text}");
    }
    let of_admin = mails(&app, &admin, 2);
    let says = |words: &str| of_admin.iter().filter(|it| it.body.contains(words)).count();
    assert_eq!(["Пять дней подряд", "владелец ушел"].map(says), [1, 1]);
    assert_eq!(told(&app.stranger(), 0), Vec::<i64>::new());

    // Switched on again and disabled again, it is told again.
    customer.patch(&by_customer, json!({ "is_active": true })).expect(200);
    app.ticket("new");
    assert_eq!(told(&customer, 2), [id(&by_customer); 2]);
    assert_eq!(mails(&app, &customer, 2).len(), 2);
    customer.delete(&by_customer).expect(204);
    assert_eq!(told(&customer, 0), Vec::<i64>::new());
}

/// Section 7: an item names the webhook and nothing else; it comes on the ways that one chose.
#[test]
fn s7_a_notice_of_a_webhook_comes_as_its_owner_chose() {
    let app = reaching();
    let customer = app.customer();
    let chosen = json!({ "webhook_disabled": { "email": false, "inbox": true } });
    customer.put("/me/notification-settings", chosen).expect(200);
    let path = hook(&customer, &Receiver::that(Manner::Answers(410, "")));

    app.ticket("new");
    told(&customer, 1);

    let inbox = customer.get("/me/notifications").expect(200);
    let item = &inbox.items()[0];
    assert_eq!(item["webhook_id"], id(&path));
    for other in ["actor", "ticket", "event_id", "comment_id", "refusal_id", "read_at"] {
        assert_eq!(item[other], Value::Null, "{other}");
    }
    let mails = format!("select id from mails where user_id = {}", customer.id);
    assert_eq!(app.read(&mails).len(), 1, "the invitation alone");
}
