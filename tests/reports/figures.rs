//! What reports say of two weeks, against what is counted by hand.

use serde_json::{Value, json};

use super::fortnight::{Fortnight, fortnight};
use super::{links, sums, work};
use crate::support::{helpdesk, on_database};

pub fn durations(count: i64, median: i64, p90: i64, max: i64) -> Value {
    json!({ "count": count, "median": median, "p90": p90, "max": max })
}

pub fn without_links(figures: &Value) -> Value {
    let mut figures = figures.clone();
    figures.as_object_mut().unwrap().shift_remove("links");
    figures
}

/// Section 8: the two weeks in figures, each counted by hand.
#[test]
fn s8_every_figure_is_what_is_counted_by_hand() {
    let fortnight = fortnight();

    flow(&fortnight);
    deadlines(&fortnight);
    times(&fortnight);
    quality(&fortnight);
    work::workload(&fortnight);
    arrivals(&fortnight);
    work::waits(&fortnight);
    work::questions(&fortnight);
    work::activity(&fortnight);
    work::company(&fortnight);
    work::dashboard(&fortnight);
    sums::agree(&fortnight);
    links::are_exact(&fortnight);
    recount(&fortnight);
    a_past_span_stays(&fortnight);
}

fn flow(fortnight: &Fortnight) {
    let flow = fortnight.report("flow", "");
    assert_eq!(
        without_links(&flow["totals"]),
        json!({
            "open_at_start": 5, "filed": 34, "accepted": 27, "solved": 26, "returned": 3, "closed": 22,
            "rejected": 2, "reopened": 2, "open_at_end": 17,
            "backlog_age": {
                "up_to_1_day": 2, "up_to_5_days": 3, "up_to_20_days": 11, "over_20_days": 1,
            },
        })
    );
    assert_eq!((&flow["rows"], &flow["previous"]), (&json!([]), &Value::Null));
    let days = fortnight.report("flow", "&bucket=day")["rows"].clone();
    let each = |name: &str| -> Vec<i64> {
        days.as_array().unwrap().iter().map(|it| it[name].as_i64().unwrap()).collect()
    };
    assert_eq!(each("filed"), [20, 3, 0, 3, 3, 0, 0, 1, 2, 0, 0, 0, 2, 0]);
    assert_eq!(each("accepted"), [18, 3, 0, 2, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0]);
    // Three of the first Monday at 18:00 sharp.
    assert_eq!(each("solved"), [9, 1, 6, 5, 1, 0, 0, 1, 0, 0, 3, 0, 0, 0]);
    assert_eq!(each("returned"), [0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(each("closed"), [0, 6, 7, 5, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0]);
    assert_eq!(each("rejected"), [0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(each("reopened"), [0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(each("open_at_end"), [25, 24, 17, 13, 15, 15, 15, 16, 18, 18, 15, 15, 17, 17]);
}

fn deadlines(fortnight: &Fortnight) {
    let deadlines = fortnight.report("deadlines", "");
    let totals = &deadlines["totals"];
    assert_eq!(
        totals["acceptance"],
        json!({
            "ended": 31, "met": 24, "breached": 7, "cancelled": 1, "waived": 0, "share_met": 0.7742,
            "median_over": 1440, "worst_over": 1560,
        })
    );
    assert_eq!(
        totals["response"],
        json!({
            "ended": 41, "met": 34, "breached": 7, "cancelled": 2, "waived": 0, "share_met": 0.8293,
            "median_over": 510, "worst_over": 3660,
        })
    );
    let misses = deadlines["misses"].as_array().unwrap();
    let told_of: Vec<(i64, &str, i64)> = misses
        .iter()
        .map(|it| {
            let ticket = it["ticket"]["id"].as_i64().unwrap();
            (ticket, it["clock"].as_str().unwrap(), it["over_minutes"].as_i64().unwrap())
        })
        .collect();
    let of = |name, clock, over| fortnight.of(&[name]).into_iter().map(move |it| (it, clock, over));
    let by_hand: Vec<(i64, &str, i64)> = of("reopened", "response", 3660)
        .chain(of("rejected", "acceptance", 1560))
        .chain(of("registered", "acceptance", 1440))
        .chain(of("weekend", "response", 510))
        .chain(of("returned", "response", 210))
        .chain(of("returned", "acceptance", 30))
        .collect();
    assert_eq!(told_of, by_hand);
    assert_eq!(misses[0]["stopped_at"], Value::Null);
    assert_eq!(misses[5]["engineer"]["id"], fortnight.app.engineer().id);
}

fn times(fortnight: &Fortnight) {
    let totals = fortnight.report("times", "")["totals"].clone();
    assert_eq!(totals["to_accept"], durations(27, 30, 90, 90));
    assert_eq!(totals["to_first_answer"], durations(31, 120, 540, 7620));
    let middle = |median: i64, p90: i64| json!({ "median": median, "p90": p90 });
    assert_eq!(
        totals["to_solve"],
        json!({
            "count": 22, "median": 120, "p90": 1140, "max": 7560,
            "by_turn": {
                "support": middle(120, 1110), "customer": middle(0, 540), "on_hold": middle(0, 480),
                "awaiting_release": middle(0, 0),
            },
        })
    );
}

fn quality(fortnight: &Fortnight) {
    let quality = fortnight.report("quality", "");
    let none = json!({ "automatic": 0, "confirmed": 0, "registered": 0 });
    assert_eq!(
        without_links(&quality["totals"]),
        json!({
            "ratings": {
                "count": 12, "average": 4.0,
                "by_value": { "1": 0, "2": 3, "3": 0, "4": 3, "5": 6 },
            },
            "reopened": 2, "reopened_share": 0.0833, "timeouts": 2, "timeout_share": 0.0909,
            "refusals": {
                "no_description": { "automatic": 3, "confirmed": 1, "registered": 2 },
                "insufficient_knowledge": none, "impolite": none, "already_registered": none,
                "out_of_scope": none,
            },
        })
    );
    assert_eq!(quality["comments"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&quality["comments"][0]["ticket_id"], &quality["comments"][0]["text"]),
        (&json!(fortnight.only("quick")), &json!("Спасибо, быстро."))
    );
}

fn arrivals(fortnight: &Fortnight) {
    let arrivals = fortnight.report("arrivals", "");
    assert_eq!(
        without_links(&arrivals["totals"]),
        json!({ "filed": 34, "outside_working_hours": 4 })
    );
    let rows: Vec<(&str, i64, i64, i64)> = arrivals["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let number = |name: &str| it[name].as_i64().unwrap();
            let outside = number("outside_working_hours");
            (it["weekday"].as_str().unwrap(), number("hour"), number("filed"), outside)
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("monday", 8, 2, 2),
            ("monday", 9, 19, 0),
            ("tuesday", 9, 3, 0),
            ("tuesday", 11, 2, 0),
            ("thursday", 9, 3, 0),
            ("friday", 17, 3, 0),
            ("saturday", 12, 2, 2),
        ]
    );
}

/// What each step recorded is what the history tells.
fn recount(fortnight: &Fortnight) {
    let stored = || {
        let facts = fortnight.app.rows::<String>(
            "select (to_jsonb(it) - 'id')::text from ticket_facts as it order by 1",
        );
        let outcomes = fortnight.app.table_text("clock_outcomes");
        let turns = fortnight
            .app
            .rows::<String>("select id || ' ' || turns::text from tickets order by id");
        (facts, outcomes, turns)
    };
    let before = stored();
    assert!(before.0.len() > 150 && before.2.len() == 41, "{before:?}");

    let url = fortnight.app.database_url();
    let settings = on_database(&url);
    let output = helpdesk(&["recount"], &settings);

    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(stored(), before);
}

/// What happens in another month changes nothing of the two weeks.
fn a_past_span_stays(fortnight: &Fortnight) {
    let names = ["flow", "times", "quality", "deadlines", "arrivals"];
    let past = || names.map(|it| fortnight.report(it, "")["totals"].clone());
    let before = past();

    fortnight.at(35, "10:00");
    let revive = json!({ "to": "in_progress", "comment": "Закрыли по ошибке." });
    fortnight.app.admin().moves(fortnight.only("quick"), revive).expect(200);
    fortnight.at(75, "10:00");

    let asked = fortnight.only("asked");
    assert_eq!(fortnight.app.admin().ticket(asked)["status"], "closed");
    let after = past();
    for (before, after) in before.iter().zip(&after).take(3) {
        assert_eq!(after, before);
    }
    assert_eq!(after[4], before[4]);
    // Deadlines that still run are exceeded by more; what ended, and how, stays.
    for clock in ["acceptance", "response"] {
        for figure in ["ended", "met", "breached", "cancelled", "share_met"] {
            assert_eq!(after[3][clock][figure], before[3][clock][figure]);
        }
    }
    let path = format!("from={}&to={}", fortnight.day(14), fortnight.day(76));
    let later = |name: &str| {
        fortnight.app.admin().get(&format!("/reports/{name}?{path}")).expect(200).body["totals"]
            .clone()
    };
    let flow = later("flow");
    let figures = ["open_at_start", "solved", "closed", "reopened", "open_at_end"];
    assert_eq!(figures.map(|it| flow[it].as_i64().unwrap()), [17, 2, 2, 1, 16]);
    let quality = later("quality");
    assert_eq!((&quality["timeouts"], &quality["timeout_share"]), (&json!(2), &json!(1.0)));
    assert_eq!((&quality["reopened"], &quality["reopened_share"]), (&json!(1), &json!(0.5)));
}
