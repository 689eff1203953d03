//! A report as a table: a line for each row, then one for the totals, and one for those of the span before if it is
//! compared with that.

use domain::Language;
use serde_json::{Map, Value};

use crate::http::caller::Caller;
use crate::http::csv::{Cell, CsvWriter};
use crate::problem::Problem;
use crate::reports::words::{code_word, word, yes_or_no};

/// What has no column: lists behind figures, texts that do not fit into a cell, and types of events, which have rows.
const NO_COLUMNS: &[&str] = &["links", "comments", "ticket_ids", "by_type"];

/// The column that tells the totals from the rows.
const LINE: &str = "line";

/// The cells of a line, by the paths of their columns.
type Line = Vec<(String, Value)>;

/// The table of a report, with the columns that a blank row of it has.
pub fn table(report: &Value, blank: &Value, caller: &Caller) -> Result<Vec<u8>, Problem> {
    let (blank, lines) = (line(Value::Null, blank), lines(report));
    let names = names(std::iter::once(&blank).chain(&lines));
    let mut writer = CsvWriter::default();
    writer.row(names.iter().map(|it| Cell::from(title(it, caller.language))))?;
    for line in &lines {
        let value = |name: &str| line.iter().find(|(it, _)| it == name).map(|(_, value)| value);
        let cell =
            |name: &&str| value(name).map_or(Cell::Empty, |it| cell(name, it, caller.language));
        writer.row(names.iter().map(cell))?;
    }
    writer.take()
}

fn lines(report: &Value) -> Vec<Line> {
    let rows = report["rows"].as_array().into_iter().flatten();
    let rows = rows.map(|it| (Value::Null, it));
    let sums = ["totals", "previous"].map(|it| (Value::from(it), &report[it]));
    let sums = sums.into_iter().filter(|(_, figures)| !figures.is_null());
    rows.chain(sums).map(|(mark, figures)| line(mark, figures)).collect()
}

fn line(mark: Value, figures: &Value) -> Line {
    let mut line = vec![(LINE.to_owned(), mark)];
    line.extend(columns(figures));
    line
}

/// The columns that any line has, each where the first that has it puts it: what is counted by word
/// has no column of its own in lines without that word.
fn names<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for line in lines {
        let mut place = 0;
        for (name, _) in line {
            place = match names.iter().position(|it| it == name) {
                Some(known) => known + 1,
                None => {
                    names.insert(place, name);
                    place + 1
                }
            };
        }
    }
    names
}

/// The columns of a row, in order, by their path.
fn columns(row: &Value) -> Line {
    let mut columns = Vec::new();
    if let Value::Object(members) = row {
        flatten("", members, &mut columns);
    }
    columns
}

fn flatten(path: &str, members: &Map<String, Value>, columns: &mut Line) {
    for (name, value) in members {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match (name.as_str(), value) {
            (name, _) if NO_COLUMNS.contains(&name) => {}
            ("bucket" | "group", Value::Null) => {}
            ("group" | "product" | "engineer" | "ticket" | "article", Value::Object(members)) => {
                columns.push((path, members.get("name").cloned().unwrap_or_default()));
            }
            (_, Value::Object(members)) => flatten(&path, members, columns),
            (_, Value::Array(_)) => {}
            (_, value) => columns.push((path, value.clone())),
        }
    }
}

/// What a column is called, in the caller's language.
fn title(path: &str, language: Language) -> String {
    let words: Vec<String> = path.split('.').map(|it| word(it, language)).collect();
    words.join(": ")
}

/// A value of a column; codes in the words of a language.
fn cell<'a>(column: &str, value: &'a Value, language: Language) -> Cell<'a> {
    match value {
        Value::Null => Cell::Empty,
        Value::Bool(it) => Cell::from(yes_or_no(*it, language)),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(it), _) => Cell::Integer(it),
            (None, Some(it)) => Cell::Decimal(it, digits(it)),
            (None, None) => Cell::from(number.to_string()),
        },
        Value::String(text) => match text.parse() {
            Ok(day) => Cell::Date(day),
            Err(_) => Cell::from(code_word(column, text, language).unwrap_or(text)),
        },
        Value::Array(_) | Value::Object(_) => Cell::Empty,
    }
}

/// How many digits after the comma a share or an average needs.
fn digits(number: f64) -> usize {
    let text = number.to_string();
    text.split_once('.').map_or(0, |(_, rest)| rest.len())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_becomes_columns_by_their_paths() {
        let row = json!({
            "bucket": { "from": "2026-11-01", "to": "2026-11-02" },
            "group": null,
            "filed": 3,
            "acceptance": { "met": 2, "share_met": 0.6667 },
            "links": { "filed": "https://…" },
        });

        let columns = columns(&row);

        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["bucket.from", "bucket.to", "filed", "acceptance.met", "acceptance.share_met"]
        );
        assert_eq!(title("acceptance.met", Language::Ru), "Принятие: выполнено");
    }

    /// Codes are shown in the caller's words; what somebody wrote stays, even if it reads like a code.
    #[test]
    fn s8_a_code_is_a_word_of_the_caller() {
        let is_shown_as = |column, value: Value, word| {
            assert_eq!(cell(column, &value, Language::Ru), Cell::from(word));
        };
        is_shown_as("weekday", json!("sunday"), "Воскресенье");
        is_shown_as("type", json!("ticket.commented"), "Новый комментарий");
        is_shown_as("is_present", json!(true), "да");
        is_shown_as("group", json!("sunday"), "sunday");
    }

    /// Rows that count by word have columns for the words of all of them, in one order.
    #[test]
    fn what_only_some_rows_have_is_a_column_of_all() {
        let lines = [
            json!({ "open": 1, "by_status": { "new": 1 }, "weight": 2 }),
            json!({ "open": 2, "by_status": { "feedback": 1, "new": 1 }, "weight": 3 }),
        ];

        let lines: Vec<_> = lines.iter().map(columns).collect();

        assert_eq!(names(&lines), ["open", "by_status.feedback", "by_status.new", "weight"]);
    }

    /// A table without rows has the columns that rows would have, where rows have them.
    #[test]
    fn s8_a_table_without_rows_has_the_columns_of_rows() {
        let report = json!({ "totals": { "filed": 0, "questions": 0 }, "rows": [] });
        let blank = line(Value::Null, &json!({ "label": "", "product": null, "filed": 0 }));

        let lines = lines(&report);

        let names = names(std::iter::once(&blank).chain(&lines));
        assert_eq!(names, ["line", "label", "product", "filed", "questions"]);
        assert_eq!(lines.len(), 1);
    }

    /// The totals have a line of their own below the rows, and so have those that they are compared with.
    #[test]
    fn totals_and_the_span_before_are_lines_of_their_own() {
        let report = json!({
            "totals": { "filed": 3, "questions": 2 },
            "previous": { "filed": 1, "questions": 1 },
            "rows": [{ "label": "SIP", "filed": 3 }],
        });
        let alone = json!({ "totals": { "filed": 0 }, "previous": null, "rows": [] });

        let lines = lines(&report);

        assert_eq!(names(&lines), ["line", "label", "filed", "questions"]);
        let marks: Vec<&Value> = lines.iter().map(|it| &it[0].1).collect();
        assert_eq!(marks, [&Value::Null, &json!("totals"), &json!("previous")]);
        assert_eq!(super::lines(&alone).len(), 1);
        assert_eq!(cell(LINE, marks[1], Language::Ru), Cell::from("Всего"));
        assert_eq!(cell(LINE, marks[2], Language::Ru), Cell::from("Период до этого"));
    }
}
