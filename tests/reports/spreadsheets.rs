//! `make spreadsheets`: tables, opened by a spreadsheet that has the Russian locale.

use std::fs;
use std::process::Command;

use serde_json::json;

use crate::support::{TestApp, private_folder};

/// As by a double click: `;`, quotes, UTF-8, Russian; numbers and dates are recognised, and
/// formulas would run.
const AS_RUSSIAN: &str = "CSV:59,34,76,1,,1049,false,true,false,false,false,,true";

/// What a spreadsheet would run, if it took it for a formula.
const FORMULAS: [&str; 5] =
    ["=1+1", "=HYPERLINK(\"http://x\";\"да\")", "+7 701 000", "-2+3", "@SUM(1;2)"];

/// A table as the spreadsheet has it, cell by cell: the type of each with its text.
fn opened(table: &str) -> Vec<Vec<(String, String)>> {
    let folder = private_folder();
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("table.csv"), table).unwrap();
    let output = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()))
        .args(["--headless", &format!("--infilter={AS_RUSSIAN}"), "--convert-to", "fods"])
        .arg("--outdir")
        .arg(&folder)
        .arg(folder.join("table.csv"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let sheet = fs::read_to_string(folder.join("table.fods")).unwrap();
    let body = sheet.split_once("<table:table ").unwrap().1.split_once("</table:table>").unwrap().0;
    assert!(!body.contains("table:formula"), "{body}");
    body.split("<table:table-row").skip(1).map(cells).filter(|it| !it.is_empty()).collect()
}

fn cells(row: &str) -> Vec<(String, String)> {
    let between = |text: &str, from: &str, to: &str| {
        text.split_once(from).and_then(|(_, it)| it.split_once(to)).map(|it| it.0.to_owned())
    };
    let cells = row.split("<table:table-cell").skip(1).flat_map(|cell| {
        let repeated = between(cell, "table:number-columns-repeated=\"", "\"");
        let kind = between(cell, "office:value-type=\"", "\"").unwrap_or_default();
        let text = between(cell, "<text:p>", "</text:p>").unwrap_or_default();
        let value = between(cell, "office:value=\"", "\"").unwrap_or(text);
        let times: usize = repeated.map_or(1, |it| it.parse().unwrap());
        std::iter::repeat_n((kind, plain(&value)), times)
    });
    let mut cells: Vec<(String, String)> = cells.collect();
    while cells.pop_if(|it| it.0.is_empty()).is_some() {}
    cells
}

/// A text of XML without its entities.
fn plain(text: &str) -> String {
    let entities =
        [("&apos;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}

fn is(kind: &str, value: &str) -> (String, String) {
    (kind.to_owned(), value.to_owned())
}

/// Section 8, IN12: columns are columns, decimal commas numbers, dates dates, Cyrillic is read, and
/// nothing that somebody wrote is run.
#[test]
#[ignore = "needs LibreOffice: make spreadsheets"]
fn s8_tables_open_right_in_a_russian_spreadsheet() {
    let app = TestApp::spawn();
    for subject in FORMULAS {
        app.customer().has_filed(app.request_with(&json!({ "subject": subject })));
    }
    app.ticket("in_progress");
    let name = json!({ "name": "=1+1; \"Кавычки\"" });
    app.admin().patch(&format!("/companies/{}", app.ids.company), name).expect(200);
    let today: String = app.value("select ((now() at time zone interval '06:00')::date)::text");
    let table = |path: &str| {
        let headers = [("accept", "text/csv"), ("accept-language", "ru")];
        opened(&app.admin().send("GET", path, &headers, None).expect(200).text)
    };

    let groups = table(&format!("/reports/flow?group_by=company_id&from={today}"));
    assert_eq!(groups[0][1], is("string", "Группа"));
    assert_eq!(groups[1][1], is("string", "'=1+1; \"Кавычки\""));
    assert_eq!(groups[1][3], is("float", "6"));
    let shares = table(&format!("/reports/deadlines?bucket=day&from={today}"));
    assert_eq!(shares[0][1], is("string", "Период: с"));
    assert_eq!(shares[1][1].0, "date");
    let share = shares[0].iter().position(|it| it.1 == "Принятие: доля выполненных").unwrap();
    assert_eq!(shares[1][share].0, "float");
    let tickets = table("/tickets/export?columns=id,subject,created_at");
    assert_eq!(tickets[0][1], is("string", "Тема"));
    for (row, formula) in tickets[1..].iter().zip(FORMULAS) {
        assert_eq!(row[1], is("string", &format!("'{formula}")), "{row:?}");
        assert_eq!(row[2].0, "date", "{row:?}");
    }
    for name in
        ["times", "workload", "frequent-questions", "quality", "waits", "activity", "arrivals"]
    {
        let rows = table(&format!("/reports/{name}?from={today}"));
        assert!(rows.len() > 1 && rows[0].len() > 1, "{name}: {rows:?}");
        assert!(
            rows[0].iter().all(|it| it.0 == "string" && !it.1.contains('_')),
            "{name}: {rows:?}"
        );
    }
}
