//! Dates, hours and done ratios, which are not stored here: scripts may send them and get a warning.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::redmine::body::is_nothing;

/// Fields of an issue that are not stored here.
pub const UNSUPPORTED: &[&str] =
    &["start_date", "due_date", "done_ratio", "estimated_hours", "category_id", "fixed_version_id"];

/// Validates them as a Redmine would; returns sentences.
pub fn wrong(sent: &Map<String, Value>) -> Vec<String> {
    let date = |name: &str| {
        let date = sent.get(name).filter(|it| !is_nothing(it));
        date.map(|it| it.as_str().and_then(|it| it.parse::<NaiveDate>().ok()))
    };
    let (start, due) = (date("start_date"), date("due_date"));
    let mut wrong = Vec::new();
    for (name, date) in [("start_date", start), ("due_date", due)] {
        if date == Some(None) {
            wrong.push(format!("{name} is not a date (2026-12-31)"));
        }
    }
    if let (Some(Some(start)), Some(Some(due))) = (start, due)
        && due < start
    {
        wrong.push("due_date is before start_date".to_owned());
    }
    wrong
}
