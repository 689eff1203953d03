//! Who sees which reports, what is refused, and what a table looks like.

use serde_json::{Value, json};

use crate::support::{TestApp, friday};

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

    assert_eq!(wrong("from=2026-11-02&to=2026-11-01"), ["to conflicts"]);
    assert_eq!(wrong("from=2020-01-01&to=2026-01-01"), ["to not_applicable"]);
    assert_eq!(wrong("from=9999-01-01"), ["from wrong_format"]);
    assert_eq!(wrong("from=9998-01-01"), ["from not_applicable"]);
    assert_eq!(wrong("from=2026-13-01"), ["from wrong_format"]);
    assert_eq!(wrong("group_by=colour"), ["group_by not_one_of"]);
    assert_eq!(wrong("bucket=hour"), ["bucket not_one_of"]);
    assert_eq!(wrong("bucket=day&group_by=tracker"), ["group_by conflicts"]);
    assert_eq!(wrong("bucket=day&from=2024-01-01&to=2026-01-01"), ["bucket not_applicable"]);
    let stray = app.admin().get("/tickets?from=2026-01-01").expect(422);
    assert_eq!(stray.errors(), ["from not_applicable"]);
    app.admin().get("/reports/flow?colour=red").expect(400);
}

/// Section 8: a table for a Russian spreadsheet, in the caller's words.
#[test]
fn s8_a_report_is_a_table_for_spreadsheets() {
    let app = TestApp::spawn();
    app.ticket("in_progress");
    let admin = app.admin();
    let company = json!({ "name": "=1+1; \"Кавычки\"" });
    app.admin().patch(&format!("/companies/{}", app.ids.company), company).expect(200);
    let today: String = app.value("select ((now() at time zone interval '06:00')::date)::text");
    let path = format!("/reports/flow?group_by=company_id&from={today}");
    let by_header =
        admin.send("GET", &path, &[("accept", "text/csv"), ("accept-language", "ru")], None);

    let table = by_header.expect(200);
    assert!(table.header("content-type").starts_with("text/csv"));
    let text = table.text.strip_prefix('\u{feff}').expect("a mark");
    let mut lines = text.split("\r\n");
    let head: Vec<&str> = lines.next().unwrap().split(';').collect();
    assert_eq!(head[..3], ["Группа", "Открыто на начало", "Подано"]);
    assert!(lines.next().unwrap().starts_with("\"'=1+1; \"\"Кавычки\"\"\";0;1;"), "{text}");
    let share = admin.get(&format!("/reports/deadlines?format=csv&from={today}")).expect(200).text;
    assert!(share.contains(";1;") || share.contains("1,0") || share.contains(";0;"), "{share}");
    for (name, code) in [("arrivals", "day;"), ("activity", "ticket."), ("workload", "true")] {
        let path = format!("/reports/{name}?format=csv&from={today}");
        let table = admin.send("GET", &path, &[("accept-language", "ru")], None).expect(200).text;
        assert!(table.lines().count() > 1 && !table.contains(code), "{table}");
    }
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
