//! Who has and did what, what waits, what is asked again, and the two sheets of all of it, against what
//! is counted by hand.

use serde_json::{Value, json};

use super::figures::{durations, without_links};
use super::fortnight::Fortnight;
use super::links::follow;
use crate::support::{Person, with};

pub fn workload(fortnight: &Fortnight) {
    let report = fortnight.report("workload", "");
    let of = |id: i64| {
        let rows = report["rows"].as_array().unwrap();
        without_links(rows.iter().find(|it| it["engineer"]["id"] == id).unwrap())
    };
    let person = |it: &Value| json!({ "engineer": it["engineer"], "is_present": true });
    let engineer = of(fortnight.app.engineer().id);
    let counted = json!({
        "open": 0, "by_status": {}, "by_priority": {}, "weight": 0, "overdue": 0, "taken": 25,
        "public_comments": 58, "solved": 24, "handed_over": 10, "reopened_after": 5,
        "median_to_answer": 90, "days_absent": 1.0,
    });
    assert_eq!(engineer, with(person(&engineer), &counted));
    let other = of(fortnight.app.other_engineer().id);
    let counted = json!({
        "open": 3, "by_status": { "feedback": 2, "resolved": 1 }, "by_priority": { "medium": 3 },
        "weight": 0, "overdue": 0, "taken": 2, "public_comments": 3, "solved": 1,
        "handed_over": 0, "reopened_after": 0, "median_to_answer": 10, "days_absent": 0.0,
    });
    assert_eq!(other, with(person(&other), &counted));
    // The admin said why two tickets were reopened.
    assert_eq!(of(fortnight.app.admin().id)["public_comments"], 2);
    assert_eq!(
        without_links(&report["totals"]),
        json!({
            "open": 3, "by_status": { "feedback": 2, "resolved": 1 }, "by_priority": { "medium": 3 },
            "weight": 0, "overdue": 0, "taken": 27, "public_comments": 63, "solved": 25,
            "handed_over": 10, "reopened_after": 5, "median_to_answer": 80, "days_absent": 1.0,
        })
    );
}

pub fn waits(fortnight: &Fortnight) {
    let waits = fortnight.report("waits", "");
    let nothing = json!({ "now": 0, "median_working_days": null });
    assert_eq!(
        without_links(&waits["totals"]),
        json!({
            "on_hold": {
                "department": nothing, "repair": { "now": 4, "median_working_days": 7.78 },
                "delivery": { "now": 1, "median_working_days": 18.89 }, "other": nothing,
            },
            "reviews_overdue": 8, "silent": 13,
        })
    );
    let rows: Vec<Value> = waits["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            json!([
                it["release_id"],
                it["planned_on"],
                it["is_overdue"],
                it["tickets"],
                it["companies"]
            ])
        })
        .collect();
    let planned = fortnight.day(10).to_string();
    assert_eq!(
        rows,
        [json!([fortnight.release, planned, true, 2, 1]), json!([null, null, false, 1, 1])]
    );
}

