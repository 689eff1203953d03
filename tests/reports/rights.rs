//! Who sees which reports, and what is refused.

use serde_json::{Value, json};

use super::links::follow;
use crate::support::{TestApp, friday};

/// The reports that need no parameter.
pub const NAMES: [&str; 9] = [
    "flow",
    "deadlines",
    "times",
    "quality",
    "workload",
    "waits",
    "frequent-questions",
    "arrivals",
    "activity",
];

/// Section 8: customers see their own company and no names of engineers; engineers their directions
/// and themselves; the commercial department numbers alone.
#[test]
fn s8_everybody_sees_their_part() {
    let app = TestApp::spawn();
    app.ticket("in_progress");
    app.foreign_ticket();
    let wifi = json!({ "project_id": app.ids.wifi_project, "product_id": app.ids.wifi_product });
    app.customer().has_filed(app.request_with(&wifi));
    let span = |person: &crate::support::Person, name: &str| {
        let today =
            app.value::<String>("select ((now() at time zone interval '06:00')::date)::text");
        person.get(&format!("/reports/{name}?from={today}"))
    };

    assert_eq!(span(&app.admin(), "flow").body["totals"]["filed"], 3);
    assert_eq!(span(&app.engineer(), "flow").body["totals"]["filed"], 3);
    assert_eq!(span(&app.other_engineer(), "flow").body["totals"]["filed"], 1);
    assert_eq!(span(&app.customer(), "flow").body["totals"]["filed"], 2);
    assert_eq!(span(&app.stranger(), "flow").body["totals"]["filed"], 1);
    let link = span(&app.other_engineer(), "flow").body["totals"]["links"]["filed"].clone();
    let path = link.as_str().unwrap().split_once("/api/v1").unwrap().1.to_owned();
    assert_eq!(app.other_engineer().get(&path).expect(200).items().len(), 1);
    let rows = span(&app.engineer(), "workload").body["rows"].clone();
    assert_eq!(rows.as_array().unwrap().len(), 1);
    let by_engineer = app.customer().get("/reports/flow?group_by=engineer").expect(422);
    assert_eq!(by_engineer.errors(), ["group_by not_permitted"]);
    let sheet = format!("company?company_id={}", app.ids.company);
    let numbers = app.commercial().get(&format!("/reports/{sheet}")).expect(200);
    assert!(!numbers.text.contains("Сары-Арка") && !numbers.text.contains("/tickets?"));
    assert_eq!((&numbers.body["company"], &numbers.body["questions"]), (&Value::Null, &json!([])));
    let foreign = app.stranger().get(&format!("/reports/{sheet}")).expect(422);
    let missing = app.admin().get("/reports/company?company_id=4000000").expect(422);
    assert_eq!(foreign.errors(), ["company_id not_found"]);
    assert_eq!(missing.errors(), ["company_id not_found"]);
    app.customer().get("/reports/company").expect(200);
    for name in ["deadlines", "quality", "times", "company"] {
        let text = app.customer().get(&format!("/reports/{name}")).expect(200).text;
        assert!(!text.contains("Абдрахманов"), "{name}: {text}");
    }
}

/// Section 8: tickets are grouped by what they are now: one that moves to another project takes its figures along.
#[test]
fn s8_a_ticket_takes_its_figures_to_its_new_project() {
    let app = TestApp::spawn();
    let admin = app.admin();
    let ticket = app.ticket("in_progress");
    let today = app.value::<String>("select ((now() at time zone interval '06:00')::date)::text");
    let figures_of = |project: i64| {
        let path = |name: &str| format!("/reports/{name}?from={today}&project_id={project}");
        let flow = admin.get(&path("flow")).expect(200).body["totals"].clone();
        let deadlines = admin.get(&path("deadlines")).expect(200).body["totals"].clone();
        [&flow["filed"], &flow["accepted"], &deadlines["acceptance"]["met"]].map(Value::clone)
    };
    assert_eq!(figures_of(app.ids.project), [1, 1, 1]);

    let place = json!({ "project_id": app.ids.wifi_project, "product_id": app.ids.wifi_product });
    admin.edits(ticket, place).expect(200);

    assert_eq!(figures_of(app.ids.project), [0, 0, 0]);
    assert_eq!(figures_of(app.ids.wifi_project), [1, 1, 1]);
    let rows = admin.get(&format!("/reports/flow?from={today}&group_by=project_id")).expect(200);
    assert_eq!(rows.body["rows"].as_array().unwrap().len(), 1);
    assert_eq!(rows.body["rows"][0]["group"]["id"], app.ids.wifi_project);
}

