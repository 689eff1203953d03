//! Advantage 3: the priority is given or follows from impact and urgency.

use serde_json::{Value, json};

use crate::support::{Response, TestApp, with};

fn graded(app: &TestApp, grade: &Value) -> Response {
    app.customer().files(with(app.request_without("priority"), grade))
}

/// Advantage 3: the whole grid, over HTTP.
#[test]
#[rustfmt::skip]
fn a3_priority_follows_from_impact_and_urgency() {
    let app = TestApp::spawn();
    let grid = [
        ("consultation",     ["low",      "low",      "medium"]),
        ("function_down",    ["medium",   "medium",   "high"]),
        ("service_affected", ["high",     "high",     "critical"]),
        ("outage",           ["critical", "critical", "critical"]),
    ];

    for (impact, priorities) in grid {
        for (urgency, priority) in ["planned", "normal", "urgent"].iter().zip(priorities) {
            let filed = graded(&app, &json!({ "impact": impact, "urgency": urgency })).expect(201);

            assert_eq!(filed.body["priority"], priority, "{impact} {urgency}");
            assert_eq!(filed.body["impact"], impact);
            assert_eq!(filed.body["urgency"], *urgency);
        }
        let filed = graded(&app, &json!({ "impact": impact })).expect(201);

        assert_eq!((&filed.body["priority"], &filed.body["urgency"]), (&json!(priorities[1]), &json!("normal")));
    }
}

/// Advantage 3: the priority is given or follows, but not both, and not from urgency alone.
#[test]
fn a3_priority_and_impact_exclude_each_other() {
    let app = TestApp::spawn();
    let cases = [
        (json!({ "priority": "low", "impact": "outage" }), "/impact conflicts"),
        (json!({ "priority": "low", "urgency": "urgent" }), "/urgency conflicts"),
        (json!({ "urgency": "urgent" }), "/priority required"),
        (json!({ "impact": "fire" }), "/impact not_one_of"),
        (json!({ "impact": "outage", "urgency": "now" }), "/urgency not_one_of"),
    ];

    for (grade, error) in cases {
        assert_eq!(graded(&app, &grade).validation_errors(), [error], "{grade}");
    }
    assert_eq!(app.customer().get("/tickets").items().len(), 0);
}

/// 3.2: a given priority stands.
#[test]
fn c3_2_an_explicit_priority_stands() {
    let app = TestApp::spawn();

    for priority in ["low", "medium", "high", "critical"] {
        let filed = graded(&app, &json!({ "priority": priority })).expect(201);

        assert_eq!(filed.body["priority"], priority);
        assert_eq!((&filed.body["impact"], &filed.body["urgency"]), (&json!(null), &json!(null)));
    }
}
