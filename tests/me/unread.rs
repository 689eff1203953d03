//! App. 2, section 7: what each person has not read yet, and the counts of my page.

use serde_json::{Value, json};

use crate::support::{Person, TestApp};

/// How many comments somebody has not read, by the ticket and by their page, which must agree.
fn unread(person: &Person, id: i64) -> i64 {
    let ticket = person.get(&format!("/tickets/{id}")).expect(200);
    let page = person.get("/me/tickets").expect(200);
    let listed = page.items().iter().find(|it| it["id"] == id);
    if let Some(listed) = listed {
        assert_eq!(listed["unread_comments"], ticket.body["unread_comments"]);
        assert_eq!(page.body["counts"]["unread_comments"], ticket.body["unread_comments"]);
    }
    ticket.body["unread_comments"].as_i64().unwrap()
}

fn mark(person: &Person, id: i64, body: Value) {
    person.post(&format!("/tickets/{id}/read"), body).expect(204);
}

/// Section 7: unread comments are counted per person, without the person's own; internal notes
/// count for staff alone; reading the list marks nothing, and marking affects nobody else.
#[test]
fn s7_comments_are_unread_per_person() {
    let app = TestApp::spawn();
    let (customer, colleague) = (app.customer(), app.colleague());
    let (engineer, other) = (app.engineer(), app.other_engineer());
    let id = app.ticket("in_progress");
    customer.replies(id, "Прилагаю журнал.");
    engineer.replies(id, "Смотрим.");
    engineer.writes_note(id, "Похоже на №1000.");
    let everybody = || [&customer, &colleague, &engineer, &other].map(|it| unread(it, id));
    assert_eq!(everybody(), [1, 2, 1, 3]);

    customer.get(&format!("/tickets/{id}/comments")).expect(200);
    customer.get(&format!("/tickets/{id}?expand=comments")).expect(200);
    assert_eq!(everybody(), [1, 2, 1, 3]);
    let before = customer.ticket(id)["version"].clone();
    mark(&customer, id, json!({}));
    mark(&other, id, json!({}));

    assert_eq!(everybody(), [0, 2, 1, 0]);
    assert_eq!(customer.ticket(id)["version"], before);
    customer.replies(id, "Есть новости?");
    assert_eq!(everybody(), [0, 3, 2, 1]);
}

/// Section 7: comments are marked up to the last one read; what came meanwhile stays unread, and
/// nothing becomes unread again.
#[test]
fn s7_comments_are_read_up_to_one() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let id = app.ticket("in_progress");
    let comments: Vec<i64> =
        (1..=3).map(|it| engineer.replies(id, &format!("Шаг {it}.")).id()).collect();
    let up_to = |comment: i64| {
        mark(&customer, id, json!({ "comment_id": comment }));
        unread(&customer, id)
    };

    assert_eq!(unread(&customer, id), 3);
    assert_eq!(up_to(comments[1]), 1);
    assert_eq!(up_to(comments[0]), 1);
    assert_eq!(up_to(comments[2]), 0);
}

/// Section 7: only a comment of this ticket that the person may read can be marked.
#[test]
fn sec_az03_nobody_reads_up_to_a_comment_that_is_not_theirs() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let (id, other) = (app.ticket("in_progress"), app.ticket("in_progress"));
    let note = engineer.writes_note(id, "Заметка.").id();
    let elsewhere = engineer.replies(other, "Смотрим.").id();

    for comment in [note, elsewhere, 4_000_000] {
        let body = json!({ "comment_id": comment });
        let refused = customer.post(&format!("/tickets/{id}/read"), body).expect(422);
        assert_eq!(refused.errors(), ["/comment_id not_found"]);
    }
    mark(&engineer, id, json!({ "comment_id": note }));
    mark(&customer, id, json!({}));
    let read = format!("select from ticket_reads where user_id = {}", customer.id);
    assert_eq!(app.count(&read), 0);
}

/// Section 7: the counts cover all open tickets of the person, whatever the page shows.
#[test]
fn s7_my_page_counts_all_that_is_mine() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let counts = |person: &Person, path: &str| person.get(path).expect(200).body["counts"].clone();
    let none = json!({ "open": 0, "needs_your_action": 0, "unread_comments": 0 });
    assert_eq!(counts(&customer, "/me/tickets"), none);
    for status in ["feedback", "feedback", "new", "in_progress", "closed", "rejected"] {
        app.ticket(status);
    }

    let expected = json!({ "open": 4, "needs_your_action": 2, "unread_comments": 2 });
    let first = customer.get("/me/tickets?limit=1").expect(200);
    let cursor = first.word("next_cursor");
    assert_eq!(first.body["counts"], expected);
    assert_eq!(counts(&customer, &format!("/me/tickets?limit=1&cursor={cursor}")), expected);
    let of_engineer = json!({ "open": 3, "needs_your_action": 1, "unread_comments": 0 });
    assert_eq!(counts(&engineer, "/me/tickets"), of_engineer);
    assert_eq!(counts(&app.stranger(), "/me/tickets"), none);
}

/// Section 7: my page counts no more unread comments than anybody would read; each ticket counts all of its own.
#[test]
fn s7_my_page_counts_up_to_1000_unread_comments() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let id = app.ticket("in_progress");
    app.sql(&format!(
        "insert into comments (ticket_id, author_id, body, created_at, version, is_internal)
         select {id}, {}, 'Шаг ' || it, now(), 1, false from generate_series(1, 1001) as it",
        engineer.id,
    ));

    let page = customer.get("/me/tickets").expect(200);

    assert_eq!(page.body["counts"]["unread_comments"], 1000);
    assert_eq!(page.items()[0]["unread_comments"], 1001);
}
