//! What reports say of two weeks, against what is counted by hand.

use serde_json::{Value, json};

use super::fortnight::{Fortnight, fortnight};
use crate::support::{JWT_KEYS, helpdesk};

fn durations(count: i64, median: Value, p90: Value, max: Value) -> Value {
    json!({ "count": count, "median": median, "p90": p90, "max": max })
}

fn without_links(figures: &Value) -> Value {
    let mut figures = figures.clone();
    figures.as_object_mut().unwrap().shift_remove("links");
    figures
}

/// Every link of a report, with its figure.
#[track_caller]
fn follow(told: &Fortnight, figures: &Value) -> Vec<(String, Vec<i64>)> {
    let links = figures["links"].as_object().unwrap();
    let followed = links.iter().map(|(name, link)| {
        let path = link.as_str().unwrap().split_once("/api/v1").unwrap().1;
        let listed = told.app.admin().get(&format!("{path}&limit=100")).expect(200);
        let mut ids: Vec<i64> =
            listed.items().iter().map(|it| it["id"].as_i64().unwrap()).collect();
        ids.sort_unstable();
        (name.clone(), ids)
    });
    followed.collect()
}

/// Section 8: the two weeks in figures, each counted by hand.
#[test]
fn s8_every_figure_is_what_is_counted_by_hand() {
    let told = fortnight();

    flow(&told);
    deadlines(&told);
    times(&told);
    quality(&told);
    workload(&told);
    the_rest(&told);
    sums(&told);
    links(&told);
    recount(&told);
    a_past_span_stays(&told);
}