/// Section 8: invalid spans, groupings and years are reported, each by its name.
#[test]
fn s8_bad_spans_and_groupings_are_reported() {
    let app = TestApp::spawn();
    let wrong =
        |query: &str| app.admin().get(&format!("/reports/flow?{query}")).expect(422).errors();

    assert_eq!(wrong("from=2026-11-02&to=2026-11-01"), ["to wrong_format"]);
    assert_eq!(wrong("from=2020-01-01&to=2026-01-01"), ["to span_too_long"]);
    assert_eq!(wrong("from=9999-01-01"), ["from wrong_format"]);
    assert_eq!(wrong("from=9998-01-01"), ["from too_late"]);
    assert_eq!(wrong("from=2026-13-01"), ["from wrong_format"]);
    assert_eq!(wrong("group_by=colour"), ["group_by not_one_of"]);
    assert_eq!(wrong("bucket=hour"), ["bucket not_one_of"]);
    assert_eq!(wrong("bucket=day&group_by=tracker"), ["group_by conflicts"]);
    assert_eq!(wrong("bucket=day&from=2024-01-01&to=2026-01-01"), ["bucket too_many_parts"]);
    let actions = app.admin().get("/reports/activity?from=2024-01-01&to=2026-01-01").expect(422);
    assert_eq!(actions.errors(), ["to span_too_long"]);
    let stray = app.admin().get("/tickets?from=2026-01-01").expect(422);
    assert_eq!(stray.errors(), ["from not_applicable"]);
    app.admin().get("/reports/flow?colour=red").expect(400);
}

/// Section 8: nothing can be asked of the time before 1970: what is computed from it is no date of the database.
#[test]
fn s8_nothing_is_asked_of_the_time_before_1970() {
    let app = TestApp::spawn();
    let company = format!("company?company_id={}&", app.ids.company);
    let reports = NAMES.map(|it| format!("/reports/{it}?"));
    let lists = ["flow.filed", "flow.open_at_start", "waits.silent"];
    let lists = lists.map(|it| format!("/tickets?figure={it}&"));

    for path in reports.into_iter().chain(lists).chain([format!("/reports/{company}")]) {
        for from in ["0001-01-01", "1969-12-31"] {
            let refused = app.admin().get(&format!("{path}from={from}"));
            assert_eq!(refused.errors(), ["from too_early"], "{path}");
        }
        let first = app.admin().get(&format!("{path}from=1970-01-01&to=1970-02-01"));
        assert_eq!(first.status, 200, "{path}: {}", first.text);
    }
    app.admin().get("/reports/flow?from=1970-01-01&to=1975-01-01&compare=previous").expect(200);
    app.admin().get("/tickets?created_after=0001-01-01T00:00:00Z").expect(200);
}

/// Section 8: each report takes the parameters that mean something to it, and no others.
#[test]
fn s8_a_report_takes_only_parameters_that_it_has() {
    let app = TestApp::spawn();
    let company = format!("company?company_id={}&", app.ids.company);
    let divided = ["bucket=day", "group_by=tracker"];
    let compared = ["compare=previous"];

    for name in ["workload?", "waits?", "frequent-questions?", "arrivals?", &company] {
        let is_compared = name.starts_with("arrivals") || name.starts_with("company");
        for parameter in divided.iter().chain(compared.iter().filter(|_| !is_compared)) {
            let refused = app.admin().get(&format!("/reports/{name}{parameter}"));
            assert_eq!((refused.status, refused.code()), (400, "unknown_parameter"), "{name}");
        }
    }
}

/// Section 8: engineers see their own work alone: on the dashboard, in the workload, and in the lists
/// behind it; customers see nobody's.
#[test]
fn s8_the_work_of_engineers_is_shown_to_them_and_to_the_head() {
    let app = TestApp::spawn();
    let (admin, engineer, customer) = (app.admin(), app.engineer(), app.customer());
    app.admin().adds_engineer(app.ids.telephony, &app.other_engineer());
    let (own, other) = (app.ticket("in_progress"), app.ticket("new"));
    app.other_engineer().takes(other);
    let present = |person: &crate::support::Person| -> Vec<Value> {
        let dashboard = person.get("/reports/dashboard").expect(200).body;
        dashboard["engineers"].as_array().unwrap().clone()
    };
    let today = app.value::<String>("select ((now() at time zone interval '06:00')::date)::text");

    assert_eq!(present(&admin).len(), 2);
    let alone = present(&engineer);
    assert_eq!(alone.len(), 1);
    assert_eq!((&alone[0]["engineer"]["id"], &alone[0]["open"]), (&json!(engineer.id), &json!(1)));
    let workload = engineer.get(&format!("/reports/workload?from={today}")).expect(200).body;
    let totals = &workload["totals"];
    let behind = follow(&engineer, totals);
    for name in ["open", "taken"] {
        assert_eq!((&totals[name], &behind[name]), (&json!(1), &vec![own]), "{name}");
    }
    let all = admin.get(&format!("/reports/workload?from={today}&assignee_id={}", engineer.id));
    for row in all.expect(200).body["rows"].as_array().unwrap() {
        let behind = follow(&admin, row);
        let listed = behind.get("open").map_or(0, Vec::len);
        assert_eq!(row["open"], listed, "{row}");
    }
    let errors = |person: &crate::support::Person, query: &str| {
        person.get(&format!("/tickets?{query}")).expect(422).errors()
    };
    let useless = format!("figure=flow.solved&engineer_id={}", engineer.id);
    assert_eq!(errors(&admin, &useless), ["engineer_id not_applicable"]);
    assert_eq!(errors(&customer, &useless), ["engineer_id not_applicable"]);
    let taken = format!("figure=workload.taken&engineer_id={}&from={today}", engineer.id);
    assert_eq!(errors(&customer, &taken), ["figure not_permitted"]);
    assert_eq!(admin.get(&format!("/tickets?{taken}")).expect(200).ids(), [own]);
}

