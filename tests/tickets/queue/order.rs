//! The queue: its order, and who takes what (2.4, advantage 3).

use std::collections::HashMap;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Person, TestApp, at_once, friday};

fn file(app: &TestApp, priority: &str) -> i64 {
    app.customer().has_filed(app.request_with(&json!({ "priority": priority })))
}

fn queue(person: &Person, query: &str) -> Vec<Value> {
    person.get(&format!("/queue{query}")).expect(200).items().to_vec()
}

fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(|it| it["ticket"]["id"].as_i64().unwrap()).collect()
}

/// 2.4: urgency counts, creation decides among equals; each place comes with its reason.
#[test]
fn c2_4_the_queue_is_in_the_order_of_rank() {
    let app = TestApp::spawn();
    let [low, medium, critical, high] =
        ["low", "medium", "critical", "high"].map(|it| file(&app, it));
    app.ticket("feedback");

    let items = queue(&app.engineer(), "");

    assert_eq!(ids(&items), [critical, high, medium, low]);
    let reason = &items[0]["reason"];
    assert_eq!(
        (&reason["clock"], &reason["head_start_minutes"]),
        (&json!("acceptance"), &json!(1080))
    );
    let ranks: Vec<&str> = items.iter().map(|it| it["reason"]["rank"].as_str().unwrap()).collect();
    assert!(ranks.is_sorted());
    let wifi = queue(&app.engineer(), &format!("?direction_id={}", app.ids.wifi));
    assert!(wifi.is_empty());
    let first = app.engineer().get("/queue?limit=3").expect(200);
    let cursor = first.word("next_cursor");
    assert_eq!(ids(&queue(&app.engineer(), &format!("?limit=3&cursor={cursor}"))), [low]);
}

/// 2.4: whoever asks gets the first ticket of their own directions and becomes its assignee.
#[test]
fn c2_4_the_next_ticket_becomes_the_callers() {
    let app = TestApp::spawn();
    let (engineer, other) = (app.engineer(), app.other_engineer());
    let low = file(&app, "low");
    let high = file(&app, "high");

    let taken = engineer.takes_next().expect(200).body;

    assert_eq!((&taken["id"], &taken["status"]), (&json!(high), &json!("in_progress")));
    assert_eq!(taken["assignee"]["id"], engineer.id);
    assert_eq!(taken["sla"]["acceptance"]["state"], "met");
    assert_eq!(app.admin().last_event(high)["cause"], "queue");
    // The other engineer works for Wi-Fi alone, and the admin for no direction.
    other.takes_next().expect(204);
    app.admin().takes_next().expect(204);
    // Assigned tickets are not taken away, but the caller may take their own.
    app.admin().assigns(low, &engineer);
    assert_eq!(engineer.takes_next().expect(200).body["id"], low);
    engineer.takes_next().expect(204);
}

/// Copies the only ticket, to places in the queue that do not follow from the ids.
fn copy(app: &TestApp, count: usize) {
    app.sql(&format!(
        "with filed as (insert into tickets (project_id, company_id, direction_id, product_id, tracker,
            status, priority, complexity, subject, author_id, words, needs_action_from,
            created_at, updated_at, clocks, due_at, alert_at, queue_rank)
         select project_id, company_id, direction_id, product_id, tracker, status, priority,
            complexity, subject, author_id, words, needs_action_from, created_at,
            updated_at, clocks, due_at, alert_at, queue_rank + it * 7919 % 1000 * interval '1 second'
         from tickets, generate_series(1, {count}) as it returning id)
         insert into ticket_texts (ticket_id, description) select id, 'Описание' from filed"
    ));
}

/// 2.4: tickets that others are taking at that instant are skipped.
#[test]
fn c2_4_tickets_locked_by_others_are_skipped() {
    let app = TestApp::spawn();
    file(&app, "low");
    copy(&app, 120);
    let in_order = "from tickets order by queue_rank, created_at, id";
    let queued = app.rows::<i64>(&format!("select id {in_order}"));
    let next = || app.engineer().takes_next();

    let others = app.lock(&format!("select {in_order} limit 100 for update"));
    let passed = next().expect(200).id();
    drop(others);
    let first = next().expect(200).id();

    assert_eq!([first, passed], [queued[0], queued[100]]);
}