fn flow(told: &Fortnight) {
    let flow = told.report("flow", "");
    assert_eq!(
        without_links(&flow["totals"]),
        json!({
            "open_at_start": 0, "filed": 8, "accepted": 6, "solved": 4, "returned": 1, "closed": 3,
            "rejected": 1, "reopened": 0, "open_at_end": 4,
            "backlog_age": {
                "up_to_1_day": 0, "up_to_5_days": 1, "up_to_20_days": 3, "over_20_days": 0,
            },
        })
    );
    assert_eq!((&flow["rows"], &flow["previous"]), (&json!([]), &Value::Null));
    let solved: Vec<i64> = told.report("flow", "&bucket=day")["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["solved"].as_i64().unwrap())
        .collect();
    assert_eq!(solved, [2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
}

fn deadlines(told: &Fortnight) {
    let deadlines = told.report("deadlines", "");
    let totals = &deadlines["totals"];
    assert_eq!(
        totals["acceptance"],
        json!({
            "ended": 8, "met": 5, "breached": 3, "waived": 0, "share_met": 0.625,
            "median_over": 1440, "worst_over": 1560,
        })
    );
    assert_eq!(
        totals["response"],
        json!({
            "ended": 9, "met": 7, "breached": 2, "waived": 0, "share_met": 0.7778,
            "median_over": 210, "worst_over": 510,
        })
    );
    let misses: Vec<(i64, i64)> = deadlines["misses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["ticket"]["id"].as_i64().unwrap(), it["over_minutes"].as_i64().unwrap()))
        .collect();
    let [.., t3, t4, _, t6, t7, _] = told.tickets;
    assert_eq!(misses, [(t4, 1560), (t7, 1440), (t6, 510), (t3, 210), (t3, 30)]);
    assert_eq!(deadlines["misses"][1]["stopped_at"], Value::Null);
    assert_eq!(deadlines["misses"][2]["engineer"]["id"], told.app.engineer().id);
}

fn times(told: &Fortnight) {
    let totals = told.report("times", "")["totals"].clone();
    assert_eq!(totals["to_accept"], durations(6, json!(30), json!(90), json!(90)));
    let answers = durations(7, json!(120), json!(1620), json!(1620));
    assert_eq!(totals["to_first_answer"], answers);
    let solve = &totals["to_solve"];
    assert_eq!((&solve["count"], &solve["median"]), (&json!(3), &json!(1110)));
    assert_eq!((&solve["p90"], &solve["max"]), (&json!(1140), &json!(1140)));
    let middle = |median: i64, p90: i64| json!({ "median": median, "p90": p90 });
    assert_eq!(
        solve["by_turn"],
        json!({
            "support": middle(600, 1110), "customer": middle(0, 540), "on_hold": middle(0, 0),
            "awaiting_release": middle(0, 0),
        })
    );
}

fn quality(told: &Fortnight) {
    let quality = told.report("quality", "");
    let totals = &quality["totals"];
    assert_eq!(
        totals["ratings"],
        json!({
            "count": 2, "average": 3.5, "by_value": { "1": 0, "2": 1, "3": 0, "4": 0, "5": 1 },
        })
    );
    assert_eq!((&totals["timeout_share"], &totals["reopened_share"]), (&json!(0.0), &json!(0.0)));
    let refused = json!({ "automatic": 2, "confirmed": 1, "registered": 1 });
    assert_eq!(totals["refusals"]["no_description"], refused);
    assert_eq!(quality["comments"].as_array().unwrap().len(), 1);
    assert_eq!(quality["comments"][0]["text"], "Спасибо, быстро.");
}

fn workload(told: &Fortnight) {
    let report = told.report("workload", "");
    let of = |id: i64| {
        let rows = report["rows"].as_array().unwrap();
        rows.iter().find(|it| it["engineer"]["id"] == id).unwrap().clone()
    };
    let figures = |row: &Value, names: [&str; 8]| names.map(|it| row[it].clone());
    let names = [
        "open",
        "taken",
        "public_comments",
        "solved",
        "handed_over",
        "reopened_after",
        "median_to_answer",
        "days_absent",
    ];
    let engineer = of(told.app.engineer().id);
    let counted =
        [json!(0), json!(5), json!(12), json!(4), json!(2), json!(1), json!(60), json!(1.0)];
    assert_eq!(figures(&engineer, names), counted);
    let other = of(told.app.other_engineer().id);
    let counted =
        [json!(1), json!(1), json!(1), json!(0), json!(0), json!(0), json!(10), json!(0.0)];
    assert_eq!(figures(&other, names), counted);
    assert_eq!(report["totals"]["taken"], 6);
}

fn the_rest(told: &Fortnight) {
    let arrivals = told.report("arrivals", "");
    assert_eq!(arrivals["totals"]["filed"], 8);
    assert_eq!(arrivals["totals"]["outside_working_hours"], 1);
    let monday = &arrivals["rows"][1];
    let nine = json!({ "weekday": "monday", "hour": 9, "filed": 5, "outside_working_hours": 0 });
    assert_eq!(*monday, nine);
    let waits = told.report("waits", "");
    let repair = json!({ "now": 1, "median_working_days": 7.78 });
    assert_eq!(waits["totals"]["on_hold"]["repair"], repair);
    assert_eq!(
        (&waits["totals"]["reviews_overdue"], &waits["totals"]["silent"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(
        (&waits["rows"][0]["tickets"], &waits["rows"][0]["companies"]),
        (&json!(1), &json!(1))
    );
    let questions = told.report("frequent-questions", "");
    let rows = questions["rows"].as_array().unwrap();
    let sip = rows.iter().find(|it| it["topic_id"] == told.topic).unwrap();
    assert_eq!((&sip["label"], &sip["tickets"]), (&json!("Регистрация SIP"), &json!(2)));
    assert_eq!((&sip["solved_share"], &sip["median_to_solve"]), (&json!(1.0), &json!(120)));
    assert_eq!(sip["ticket_ids"], json!([told.tickets[2], told.tickets[0]]));
    let by = format!("&actor_id={}", told.app.other_engineer().id);
    let activity = told.report("activity", &by);
    assert_eq!(activity["totals"]["actions"], 2);
    let moved = json!({ "ticket.status_changed": 2 });
    assert_eq!(activity["totals"]["by_type"], moved);
    let company = told.report("company", &format!("&company_id={}", told.app.ids.company));
    let totals = &company["totals"];
    assert_eq!((&totals["flow"]["filed"], &totals["flow"]["open_at_end"]), (&json!(6), &json!(2)));
    assert_eq!(totals["by_status"], json!({ "feedback": 1, "on_hold": 1 }));
    let dashboard = told.app.admin().get("/reports/dashboard").expect(200).body;
    let open = &dashboard["open"];
    assert_eq!((&open["count"], &open["overdue"]), (&json!(4), &json!(1)));
    assert_eq!((&open["unassigned"], &open["waiting_for_customer"]), (&json!(3), &json!(1)));
    assert_eq!(dashboard["oldest"][0]["ticket"]["id"], told.tickets[7]);
    assert_eq!(dashboard["week"]["filed"], 0);
}

/// Groups add up to totals, days and weeks to the whole; what is left follows from what changed.
fn sums(told: &Fortnight) {
    let names = [
        "filed",
        "accepted",
        "solved",
        "returned",
        "closed",
        "rejected",
        "reopened",
        "open_at_end",
    ];
    let totals = told.report("flow", "")["totals"].clone();
    for group in
        ["company_id", "project_id", "direction_id", "product_id", "priority", "status", "engineer"]
    {
        let rows = told.report("flow", &format!("&group_by={group}"))["rows"].clone();
        for name in names {
            let sum: i64 =
                rows.as_array().unwrap().iter().map(|it| it[name].as_i64().unwrap()).sum();
            assert_eq!(sum, totals[name].as_i64().unwrap(), "{group} {name}");
        }
    }
    for bucket in ["day", "week", "month"] {
        let rows = told.report("flow", &format!("&bucket={bucket}"))["rows"].clone();
        let rows = rows.as_array().unwrap();
        for name in &names[..7] {
            let sum: i64 = rows.iter().map(|it| it[*name].as_i64().unwrap()).sum();
            assert_eq!(sum, totals[*name].as_i64().unwrap(), "{bucket} {name}");
        }
        for pair in rows.windows(2) {
            assert_eq!(pair[0]["open_at_end"], pair[1]["open_at_start"], "{bucket}");
        }
        for row in rows {
            let of = |name: &str| row[name].as_i64().unwrap();
            let left =
                of("open_at_start") + of("filed") - of("closed") - of("rejected") + of("reopened");
            assert_eq!(left, of("open_at_end"), "{bucket}");
            let ages = row["backlog_age"].as_object().unwrap().values();
            assert_eq!(ages.map(|it| it.as_i64().unwrap()).sum::<i64>(), left);
        }
        let last = rows.last().unwrap();
        assert_eq!(last["backlog_age"], totals["backlog_age"]);
    }
}

/// A link answers exactly the tickets of its figure.
fn links(told: &Fortnight) {
    let [t1, t2, t3, t4, t5, t6, t7, t8] = told.tickets;
    let sorted = |mut ids: Vec<i64>| {
        ids.sort_unstable();
        ids
    };
    let all = vec![t1, t2, t3, t4, t5, t6, t7, t8];
    let expected = [
        ("open_at_start", vec![]),
        ("filed", sorted(all)),
        ("accepted", sorted(vec![t1, t2, t3, t5, t6, t8])),
        ("solved", vec![t1, t3, t6]),
        ("returned", vec![t3]),
        ("closed", vec![t1, t3, t6]),
        ("rejected", vec![t4]),
        ("reopened", vec![]),
        ("open_at_end", sorted(vec![t2, t5, t7, t8])),
    ];
    let followed = follow(told, &told.report("flow", "")["totals"]);
    assert_eq!(followed.len(), expected.len());
    for (name, ids) in &expected {
        let found = followed.iter().find(|(it, _)| it == name).unwrap();
        assert_eq!(&found.1, ids, "{name}");
    }
    let high = told.report("flow", "&group_by=priority");
    let row = high["rows"].as_array().unwrap().iter().find(|it| it["group"]["code"] == "high");
    let filed = follow(told, row.unwrap()).into_iter().find(|(name, _)| name == "filed");
    assert_eq!(filed.unwrap().1, [t5]);
    let deadlines = follow(told, &told.report("deadlines", "")["totals"]);
    let of = |name: &str| deadlines.iter().find(|(it, _)| it == name).unwrap().1.clone();
    assert_eq!(of("acceptance.breached"), sorted(vec![t3, t4, t7]));
    assert_eq!(of("response.breached"), vec![t3, t6]);
    let waits = follow(told, &told.report("waits", "")["totals"]);
    let of = |name: &str| waits.iter().find(|(it, _)| it == name).unwrap().1.clone();
    assert_eq!((of("on_hold.repair"), of("silent")), (vec![t2], sorted(vec![t2, t5, t8])));
    let quality = follow(told, &told.report("quality", "")["totals"]);
    let of = |name: &str| quality.iter().find(|(it, _)| it == name).unwrap().1.clone();
    assert_eq!((of("ratings"), of("ratings.by_value.2")), (vec![t1, t3], vec![t3]));
}

/// What the steps kept is what the history tells.
fn recount(told: &Fortnight) {
    let kept = || {
        let facts = told.app.rows::<String>(
            "select (to_jsonb(it) - 'id')::text from ticket_facts as it order by 1",
        );
        let outcomes = told.app.table_text("clock_outcomes");
        let turns =
            told.app.rows::<String>("select id || ' ' || turns::text from tickets order by id");
        (facts, outcomes, turns)
    };
    let before = kept();
    assert!(before.0.len() > 30 && before.2.len() == 8, "{before:?}");

    let url = told.app.database_url();
    let settings = [("DATABASE_URL", url.as_str()), ("HELPDESK_JWT_KEYS", JWT_KEYS)];
    let made = helpdesk(&["recount"], &settings);

    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(kept(), before);
}

/// What happens in another month changes nothing of the two weeks.
fn a_past_span_stays(told: &Fortnight) {
    let [t1, .., t8] = told.tickets;
    let past = |name: &str| told.report(name, "")["totals"].clone();
    let (flow, times, quality) = (past("flow"), past("times"), past("quality"));

    told.at(35, "10:00");
    let revive = json!({ "to": "in_progress", "comment": "Закрыли по ошибке." });
    told.app.admin().moves(t1, revive).expect(200);
    told.at(75, "10:00");

    assert_eq!(told.app.admin().ticket(t8)["status"], "closed");
    assert_eq!((past("flow"), past("times"), past("quality")), (flow, times, quality));
    let path = format!("from={}&to={}", told.day(14), told.day(76));
    let later = |name: &str| {
        told.app.admin().get(&format!("/reports/{name}?{path}")).expect(200).body["totals"].clone()
    };
    let flow = later("flow");
    assert_eq!((&flow["open_at_start"], &flow["reopened"]), (&json!(4), &json!(1)));
    assert_eq!(
        (&flow["closed"], &flow["solved"], &flow["open_at_end"]),
        (&json!(1), &json!(1), &json!(4))
    );
    let quality = later("quality");
    assert_eq!((&quality["timeouts"], &quality["timeout_share"]), (&json!(1), &json!(1.0)));
    assert_eq!((&quality["reopened"], &quality["reopened_share"]), (&json!(1), &json!(1.0)));
}