/// Section 8: what has no product of the catalogue is a group like the others, and opens its list.
#[test]
fn s8_tickets_without_a_product_are_a_group_with_a_list() {
    let app = TestApp::spawn();
    let (admin, engineer) = (app.admin(), app.engineer());
    app.ticket("new");
    let unknown = json!({ "product_id": null, "product_name": "Старый шлюз" });
    let unknown = app.customer().has_filed(app.request_with(&unknown));
    let topic = json!({ "name": "Питание", "direction_id": app.ids.telephony });
    let topic = admin.post("/topics", topic).expect(201).id();
    let named = json!({ "topic_id": topic, "root_cause": null });
    engineer.put(&format!("/tickets/{unknown}/topic"), named).expect(200);
    let today = app.value::<String>("select ((now() at time zone interval '06:00')::date)::text");
    let rows = |report: &str| -> Vec<Value> {
        let report = admin.get(&format!("/reports/{report}from={today}")).expect(200).body;
        report["rows"].as_array().unwrap().clone()
    };

    let groups = rows("flow?group_by=product_id&");
    let nameless = groups.iter().find(|it| it["group"]["id"].is_null()).unwrap();
    let asked = rows("frequent-questions?");
    let question = asked.iter().find(|it| it["topic_id"] == topic).unwrap();

    assert_eq!(follow(&admin, nameless)["filed"], [unknown]);
    assert_eq!(follow(&admin, question)["tickets"], [unknown]);
}

/// Section 8: how long a question took is measured by the last closing of each ticket.
#[test]
fn s8_a_question_took_as_long_as_the_last_closing_says() {
    let app = TestApp::spawn();
    let closed = app.ticket("closed");
    let topic = json!({ "name": "Питание", "direction_id": app.ids.telephony });
    let topic = app.admin().post("/topics", topic).expect(201).id();
    let named = json!({ "topic_id": topic, "root_cause": null });
    app.engineer().put(&format!("/tickets/{closed}/topic"), named).expect(200);
    app.sql("update ticket_facts set minutes = 100 where kind = 'closed'");
    app.sql(
        "insert into ticket_facts (ticket_id, company_id, project_id, kind, at, filed_at, minutes)
         select ticket_id, company_id, project_id, kind, filed_at, filed_at, 7
         from ticket_facts where kind = 'closed'",
    );
    let today = app.value::<String>("select ((now() at time zone interval '06:00')::date)::text");

    let report = app.admin().get(&format!("/reports/frequent-questions?from={today}")).expect(200);

    assert_eq!(report.body["rows"][0]["median_to_solve"], 100);
}

/// Section 8: where a setting says so, a company's administrators get its report of the month before on the
/// first working day of a month, once; where it has none, its people do.
#[test]
fn s8_a_company_gets_its_month_by_mail() {
    let app = TestApp::sandbox();
    app.ticket("closed");
    app.set_clock(friday(&app, 10, 0));
    let asked = json!({ "needs_topic": false, "needs_root_cause": false, "mails_companies": true });
    app.admin().put("/settings/reports", asked).expect(200);
    let mails = "select distinct user_id from mails where kind = 'company_report' order by user_id";
    assert!(app.rows::<i64>(mails).is_empty());

    app.set_clock(app.clock() + chrono::TimeDelta::days(35));
    let everybody = [app.customer().id, app.colleague().id, app.stranger().id];
    assert_eq!(app.rows::<i64>(mails), everybody);
    let sent = || app.count("select from mails where kind = 'company_report'");
    let before = sent();
    app.set_clock(app.clock() + chrono::TimeDelta::days(1));
    assert_eq!(sent(), before);
    app.commercial().edits_account(&app.customer(), json!({ "is_company_admin": true }));
    app.sql("delete from mails");
    app.set_clock(app.clock() + chrono::TimeDelta::days(35));
    assert_eq!(app.rows::<i64>(mails), [app.customer().id, app.stranger().id]);
}
