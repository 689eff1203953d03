//! `GET /jobs`: what is running, what waits and what has failed (section 11 of the contract).

use serde_json::{Value, json};

use crate::support::{
    Behaviour, MailServer, Person, Receiver, Server, TestApp, wait_for, wait_until,
};

/// A job as it is listed, once it is as expected.
fn job(reader: &Person, name: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    wait_for(&format!("{name} is as expected"), || {
        let listed = reader.get("/jobs").expect(200);
        let job = listed.items().iter().find(|it| it["name"] == name).unwrap();
        is_so(job).then(|| job.clone())
    })
}

/// Every job is listed with what it does, in the reader's language, and a process attends to it.
#[test]
fn s11_an_admin_sees_every_job() {
    let app = TestApp::spawn();
    let admin = app.admin();
    app.ticket("feedback");
    app.wait_for_notifications();
    for name in ["mail", "webhooks", "feedback_timeout", "deadlines", "orphans", "ended_access"] {
        job(&admin, name, |it| it["is_attended"] == true);
    }

    let notifying = job(&admin, "notifications", |it| !it["last_worked_at"].is_null());
    let listed = admin.get("/jobs").expect(200);
    let english = admin.send("GET", "/jobs", &[("accept-language", "en")], None).expect(200);

    let names: Vec<&Value> = listed.items().iter().map(|it| &it["name"]).collect();
    assert_eq!(names.len(), 28, "{names:?}");
    assert_eq!((&notifying["failures"], &notifying["waiting"]), (&json!(0), &json!(0)));
    assert_eq!((&notifying["last_failed_at"], &notifying["dead"]), (&Value::Null, &Value::Null));
    assert_eq!(listed.items()[0]["does"], "Отправляет ожидающие письма.");
    assert_eq!(english.items()[0]["does"], "Sends pending mail.");
}

/// Waiting and undeliverable mail is counted; mail that is not to be sent any more is neither.
#[test]
fn s11_mail_that_waits_or_is_dead_is_counted() {
    let post = MailServer::stopped();
    let app = TestApp::spawn_with(&[("HELPDESK_SMTP_URL", &post.url())]);
    let (admin, customer, colleague) = (app.admin(), app.customer(), app.colleague());
    post.respond(&customer.email, "550 no such mailbox");
    let id = app.watched_ticket(&[&colleague]);
    app.engineer().takes(id);
    app.wait_for_notifications();

    let waiting = job(&admin, "mail", |it| it["waiting"] == 4);
    let quiet = json!({ "ticket_created": { "email": false, "inbox": true } });
    colleague.put("/me/notification-settings", quiet).expect(200);
    // One that is on its way was composed before; it is leased for a quarter of an hour.
    let lent = "select from mails where sent_at is null and dead_at is null \
        and due_at > now() + interval '5 minutes'";
    wait_until("no mail is on its way", || app.count(lent) == 0);
    post.start();
    let sent = job(&admin, "mail", |it| it["waiting"] == 0);

    assert_eq!(waiting["dead"], 0);
    // The receipt, and that the ticket was taken.
    assert_eq!(sent["dead"], 2);
    assert_eq!(post.received().len(), 1);
    assert!(!sent["last_worked_at"].is_null());
}

/// Waiting and abandoned webhook messages are counted; a job at work shows until its process is
/// killed.
#[test]
fn s11_a_running_job_shows_until_it_ends() {
    let mut app = TestApp::with_local_receivers();
    let (admin, receiver) = (app.admin(), Receiver::with(Behaviour::IsSilent));
    admin.subscribes(&receiver);

    app.ticket("new");
    receiver.messages(1);
    let at_work = job(&admin, "webhooks", |it| !it["running_since"].is_null());
    app.server.kill();
    app.sql("update webhook_deliveries set state = 'failed'");
    app.server = Server::start(&app.database_url(), &[]);
    let given_up = job(&app.admin(), "webhooks", |it| it["running_since"].is_null());

    assert_eq!((&at_work["waiting"], &at_work["dead"]), (&json!(1), &json!(0)));
    assert_eq!((&given_up["waiting"], &given_up["dead"]), (&json!(0), &json!(1)));
}

/// A failing job says with what error it fails and how often, until it succeeds again.
#[test]
fn s11_a_job_that_fails_says_so() {
    let app = TestApp::spawn();
    let admin = app.admin();
    app.sql(
        "create function is_broken() returns trigger language plpgsql as
            $$ begin raise exception 'the disk is full'; end $$;
         create trigger breaks before update on event_consumers
            for each statement execute function is_broken()",
    );

    app.ticket("new");
    let broken = job(&admin, "notifications", |it| it["failures"].as_i64() > Some(0));
    app.sql("drop trigger breaks on event_consumers");
    let mended = job(&admin, "notifications", |it| it["failures"] == 0);

    assert!(broken["last_error"].as_str().unwrap().contains("the disk is full"), "{broken}");
    assert_eq!(broken["waiting"], 1);
    assert_eq!(mended["waiting"], 0);
    assert!(!mended["last_failed_at"].is_null() && !mended["last_worked_at"].is_null());
}

/// However much waits, the list takes one statement and stops counting at a thousand.
#[test]
fn s11_the_list_costs_one_statement() {
    let app = TestApp::spawn();
    let admin = app.admin();
    app.sql(
        "insert into mails (kind, user_id, due_at, created_at)
         select 'password_changed', min(id), now() + interval '1 day', now()
         from users, generate_series(1, 1500) as it group by it",
    );

    let before = app.statements();
    let listed = admin.get("/jobs").expect(200).body;

    // The caller, and the list.
    assert_eq!(app.statements() - before, 2);
    assert_eq!(listed["items"][0]["waiting"], 1000);
}