/// Sixteen more engineers of «Телефония», with everybody's password.
fn engineers(app: &TestApp) -> Vec<Person> {
    app.sql(&format!(
        "insert into users (role, email, email_folded, first_name, last_name, language,
            password_hash, must_change_password, created_at)
         select role, it || email, it || email_folded, first_name, last_name, language,
            password_hash, false, created_at
         from users, generate_series(1, 16) as it where id = {};
         insert into direction_engineers (direction_id, user_id)
         select {}, id from users where email ~ '^[0-9]'",
        app.engineer().id,
        app.ids.telephony,
    ));
    let email = app.engineer().email;
    let sign_in = |number: usize| {
        let tokens = app.sign_in(&format!("{number}{email}"), PASSWORD).expect(200);
        app.with_token(&tokens.word("access_token"))
    };
    (1..=16).map(sign_in).collect()
}

/// 2.4: sixteen engineers at once empty a queue of a thousand. Nobody gets what another one has;
/// what each of them gets is ever later in the queue; and whatever is taken skips no more than the
/// fifteen that the others are taking at that instant.
#[test]
fn c2_4_sixteen_engineers_take_a_thousand_tickets_in_order() {
    let app = TestApp::spawn();
    let first = file(&app, "low");
    copy(&app, 999);
    let queued = app.rows::<i64>("select id from tickets order by queue_rank, created_at, id");
    let place: HashMap<i64, usize> = queued.iter().enumerate().map(|(at, id)| (*id, at)).collect();

    let empty = |engineer: &Person| {
        let next = || engineer.takes_next();
        let taken = std::iter::repeat_with(next).take_while(|it| it.status == 200);
        taken.map(|it| it.id()).collect::<Vec<i64>>()
    };
    let engineers = engineers(&app);
    let shares = at_once(engineers.len(), |it| empty(&engineers[it]));

    assert_eq!((queued.len(), queued[0]), (1000, first));
    let mut taken = shares.concat();
    taken.sort_unstable();
    let mut all = queued.clone();
    all.sort_unstable();
    assert_eq!(taken, all);
    for share in &shares {
        assert!(share.is_sorted_by_key(|it| place[it]), "{share:?}");
    }
    let in_time = "select ticket_id from events where type = 'ticket.status_changed' order by id";
    let in_time: Vec<usize> = app.rows::<i64>(in_time).iter().map(|it| place[it]).collect();
    let passed_over =
        |at: usize| in_time[at..].iter().filter(|later| **later < in_time[at]).count();
    assert!((0..in_time.len()).all(|at| passed_over(at) <= 15));
}

/// 2.4: although critical tickets come every hour and only one ticket is taken in 63 minutes, a low
/// one gets its turn within its hour and the head start of eighteen.
#[test]
fn c2_4_a_low_ticket_does_not_starve() {
    let app = TestApp::sandbox();
    // The low one is there before working time begins.
    let monday = friday(&app, 9, 0) + TimeDelta::days(3);
    let at =
        |minutes: i64| monday + TimeDelta::days(minutes / 540) + TimeDelta::minutes(minutes % 540);
    app.set_clock(monday - TimeDelta::minutes(1));
    let low = file(&app, "low");
    app.set_clock(monday);

    let mut taken = Vec::new();
    let mut now = 0;
    while taken.last() != Some(&low) {
        if now > 0 && now % 60 == 0 {
            app.set_clock(at(now));
        }
        if now % 60 == 0 {
            file(&app, "critical");
        }
        if now % 63 == 0 {
            // Alerts fall due three quarters into the hour: what they hold would be passed over.
            app.set_clock(at(now) + TimeDelta::seconds(50));
            taken.push(app.engineer().takes_next().expect(200).id());
        }
        now += 1;
    }

    assert_eq!(taken.len(), 19);
    assert!(now - 1 <= 60 + 1080, "{now}");
    let left = queue(&app.engineer(), "");
    assert!(left.iter().any(|it| it["ticket"]["status"] == "new"));
}
