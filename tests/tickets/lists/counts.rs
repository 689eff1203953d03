//! `GET /tickets/counts`.

use serde_json::{Value, json};

use crate::support::{Person, STATUSES, TestApp};

fn counts(person: &Person, query: &str) -> Value {
    person.get(&format!("/tickets/counts?{query}")).expect(200).body["counts"].clone()
}

/// 2.5: one call counts what its caller sees by several properties, and each count is that of the list
/// with the same filter.
#[test]
fn c2_5_counts_are_those_of_the_lists() {
    let app = TestApp::spawn();
    STATUSES.iter().for_each(|it| {
        app.ticket(it);
    });
    app.foreign_ticket();
    let (customer, engineer) = (app.customer(), app.engineer());
    customer.has_filed(app.request_with(&json!({ "priority": "critical", "tracker": "feature" })));
    let by = [
        "status",
        "priority",
        "tracker",
        "needs_action_from",
        "company_id",
        "project_id",
        "direction_id",
        "product_id",
    ];

    for person in [&customer, &engineer, &app.stranger()] {
        for filter in ["", "&priority=critical", "&status=open", "&status=closed,new"] {
            let counted = counts(person, &format!("by={}{filter}", by.join(",")));
            for property in by {
                for (value, count) in counted[property].as_object().unwrap() {
                    if filter.contains(property) {
                        continue;
                    }
                    let list = format!("/tickets?limit=100&{property}={value}{filter}");
                    let listed = person.get(&list).expect(200).ids().len();
                    assert_eq!(json!(listed), *count, "{list}");
                }
            }
        }
    }
    assert_eq!(counts(&customer, "by=status")["status"]["new"], 2);
    assert!(counts(&engineer, "by=assignee_id")["assignee_id"]["none"].as_i64().unwrap() > 0);
}

/// AZ04: counts tell customers nothing of the work of engineers.
#[test]
fn sec_az04_customers_count_no_engineers_work() {
    let app = TestApp::spawn();

    let refused = app.customer().get("/tickets/counts?by=status,assignee_id");

    assert_eq!((refused.status, refused.code()), (403, "forbidden"));
    assert_eq!(app.engineer().get("/tickets/counts?by=colour").errors(), ["by not_one_of"]);
    assert_eq!(app.engineer().get("/tickets/counts").errors(), ["by required"]);
}

/// Open tickets are counted to the last, finished ones to 10,000.
#[test]
fn finished_tickets_are_counted_to_ten_thousand() {
    let app = TestApp::spawn();
    app.insert_tickets(10_001, &[("status", "'closed'")]);
    app.insert_tickets(3, &[("status", "'new'")]);
    let page =
        |query: &str| app.engineer().get(&format!("/tickets/counts?{query}")).expect(200).body;

    let all = page("by=status");
    assert_eq!(
        (&all["counts"]["status"]["closed"], &all["is_exact"]),
        (&json!(10_000), &json!(false))
    );
    assert_eq!(all["counts"]["status"]["new"], 3);
    let open = page("by=status&status=open");
    assert_eq!((&open["counts"]["status"]["closed"], &open["is_exact"]), (&json!(0), &json!(true)));
}
