//! What is written every day is planned once for each connection, and then called by its name.

use serde_json::{Value, json};

use crate::support::{Plans, Server, TestApp, exclusive_plans, nodes};

/// Executions after which PostgreSQL keeps a plan for any values, if it is no dearer.
const CUSTOM_PLANS: usize = 5;

/// Whether a plan is for any values: its conditions name parameters.
fn is_for_any_values(plan: &Value) -> bool {
    let condition = |it: &Value| it["Index Cond"].as_str().is_some_and(|it| it.contains('$'));
    nodes(plan).into_iter().any(condition)
}

/// A comment, and a move with one: the ticket, its facts and the event.
#[test]
fn everyday_writes_are_planned_once() {
    let _turn = exclusive_plans();
    let app = TestApp::spawn();
    let id = app.ticket("in_progress");
    let plans = Plans::of(&app);
    let server = Server::start(&app.database_url(), &[("HELPDESK_POOL", "1")]);
    let engineer = app.engineer().at(&server);

    for number in 0..CUSTOM_PLANS * 2 {
        engineer.replies(id, &format!("Проверили порт {number}."));
        engineer.holds(id, "repair", "Ждем ремонта.");
        engineer.moves(id, json!({ "to": "in_progress", "comment": "Порт заменен." })).expect(200);
    }

    for words in ["Writes events to the history", r#"UPDATE \"tickets\" SET \"version\""#] {
        let plans = plans.at_least(&[words], CUSTOM_PLANS * 6);
        let last = &plans[plans.len() - CUSTOM_PLANS..];
        assert!(last.iter().all(is_for_any_values), "{words}: {last:#?}");
    }
}
