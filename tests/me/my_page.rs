//! App. 2: my page.

use serde_json::{Value, json};

use crate::support::{Person, TestApp, ids};

fn page(person: &Person) -> Vec<(i64, bool)> {
    let page = person.get("/me/tickets?limit=100").expect(200);
    let row = |it: &Value| (it["id"].as_i64().unwrap(), it["needs_your_action"].as_bool().unwrap());
    page.items().iter().map(row).collect()
}

fn file(app: &TestApp, person: &Person, members: Value) -> i64 {
    person.has_filed(app.request_with(&members))
}

/// App. 2: a customer's open tickets; those in feedback and those whose solution is to be confirmed
/// come first and are marked.
#[test]
fn app2_what_waits_for_the_customer_comes_first() {
    let app = TestApp::spawn();
    let [feedback, new, resolved, confirmed, held, released, working, _, _] = [
        "feedback",
        "new",
        "resolved",
        "resolved",
        "on_hold",
        "awaiting_release",
        "in_progress",
        "closed",
        "rejected",
    ]
    .map(|it| app.ticket(it));
    app.customer().confirms(confirmed);

    let rows = page(&app.customer());

    let waiting = [(resolved, true), (feedback, true)];
    let others = [working, released, held, confirmed, new].map(|it| (it, false));
    assert_eq!(rows, [waiting.as_slice(), &others].concat());
}

/// App. 2: my tickets are those that I wrote, watch or am assigned to, not those of my colleagues.
#[test]
fn app2_mine_are_those_i_have_to_do_with() {
    let app = TestApp::spawn();
    let (customer, colleague, engineer) = (app.customer(), app.colleague(), app.engineer());
    let written = file(&app, &customer, json!({}));
    let watched = file(&app, &customer, json!({ "watcher_ids": [colleague.id] }));
    engineer.adds_watcher(watched, &engineer);
    let assigned = file(&app, &colleague, json!({ "assignee_id": engineer.id }));
    let foreign = app.foreign_ticket();

    assert_eq!(page(&customer), [(watched, false), (written, false)]);
    assert_eq!(page(&colleague), [(assigned, false), (watched, false)]);
    assert_eq!(page(&engineer), [(assigned, true), (watched, false)]);
    assert_eq!(page(&app.stranger()), [(foreign, false)]);
    assert_eq!(page(&app.other_engineer()), []);
    assert_eq!(app.commercial().get("/me/tickets").status, 403);
    engineer.delete(&format!("/tickets/{watched}/watchers/{}", colleague.id)).expect(204);
    assert_eq!(page(&colleague), [(assigned, false)]);
}

/// App. 2: assigned work waits for the engineer until it is the customer's turn, or nobody's.
#[test]
fn app2_assigned_work_waits_for_the_engineer() {
    let app = TestApp::spawn();
    let [working, feedback, resolved, held, _] =
        ["in_progress", "feedback", "resolved", "on_hold", "closed"].map(|it| app.ticket(it));

    let before = page(&app.engineer());
    app.customer().confirms(resolved);
    let after = page(&app.engineer());

    assert_eq!(before, [(held, true), (working, true), (resolved, false), (feedback, false)]);
    assert_eq!(after, [(held, true), (resolved, true), (working, true), (feedback, false)]);
}

/// Section 6: tickets that somebody takes over are on their page.
#[test]
fn s6_tickets_that_were_taken_over_are_mine() {
    let app = TestApp::spawn();
    let open = app.ticket("feedback");
    app.ticket("closed");

    app.commercial().hands_over(&app.customer(), Some(app.colleague().id)).expect(204);

    assert_eq!(page(&app.colleague()), [(open, true)]);
    assert_eq!(app.customer().get("/me/tickets").status, 401);
}

/// App. 2: the pages of the list show each ticket once, across the border between those that wait
/// and the others.
#[test]
fn app2_my_page_is_read_in_parts() {
    let app = TestApp::spawn();
    for status in ["feedback", "new", "resolved", "new", "feedback", "on_hold", "new"] {
        app.ticket(status);
    }
    let whole = page(&app.customer());
    assert_eq!(whole.iter().filter(|it| it.1).count(), 3);

    for limit in 1..=7 {
        let rows = ids(&app.customer().all(&format!("/me/tickets?limit={limit}")));
        let expected: Vec<i64> = whole.iter().map(|it| it.0).collect();
        assert_eq!(rows, expected, "{limit}");
    }
    let first = app.customer().get("/me/tickets?limit=2");
    let cursor = first.word("next_cursor");
    let foreign = app.colleague().get(&format!("/me/tickets?cursor={cursor}"));
    assert_eq!((foreign.status, foreign.code()), (400, "invalid_cursor"));
}
