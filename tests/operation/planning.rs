//! What is written every day is planned once for each connection, and then called by its name.

use serde_json::{Value, json};

use crate::support::{Plans, Server, TestApp, exclusive_plans, nodes};

/// Executions after which PostgreSQL keeps a plan for any values, if it is no dearer.
const CUSTOM_PLANS: usize = 5;

/// Whether a plan is for any values: its conditions name parameters.
fn is_for_any_values(plan: &Value) -> bool {
    has_condition_with("$", plan)
}

fn has_condition_with(words: &str, plan: &Value) -> bool {
    let has_words = |it: &Value| it.as_str().is_some_and(|it| it.contains(words));
    let mut steps = nodes(plan).into_iter();
    steps.any(|it| ["Index Cond", "Filter"].iter().any(|at| has_words(&it[at])))
}

/// A ticket that is filed, a comment, a transition with one: what they refer to, the ticket, its facts, the
/// event, and the comment as it is shown.
#[test]
fn everyday_writes_are_planned_once() {
    let _turn = exclusive_plans();
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let plans = Plans::of(&app);
    let server = Server::start(&app.database_url(), &[("HELPDESK_POOL", "1")]);
    let (engineer, customer) = (app.engineer().at(&server), app.customer().at(&server));

    for number in 0..CUSTOM_PLANS * 2 {
        customer.has_filed(app.request());
        engineer.replies(id, &format!("Проверили порт {number}."));
        engineer.holds(id, "repair", "Ждем ремонта.");
        engineer.moves(id, json!({ "to": "in_progress", "comment": "Порт заменен." })).expect(200);
    }

    let statements = [
        ("What a request refers to", 1),
        ("Writes events to the history", 3),
        (r#"UPDATE \"tickets\" SET \"version\""#, 3),
        (r#"SELECT \"comments\".\"id\", \"comments\".\"ticket_id\", \"users\""#, 1),
    ];
    for (words, each_time) in statements {
        let plans = plans.at_least(&[words], CUSTOM_PLANS * 2 * each_time);
        let last = &plans[plans.len() - CUSTOM_PLANS..];
        assert!(last.iter().all(is_for_any_values), "{words}: {last:#?}");
    }
}

/// Those who follow the feed, whatever position they have reached.
#[test]
fn the_feed_is_followed_without_planning() {
    let _turn = exclusive_plans();
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let plans = Plans::of(&app);
    let server = Server::start(&app.database_url(), &[]);

    // The jobs share a few connections, of which each plans by itself at first.
    for number in 0..CUSTOM_PLANS * 4 {
        app.engineer().at(&server).replies(id, &format!("Проверили порт {number}."));
        app.wait_for_notifications();
    }

    let statement = [r#"INNER JOIN (\"events\" LEFT OUTER JOIN \"tickets\""#, "event_consumers"];
    let plans = plans.at_least(&statement, CUSTOM_PLANS * 4);
    let is_for_any_consumer = |it: &Value| has_condition_with("name = $1", it);
    assert!(plans.iter().any(is_for_any_consumer), "{:#?}", plans.last());
}

/// A page, however few tickets it has.
#[test]
fn short_pages_are_planned_once() {
    let _turn = exclusive_plans();
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    app.wait_for_index();
    let plans = Plans::of(&app);
    let server = Server::start(&app.database_url(), &[("HELPDESK_POOL", "1")]);
    let engineer = app.engineer().at(&server);

    for _ in 0..CUSTOM_PLANS * 2 {
        assert_eq!(engineer.finds("SMG-1016M"), [id]);
        engineer.get("/me/tickets").expect(200);
    }

    // What else each of them is asked with is a parameter of the plan, too, if it is for any list.
    let statements = [
        ("count(*) from comments where", "IS DISTINCT FROM $", 2),
        ("array_position", "($4)::tsquery", 1),
    ];
    for (words, parameter, each_time) in statements {
        let plans = plans.at_least(&[words], CUSTOM_PLANS * 2 * each_time);
        let last = &plans[plans.len() - CUSTOM_PLANS..];
        assert!(last.iter().all(|it| has_condition_with(parameter, it)), "{words}: {last:#?}");
    }
}