/// What is about the topic, with the article that was made of one of its tickets; the others are alike in
/// their words, by product.
pub fn questions(fortnight: &Fortnight) {
    let [one, two, ..] = fortnight.of(&["quick"])[..] else { unreachable!() };
    let (admin, engineer) = (fortnight.app.admin(), fortnight.app.engineer());
    let article = engineer.call("POST", &format!("/tickets/{one}/article"), None).expect(201).id();
    let sip = |reader: &Person| {
        let report = reader.get(&format!("/reports/frequent-questions?{}", fortnight.span()));
        let rows = report.expect(200).body["rows"].clone();
        let rows = rows.as_array().unwrap();
        rows.iter().find(|it| it["topic_id"] == fortnight.topic).unwrap().clone()
    };
    assert_eq!(sip(&admin)["article"], Value::Null);
    admin.publishes_article(article, 1, "staff").expect(200);

    let told_of = sip(&admin);
    let numbers = ["tickets", "companies", "previous", "solved_share", "median_to_solve"];
    assert_eq!(told_of["label"], "Регистрация SIP");
    assert_eq!(json!(numbers.map(|it| told_of[it].clone())), json!([3, 1, 1, 1.0, 120]));
    assert_eq!(told_of["ticket_ids"], json!([fortnight.only("returned"), two, one]));
    assert_eq!(told_of["article"]["id"], article);
    // A customer is not shown an article for staff.
    assert_eq!(sip(&fortnight.app.customer())["article"], Value::Null);
    admin.publishes_article(article, 1, "customers").expect(200);
    assert_eq!(sip(&fortnight.app.customer())["article"]["id"], article);
    let rows = fortnight.report("frequent-questions", "")["rows"].clone();
    let alike: Vec<i64> = rows
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["topic_id"].is_null())
        .map(|it| it["tickets"].as_i64().unwrap())
        .collect();
    assert_eq!(alike.iter().sum::<i64>(), 34 - 3, "{rows:#}");
}

/// The other engineer took two tickets and asked about both, and solved one that was handed over.
pub fn activity(fortnight: &Fortnight) {
    let by = format!("&actor_id={}", fortnight.app.other_engineer().id);
    let activity = fortnight.report("activity", &by);
    assert_eq!(
        without_links(&activity["totals"]),
        json!({ "actions": 5, "by_type": { "ticket.status_changed": 5 } })
    );
    let link = activity["totals"]["links"]["actions"].as_str().unwrap();
    let path = link.split_once("/api/v1").unwrap().1;
    assert_eq!(fortnight.app.admin().get(path).expect(200).items().len(), 5);
    let rows: Vec<(String, i64)> = activity["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (it["bucket"]["from"].as_str().unwrap().to_owned(), it["actions"].as_i64().unwrap())
        })
        .collect();
    assert_eq!(rows, [(fortnight.day(0).to_string(), 4), (fortnight.day(7).to_string(), 1)]);
    let all = fortnight.report("activity", "");
    let by_day: i64 =
        all["rows"].as_array().unwrap().iter().map(|it| it["actions"].as_i64().unwrap()).sum();
    assert_eq!(all["totals"]["actions"], by_day);
    let listed = |link: &Value| {
        let path = link.as_str().unwrap().split_once("/api/v1").unwrap().1;
        fortnight.app.admin().get(&format!("{path}&limit=100")).expect(200).items().to_vec()
    };
    for row in all["rows"].as_array().unwrap() {
        let events = listed(&row["links"]["actions"]);
        assert_eq!(events.len() as i64, row["actions"].as_i64().unwrap(), "{row}");
        assert!(events.iter().all(|it| it["actor"]["role"] != "system"), "{row}");
    }
    assert_eq!(listed(&all["totals"]["links"]["actions"]).len(), 100);
    assert_eq!(all["totals"]["by_type"]["ticket.created"], 34);
    // Of quick 18, held 16, returned 15, paused 15, weekend 9, awaiting 6, solved_by_customer 6, asked 4,
    // revived 3, rejected 2, handed_over 2, never_accepted 2, released 2, reopened 1.
    assert_eq!(all["totals"]["by_type"]["ticket.status_changed"], 101);
    assert_eq!(all["totals"]["by_type"]["ticket.commented"], 3);
}

pub fn company(fortnight: &Fortnight) {
    let company =
        fortnight.report("company", &format!("&company_id={}", fortnight.app.ids.company));
    let totals = &company["totals"];
    let flow = ["open_at_start", "filed", "closed", "rejected", "reopened", "open_at_end"];
    assert_eq!(flow.map(|it| totals["flow"][it].as_i64().unwrap()), [5, 29, 22, 2, 2, 12]);
    assert_eq!(
        totals["by_status"],
        json!({ "new": 3, "in_progress": 1, "feedback": 2, "on_hold": 5, "resolved": 1 })
    );
    let ended = |clock: &str| totals["deadlines"][clock]["ended"].clone();
    assert_eq!((ended("acceptance"), ended("response")), (json!(26), json!(38)));
    assert_eq!(totals["times"]["to_accept"], durations(24, 30, 90, 90));
    assert_eq!(totals["quality"]["ratings"]["count"], 12);
    let refused = &totals["quality"]["refusals"]["no_description"];
    assert_eq!(*refused, json!({ "automatic": 1, "confirmed": 1, "registered": 0 }));
}

