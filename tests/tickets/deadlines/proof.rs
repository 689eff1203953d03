//! The proof of the clocks: which intervals were counted (2.4.2).

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, due, friday};

/// 2.4.2: through feedback, hold over a weekend and back, the counted minutes add up.
#[test]
fn c2_4_2_the_proof_adds_up() {
    let app = TestApp::sandbox();
    let start = friday(&app, 15, 0);
    app.set_clock(start);
    let id = app.ticket("new");
    app.engineer().takes(id);
    app.engineer().asks(id, "Пришлите журнал шлюза.");
    app.set_clock(start + TimeDelta::hours(1));
    app.customer().replies(id, "Прилагаю журнал.");
    app.set_clock(start + TimeDelta::hours(2));
    app.engineer().holds_quietly(id, "repair", "В ремонте.");
    assert_eq!(app.sla(id)["response"]["state"], "paused");
    assert!(app.sla(id)["response"]["due_at"].is_null());
    // Monday 10:00.
    app.set_clock(start + TimeDelta::hours(67));
    app.engineer().takes(id);
    app.set_clock(start + TimeDelta::minutes(67 * 60 + 30));

    let clocks = app.proof(id);

    let causes: Vec<&Value> = clocks.iter().map(|it| &it["cause"]).collect();
    assert_eq!(causes, ["filed", "accepted", "returned"]);
    for clock in &clocks {
        let counted = clock["intervals"].as_array().unwrap().iter();
        let counted: i64 = counted.map(|it| it["minutes"].as_i64().unwrap()).sum();
        let target = clock["target_minutes"].as_i64().unwrap();
        assert_eq!(clock["remaining_minutes"].as_i64().unwrap(), target - counted, "{clock}");
    }
    let last = &clocks[2];
    let pauses: Vec<&Value> =
        last["intervals"].as_array().unwrap().iter().map(|it| &it["pause"]).collect();
    assert_eq!(pauses, [&Value::Null, &json!("on_hold"), &Value::Null]);
    // An hour on Friday, half an hour on Monday, of four hours; a request takes a moment.
    let left = last["remaining_minutes"].as_i64().unwrap();
    assert!((149..=151).contains(&left), "{last}");
    let monday = start + TimeDelta::hours(70);
    assert!((due(last) - monday).num_minutes().abs() <= 2, "{last}");
    assert_eq!(app.sla(id)["response"]["due_at"], last["due_at"]);
}

/// Section 5: a confirmation starts no clock; any other comment of the customer does.
#[test]
fn c2_5_a_confirmation_starts_no_clock() {
    let app = TestApp::sandbox();

    let (by_comment, by_call, doubted) =
        (app.ticket("resolved"), app.ticket("resolved"), app.ticket("resolved"));
    let thanks = json!({ "body": "Спасибо, все работает.", "status": "resolved" });
    app.customer().says(by_comment, thanks).expect(201);
    let confirmed = json!({ "comment": "Спасибо, все работает.", "rating": 5 });
    app.customer().confirms_with(by_call, confirmed).expect(200);
    app.customer().replies(doubted, "Звонки снова обрываются.");

    assert_eq!([by_comment, by_call, doubted].map(|it| app.proof(it).len()), [2, 2, 3]);
    let queue = app.engineer().get("/queue").expect(200);
    let queued: Vec<&Value> = queue.items().iter().map(|it| &it["ticket"]["id"]).collect();
    assert_eq!(queued, [&json!(doubted)]);
}

/// 2.3: the minutes stand day by day, and a day that was skipped says why.
#[test]
fn c2_3_the_proof_names_the_days_that_were_skipped() {
    let app = TestApp::sandbox();
    let start = friday(&app, 17, 30);
    let day = |days: i64| (start + TimeDelta::days(days)).date_naive().to_string();
    app.admin().adds_day_off(&day(3));
    app.set_clock(start);
    let id = app.ticket("new");
    // Tuesday 09:10.
    app.set_clock(start + TimeDelta::minutes(4 * 24 * 60 - 500));

    let days = |id: i64| app.proof(id)[0]["intervals"][0]["days"].clone();

    let worked =
        |on: i64, minutes: i64| json!({ "on": day(on), "minutes": minutes, "skipped": null });
    let skipped = |on: i64, why: &str| json!({ "on": day(on), "minutes": 0, "skipped": why });
    let expected = json!([
        worked(0, 30),
        skipped(1, "Выходной"),
        skipped(2, "Выходной"),
        skipped(3, "Санитарный день"),
        worked(4, 10),
    ]);
    assert_eq!(days(id), expected);
    // With another calendar they would not add up to what was counted.
    app.engineer().takes(id);
    app.admin().delete(&format!("/settings/calendar/days/{}", day(3))).expect(204);
    assert_eq!(days(id), Value::Null);
}
