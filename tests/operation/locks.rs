//! The order in which rows are locked: of two requests that want the same ones, one comes after the
//! other (RS07).

use std::thread;

use diesel::connection::SimpleConnection as _;
use serde_json::json;

use crate::support::{Behaviour, PASSWORD, Receiver, Server, TestApp, last_delivery, wait_until};

/// Whether a transaction has locked the row that a query of ids finds.
fn is_locked(app: &TestApp, query: &str) -> bool {
    assert_eq!(app.count(query), 1, "{query}");
    app.rows::<String>(&format!("{query} for no key update skip locked")).is_empty()
}

/// RS07: files are locked in one order, whatever order they are named in.
#[test]
fn sec_rs07_files_are_locked_in_one_order() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let ticket = app.ticket("feedback");
    for name in ["one.txt", "two.txt"] {
        customer.uploaded(name, name.as_bytes());
    }
    let [first, second]: [String; 2] =
        app.rows::<String>("select id from uploads order by id").try_into().unwrap();
    let file = |id: &str| json!({ "upload_id": id, "description": "Журнал" });
    let body = json!({ "body": "Прилагаю.", "attachments": [file(&second), file(&first)] });

    let lock = app.lock(&format!("select from uploads where id = '{second}' for update"));
    thread::scope(|scope| {
        let sent = scope.spawn(|| customer.says(ticket, body).status);
        app.wait_for_a_lock();
        let is_first_locked =
            is_locked(&app, &format!("select id from uploads where id = '{first}'"));
        drop(lock);
        assert_eq!(sent.join().unwrap(), 201);
        assert!(is_first_locked);
    });
}

/// RS07: a delivery's outcome is recorded at its webhook first, which redelivering locks
/// first, too.
#[test]
fn sec_rs07_a_webhook_is_locked_before_its_deliveries() {
    let app = TestApp::with_local_receivers();
    let admin = app.admin();
    let path = admin.webhook_for(&Receiver::down(Behaviour::IsSilent));
    admin.call("POST", &format!("{path}/test"), None);
    last_delivery(&admin, &path, |it| it["attempts"].as_i64() > Some(0));
    // The next attempt is the last one before the webhook is disabled.
    app.sql(
        "update webhooks set failing_since = now() - interval '30 days',
                             busy_until = now() + interval '2 seconds';
         update webhook_deliveries set due_at = now()",
    );

    let lock = app.lock("select from webhook_deliveries for update");
    app.wait_for_a_lock();
    let is_webhook_locked = is_locked(&app, "select id::text from webhooks");
    drop(lock);

    assert!(is_webhook_locked);
    wait_until("the webhook is disabled", || {
        admin.get(&path).expect(200).body["disabled_reason"] == "failing"
    });
}

/// RS07: whoever revives a ticket that got a parent meanwhile lets it go, and locks the parent first.
#[test]
fn sec_rs07_a_parent_is_locked_before_its_child() {
    let app = TestApp::spawn();
    let (parent, child) = (app.ticket("in_progress"), app.ticket("closed"));

    let mut moved =
        app.lock(&format!("update tickets set parent_id = {parent} where id = {child}"));
    let lock = app.lock(&format!("select from tickets where id = {parent} for no key update"));
    thread::scope(|scope| {
        let body = json!({ "to": "in_progress", "comment": "Закрыта по ошибке." });
        let revived = scope.spawn(|| app.admin().moves(child, body).status);
        app.wait_for_a_lock();
        moved.batch_execute("commit").unwrap();
        // Jobs may wait for the parent, too: they update it. Of a long statement only the beginning is known.
        let waiting = "select from pg_stat_activity as waiter \
            join pg_stat_activity as holder on holder.pid = any(pg_blocking_pids(waiter.pid)) \
            where waiter.datname = current_database() and waiter.query like 'SELECT%' \
                and holder.query like '%for no key update'";
        wait_until("the parent is waited for", || app.count(waiting) > 0);
        let is_child_locked =
            is_locked(&app, &format!("select id::text from tickets where id = {child}"));
        drop(lock);
        assert_eq!(revived.join().unwrap(), 200);
        assert!(!is_child_locked);
    });
}