pub fn dashboard(fortnight: &Fortnight) {
    let dashboard = fortnight.app.admin().get("/reports/dashboard").expect(200).body;
    assert_eq!(
        without_links(&dashboard["open"]),
        json!({
            "count": 17,
            "by_status": {
                "new": 5, "in_progress": 1, "feedback": 2, "resolved": 1, "awaiting_release": 3,
                "on_hold": 5,
            },
            "by_priority": { "medium": 14, "high": 3 },
            "overdue": 4, "due_within_the_hour": 0, "unassigned": 14, "waiting_for_customer": 3,
        })
    );
    // Those of the thirty days include what was accepted and answered before the two weeks.
    assert_eq!(dashboard["share_met"], 0.8205);
    let oldest: Vec<&Value> =
        dashboard["oldest"].as_array().unwrap().iter().map(|it| &it["ticket"]["id"]).collect();
    let [asked, ..] = fortnight.of(&["asked"])[..] else { unreachable!() };
    assert_eq!(
        oldest[..4],
        [
            fortnight.only("forgotten"),
            fortnight.only("reopened"),
            fortnight.only("delivery"),
            asked
        ]
    );
    assert_eq!(
        (&dashboard["week"]["filed"], &dashboard["week"]["open_at_end"]),
        (&json!(0), &json!(17))
    );
    assert_eq!(dashboard["today"]["open_at_start"], 17);
    let load: Vec<i64> = dashboard["engineers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["open"].as_i64().unwrap())
        .collect();
    assert_eq!(load.iter().sum::<i64>(), 3);
}

/// The tickets of a question are those that are alike, and all of them together those of the totals, be it of
/// some alone; a list that is narrowed down further does not compare fewer of them.
pub fn lists_of_questions(fortnight: &Fortnight) {
    let admin = fortnight.app.admin();
    for narrowed in ["", "&tracker=bug", "&priority=low"] {
        let report = fortnight.report("frequent-questions", narrowed);
        let whole = follow(&admin, &report["totals"])["tickets"].clone();
        let mut parts = Vec::new();
        for row in report["rows"].as_array().unwrap() {
            let ids = follow(&admin, row)["tickets"].clone();
            assert_eq!(ids.len() as i64, row["tickets"], "{row}");
            let mut shown: Vec<i64> = serde_json::from_value(row["ticket_ids"].clone()).unwrap();
            shown.retain(|it| !ids.contains(it));
            assert_eq!(shown, Vec::<i64>::new(), "{row}");
            parts.extend(ids);
        }
        parts.sort_unstable();
        assert_eq!(
            (&parts, parts.len() as i64),
            (&whole, report["totals"]["tickets"].as_i64().unwrap())
        );
    }
    let report = fortnight.report("frequent-questions", "");
    let link = report["totals"]["links"]["tickets"].as_str().unwrap();
    let path = link.split_once("/api/v1").unwrap().1;
    let mut open = admin.get(&format!("{path}&status=open&limit=100")).expect(200).ids();
    let mut whole = admin.get(&format!("{path}&limit=100")).expect(200).ids();
    whole.retain(|it| fortnight.open().contains(it));
    open.sort_unstable();
    whole.sort_unstable();
    assert_eq!(open, whole);
    let wrong = admin.get("/tickets?figure=flow.filed&alike_to=1").expect(422);
    assert_eq!(wrong.errors(), ["alike_to not_applicable"]);
    assert_eq!(admin.get("/tickets?alike_to=1").expect(422).errors(), ["alike_to not_applicable"]);
}
