//! Reports as tables.

use serde_json::json;

use super::rights::NAMES;
use crate::support::TestApp;

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
    assert_eq!(head[..4], ["Итог", "Группа", "Открыто на начало", "Подано"]);
    assert!(lines.next().unwrap().starts_with(";\"'=1+1; \"\"Кавычки\"\"\";0;1;"), "{text}");
    assert!(lines.next().unwrap().starts_with("Всего;;0;1;"), "{text}");
    let share = admin.get(&format!("/reports/deadlines?format=csv&from={today}")).expect(200).text;
    assert!(share.contains(";1;") || share.contains("1,0") || share.contains(";0;"), "{share}");
    for (name, code) in [("arrivals", "day;"), ("activity", "ticket."), ("workload", "true")] {
        let path = format!("/reports/{name}?format=csv&from={today}");
        let table = admin.send("GET", &path, &[("accept-language", "ru")], None).expect(200).text;
        assert!(table.lines().count() > 1 && !table.contains(code), "{table}");
    }
    let compared = format!("/reports/flow?compare=previous&format=csv&from={today}");
    let compared = admin.send("GET", &compared, &[("accept-language", "ru")], None).expect(200);
    let lines: Vec<&str> = compared.text.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with("Всего;0;1;") && lines[2].starts_with("Период до этого;0;0;"));
    assert!(compared.header("vary").split(", ").any(|it| it == "Accept"));
}

/// Section 8: every heading of every table is in the reader's words, and the totals of what waits stand beside
/// the releases.
#[test]
fn s8_headings_of_tables_are_words() {
    let app = TestApp::spawn();
    app.ticket("awaiting_release");
    app.ticket("on_hold");
    let today: String = app.value("select ((now() at time zone interval '06:00')::date)::text");
    let table = |name: &str| {
        let path = format!("/reports/{name}format=csv&from={today}");
        app.admin().send("GET", &path, &[("accept-language", "ru")], None).expect(200).text
    };
    let company = format!("company?company_id={}&", app.ids.company);

    for name in NAMES.map(|it| format!("{it}?")).iter().chain([&company]) {
        let head = table(name).lines().next().unwrap().to_owned();
        assert!(!head.contains(|it: char| it.is_ascii_alphabetic() || it == '_'), "{name}: {head}");
    }
    let waits = table("waits?");
    let cells: Vec<Vec<&str>> = waits.lines().map(|it| it.split(';').collect()).collect();
    let of = |heading: &str| cells[0].iter().position(|it| *it == heading).unwrap();
    let (silent, tickets) = (of("Без ответа поддержки"), of("Заявок"));
    assert_eq!((cells[1][0], cells[1][silent], cells[1][tickets]), ("", "", "1"));
    assert_eq!((cells[2][0], cells[2][silent], cells[2][tickets]), ("Всего", "0", ""));
}

/// Section 8: a table has the same columns whether it has rows or not, so that one month can be put below another.
#[test]
fn s8_a_table_without_rows_has_its_columns() {
    let app = TestApp::spawn();
    app.ticket("in_progress");
    let today: String = app.value("select ((now() at time zone interval '06:00')::date)::text");
    let head = |report: &str| {
        let path = format!("/reports/{report}format=csv");
        let table = app.admin().send("GET", &path, &[("accept-language", "ru")], None).expect(200);
        table.text.trim_start_matches('\u{feff}').lines().next().unwrap().to_owned()
    };
    let (empty, full) = ("from=2020-01-01&to=2020-02-01&", format!("from={today}&"));

    for report in
        ["flow?group_by=company_id&", "deadlines?group_by=status&", "times?group_by=tracker&"]
            .into_iter()
            .chain(["quality?group_by=priority&", "activity?", "arrivals?", "workload?"])
    {
        assert_eq!(head(&format!("{report}{empty}")), head(&format!("{report}{full}")), "{report}");
    }
    assert!(head(&format!("flow?group_by=company_id&{empty}")).starts_with("Итог;Группа;"));
    let questions = head(&format!("frequent-questions?{empty}"));
    assert!(questions.starts_with("Итог;Вопрос;Продукт;Тема №;Заявок;"), "{questions}");
    assert!(head("waits?").contains(";Релиз №;Версия;Продукт;"), "{}", head("waits?"));
    assert!(head("workload?").contains(";по статусу: новая;"), "{}", head("workload?"));
}
