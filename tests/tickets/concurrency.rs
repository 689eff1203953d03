//! What holds when people act at the same time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::{Value, json};

use crate::support::{Response, TestApp, at_once};

fn count(responses: &[Response], status: u16) -> usize {
    responses.iter().filter(|it| it.status == status).count()
}

/// 2.5, SV01: of many who take a ticket at the same time one gets it; the others are refused.
#[test]
fn c2_5_sec_sv01_of_64_who_take_a_ticket_one_gets_it() {
    let app = TestApp::spawn();
    let id = app.ticket("new");
    let takers = [app.engineer(), app.other_engineer()];

    let responses =
        at_once(64, |number| takers[number % 2].moves(id, json!({ "to": "in_progress" })));

    assert_eq!((count(&responses, 200), count(&responses, 409)), (1, 63));
    let taken = responses.iter().find(|it| it.status == 200).unwrap();
    let refused = responses.iter().filter(|it| it.status == 409);
    assert!(refused.clone().all(|it| it.code() == "transition_not_allowed"));
    assert!(refused.clone().all(|it| it.body["current_status"] == json!("in_progress")));
    let events = app.engineer().history(id);
    assert_eq!(events.len(), 2);
    let ticket = app.engineer().ticket(id);
    assert_eq!(ticket["assignee"], taken.body["assignee"]);
    assert_eq!(ticket["version"], json!(2));
    assert_eq!(events[1]["actor"]["id"], ticket["assignee"]["id"]);
}

/// 3.4.1.4: of equal requests at once one is registered; none of the others is lost.
#[test]
fn c3_4_1_4_of_equal_requests_at_once_one_is_registered() {
    let app = TestApp::spawn();
    let authors = [app.customer(), app.colleague()];

    let mut refusals: Vec<i64> = Vec::new();
    for _ in 0..5 {
        let request = app.request();
        let responses = at_once(16, |number| authors[number % 2].files(request.clone()));

        assert_eq!((count(&responses, 201), count(&responses, 409)), (1, 15));
        let id = responses.iter().find(|it| it.status == 201).unwrap().id();
        let refused: Vec<&Response> = responses.iter().filter(|it| it.status == 409).collect();
        assert!(refused.iter().all(|it| it.body["duplicate_of"] == json!(id)));
        refusals.extend(refused.iter().map(|it| it.refusal(409, "already_registered", "3.4.1.4")));
    }

    let mut stored = app.engineer().get("/refusals?limit=100").ids();
    refusals.sort_unstable();
    stored.sort_unstable();
    assert_eq!(stored, refusals);
    assert_eq!(app.engineer().get("/tickets").items().len(), 5);
}

/// 4.2.2: two replies at once bring a ticket in feedback back to work once.
#[test]
fn c4_2_2_two_answers_at_once_make_one_move() {
    let app = TestApp::spawn();
    let people = [app.customer(), app.colleague()];

    for _ in 0..8 {
        let id = app.ticket("feedback");
        let before = app.engineer().history(id).len();
        let responses = at_once(2, |number| people[number].says(id, json!({ "body": "Сделали." })));

        assert_eq!(count(&responses, 201), 2);
        assert!(responses.iter().all(|it| it.body["ticket_status"] == json!("in_progress")));
        let events = app.engineer().history(id);
        let types: Vec<&Value> = events[before..].iter().map(|it| &it["type"]).collect();
        assert_eq!(types, ["ticket.status_changed", "ticket.commented"]);
    }
}

/// Section 2 of the contract: no two changes at once make a ticket its own ancestor.
#[test]
fn c3_3_parents_never_make_a_circle() {
    let app = TestApp::spawn();

    for size in [2, 2, 2, 2, 3, 3, 4] {
        let ids: Vec<i64> = (0..size).map(|_| app.ticket("new")).collect();
        let responses = at_once(size, |number| {
            let parent = json!({ "parent_id": ids[(number + 1) % size] });
            app.customer().edits(ids[number], parent)
        });

        assert_eq!((count(&responses, 200), count(&responses, 422)), (size - 1, 1));
        let refused = responses.iter().find(|it| it.status == 422).unwrap();
        assert_eq!(refused.errors(), ["/parent_id circular"]);
    }
}

/// Section 10 of the contract: a reader who follows the positions of the feed misses none while
/// many write: no event appears later below the greatest position that was seen.
#[test]
fn a7_a_reader_who_follows_the_events_misses_none() {
    let app = TestApp::spawn();
    let tickets: Vec<i64> = (0..8).map(|_| app.ticket("in_progress")).collect();
    app.sql("create table seen (top bigint, number bigint)");
    let is_written = AtomicBool::new(false);

    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !is_written.load(Ordering::Acquire) {
                app.sql(
                    "do $$ begin for i in 1..200 loop
                        insert into seen select max(position), count(*) from feed;
                    end loop; end $$",
                );
            }
        });
        at_once(8, |number| {
            for it in 0..25 {
                app.engineer().replies(tickets[number], &format!("Ответ {it}"));
            }
        });
        is_written.store(true, Ordering::Release);
        reader.join().unwrap();
    });

    app.sql(
        "do $$ begin
            assert (select count(distinct top) from seen) > 10, 'the reader saw too little';
            assert not exists (
                select from seen where number <> (select count(*) from feed where position <= top)
            ), 'an event appeared behind the reader';
        end $$",
    );
}
