//! The queue (2.4, advantage 3): who waits in which place, and who takes what.

use std::collections::HashSet;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::filing::with;
use crate::support::{Person, TestApp};

fn file(app: &TestApp, priority: &str) -> i64 {
    let request = with(app.request(), &json!({ "priority": priority }));
    app.customer().post("/tickets", request).expect(201).id()
}

fn queue(person: &Person, query: &str) -> Vec<Value> {
    person.get(&format!("/queue{query}")).expect(200).items().to_vec()
}

fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(|it| it["ticket"]["id"].as_i64().unwrap()).collect()
}

/// 2.4: urgency counts, creation decides among equals; each place is told with its reason.
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
    let cursor = first.body["next_cursor"].as_str().unwrap();
    assert_eq!(ids(&queue(&app.engineer(), &format!("?limit=3&cursor={cursor}"))), [low]);
}

/// 2.4: whoever asks gets the head of the own directions, and is its assignee.
#[test]
fn c2_4_the_next_ticket_becomes_the_callers() {
    let app = TestApp::spawn();
    let (engineer, other) = (app.engineer(), app.other_engineer());
    let low = file(&app, "low");
    let high = file(&app, "high");

    let taken = engineer.post("/queue/next", Value::Null).expect(200).body;

    assert_eq!((&taken["id"], &taken["status"]), (&json!(high), &json!("in_progress")));
    assert_eq!(taken["assignee"]["id"], engineer.id);
    assert_eq!(taken["sla"]["acceptance"]["state"], "met");
    let history = app.admin().get(&format!("/tickets/{high}/history")).expect(200);
    assert_eq!(history.items().last().unwrap()["cause"], "queue");
    // The other one works for Wi-Fi alone, and the admin for nothing.
    other.post("/queue/next", Value::Null).expect(204);
    app.admin().post("/queue/next", Value::Null).expect(204);
    // What somebody has is not taken away; a new one that the caller has is theirs to take.
    let assign = json!({ "assignee_id": engineer.id });
    app.admin().put(&format!("/tickets/{low}/assignee"), assign).expect(200);
    assert_eq!(engineer.post("/queue/next", Value::Null).expect(200).body["id"], low);
    engineer.post("/queue/next", Value::Null).expect(204);
}

/// 2.4: sixteen at once empty the queue in its order, and nobody gets what another one has.
#[test]
fn c2_4_no_two_get_the_same() {
    let app = TestApp::spawn();
    for _ in 0..2 {
        file(&app, "low");
    }
    app.sql(
        "insert into tickets (project_id, company_id, direction_id, product_id, tracker, status,
            priority, complexity, subject, description, author_id, words, needs_action_from,
            created_at, updated_at, clocks, due_at, alert_at, queue_rank)
         select project_id, company_id, direction_id, product_id, tracker, status, priority,
            complexity, subject, description, author_id, words, needs_action_from, created_at,
            updated_at, clocks, due_at, alert_at, queue_rank + it * interval '1 second'
         from (select * from tickets order by id limit 1) as first, generate_series(1, 198) as it",
    );
    let taken = Mutex::new(Vec::new());

    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let engineer = app.engineer();
                loop {
                    let reply = engineer.post("/queue/next", Value::Null);
                    if reply.status == 204 {
                        return;
                    }
                    let id = reply.expect(200).id();
                    taken.lock().unwrap().push(id);
                }
            });
        }
    });

    let taken = taken.into_inner().unwrap();
    assert_eq!(taken.len(), 200);
    assert_eq!(taken.iter().collect::<HashSet<_>>().len(), 200);
    assert!(queue(&app.engineer(), "").iter().all(|it| it["ticket"]["status"] == "in_progress"));
}