/// RS07: nobody who is being deactivated gets a ticket: the assignment waits, and is refused.
#[test]
fn sec_rs07_nobody_who_is_being_deactivated_gets_a_ticket() {
    let app = TestApp::spawn();
    let (engineer, admin, customer) = (app.engineer(), app.admin(), app.customer());
    let (assigned, taken) = (app.ticket("new"), app.ticket("new"));
    let filed = app.request_with(&json!({ "assignee_id": engineer.id }));
    let leaves = format!("update users set is_active = false where id = {}", engineer.id);
    let assignment = json!({ "assignee_id": engineer.id });

    let mut leaving = app.lock(&leaves);
    let statuses = thread::scope(|scope| {
        let assigns =
            scope.spawn(|| admin.put(&format!("/tickets/{assigned}/assignee"), assignment).status);
        let takes = scope.spawn(|| engineer.moves(taken, json!({ "to": "in_progress" })).status);
        let files = scope.spawn(|| customer.files(filed).status);
        app.wait_for_locks(3);
        leaving.batch_execute("commit").unwrap();
        [assigns, takes, files].map(|it| it.join().unwrap())
    });

    assert_eq!(statuses, [422, 503, 422]);
    assert_eq!(app.count(&format!("select from tickets where assignee_id = {}", engineer.id)), 0);
}

/// RS07: whoever leaves is locked after their tickets, and whoever gets a ticket after its parent: both as
/// an assignment does it, so that no circle closes.
#[test]
fn sec_rs07_tickets_are_locked_before_people() {
    let app = TestApp::spawn();
    let (engineer, admin, customer) = (app.engineer(), app.admin(), app.customer());
    let ticket = app.ticket("in_progress");
    let filed = app.request_with(&json!({ "parent_id": ticket, "assignee_id": engineer.id }));
    let user = format!("/users/{}", engineer.id);
    let waits_for_the_ticket = |send: &(dyn Fn() -> u16 + Sync)| {
        let lock = app.lock(&format!("select from tickets where id = {ticket} for no key update"));
        thread::scope(|scope| {
            let sent = scope.spawn(send);
            app.wait_for_a_lock();
            let person = format!("select id::text from users where id = {}", engineer.id);
            let is_person_locked = is_locked(&app, &person);
            drop(lock);
            (sent.join().unwrap(), is_person_locked)
        })
    };

    let away = json!({ "until": null });
    let commercial = json!({ "role": "commercial" });
    assert_eq!(waits_for_the_ticket(&|| customer.files(filed.clone()).status), (201, false));
    let absent = || engineer.put(&format!("{user}/absence"), away.clone()).status;
    assert_eq!(waits_for_the_ticket(&absent), (200, false));
    admin.assigns(ticket, &engineer).expect(200);
    let moves = || admin.patch(&user, commercial.clone()).status;
    assert_eq!(waits_for_the_ticket(&moves), (200, false));
    admin.patch(&user, json!({ "role": "engineer" })).expect(200);
    app.sql(&format!("update tickets set assignee_id = {} where id = {ticket}", engineer.id));
    let leaves = || admin.post(&format!("{user}/deactivate"), json!({})).status;
    assert_eq!(waits_for_the_ticket(&leaves), (204, false));
    assert_eq!(app.count("select from tickets where assignee_id is not null"), 0);
}

/// RS07: a ticket assigned to somebody while theirs are locked is handed over, too.
#[test]
fn sec_rs07_what_comes_meanwhile_is_handed_over() {
    let app = TestApp::spawn();
    let (engineer, admin) = (app.engineer(), app.admin());
    let (old, new) = (app.ticket("in_progress"), app.ticket("new"));

    let lock = app.lock(&format!("select from tickets where id = {old} for no key update"));
    let status = thread::scope(|scope| {
        let leaves = format!("/users/{}/deactivate", engineer.id);
        let admin = &admin;
        let left = scope.spawn(move || admin.post(&leaves, json!({})).status);
        app.wait_for_a_lock();
        admin.assigns(new, &engineer).expect(200);
        drop(lock);
        left.join().unwrap()
    });

    assert_eq!(status, 204);
    assert_eq!(app.count(&format!("select from tickets where assignee_id = {}", engineer.id)), 0);
}

/// RS07: cleaning up skips locked rows.
#[test]
fn sec_rs07_purging_skips_locked_rows() {
    let app = TestApp::spawn();
    let customer = app.customer();
    for _ in 0..2 {
        app.sign_in(&customer.email, PASSWORD).expect(200);
    }
    let dead = format!("from sessions where user_id = {}", customer.id);
    app.sql(&format!(
        "delete from refresh_tokens where session_id in (select id {dead});
         update sessions set last_used_at = now() - interval '3 days' where user_id = {0}",
        customer.id,
    ));
    let all = app.count(&format!("select id {dead}"));
    let locked = app.value::<i64>(&format!("select max(id) {dead}"));

    let _lock = app.lock(&format!("select from sessions where id = {locked} for update"));
    let _second = Server::start(&app.database_url(), &[]);

    assert!(all > 1, "{all}");
    wait_until("the others are gone", || app.rows::<i64>(&format!("select id {dead}")) == [locked]);
}
