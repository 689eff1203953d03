//! Dates, hours and shares, which nobody keeps here: old scripts may send them, and are told.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::redmine::body::is_nothing;

/// What a Redmine keeps of an issue, and we do not.
pub const KEPT_NOWHERE: &[&str] =
    &["start_date", "due_date", "done_ratio", "estimated_hours", "category_id", "fixed_version_id"];

/// What is wrong with them, in words: as a Redmine would have it.
pub fn wrong(sent: &Map<String, Value>) -> Vec<String> {
    let date = |name: &str| {
        let given = sent.get(name).filter(|it| !is_nothing(it));
        given.map(|it| it.as_str().and_then(|it| it.parse::<NaiveDate>().ok()))
    };
    let (start, due) = (date("start_date"), date("due_date"));
    let mut wrong = Vec::new();
    for (name, date) in [("start_date", start), ("due_date", due)] {
        if date == Some(None) {
            wrong.push(format!("{name} is no date (2026-12-31)"));
        }
    }
    if let (Some(Some(start)), Some(Some(due))) = (start, due)
        && due < start
    {
        wrong.push("due_date is before start_date".to_owned());
    }
    wrong
}
