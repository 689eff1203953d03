//! The entities whose old and new values the audit log records.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

/// A row, or some of its columns.
#[derive(Debug, Clone, Copy)]
pub enum Entity {
    AnswerTemplate(i64),
    /// Without its texts, which its versions keep.
    Article(i64),
    /// Who may publish articles.
    ArticleSettings,
    /// The directions that assign their tickets automatically.
    Assignment,
    Calendar,
    CalendarDay(NaiveDate),
    Company(i64),
    /// With its engineers.
    Direction(i64),
    Macro(i64),
    Product(i64),
    /// With its members.
    Project(i64),
    /// With its files.
    Release(i64),
    /// What tickets have to state for reports.
    Reports,
    Sla,
    Topic(i64),
    User(i64),
    Webhook(i64),
}

/// The members that differ, each with its old and new value; null if there is no row.
pub fn changes(before: &Map<String, Value>, after: &Map<String, Value>) -> Map<String, Value> {
    let names = after.keys().chain(before.keys().filter(|it| !after.contains_key(*it)));
    let value = |of: &Map<String, Value>, it: &String| of.get(it).cloned().unwrap_or_default();
    let differing = names.filter(|it| value(before, it) != value(after, it));
    let change = |it: &String| json!({ "from": value(before, it), "to": value(after, it) });
    differing.map(|it| (it.clone(), change(it))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_a_change() {
        let map = |value: Value| value.as_object().cloned().unwrap_or_default();
        let before = map(json!({ "name": "Да", "is_active": true, "company_id": null }));
        let after = map(json!({ "name": "Нет", "is_active": true, "company_id": null }));

        let renamed = changes(&before, &after);

        assert_eq!(Value::Object(renamed), json!({ "name": { "from": "Да", "to": "Нет" } }));
        assert!(changes(&after, &after).is_empty());
        let gone = changes(&after, &Map::new());
        assert_eq!(gone["name"], json!({ "from": "Нет", "to": null }));
        let created = json!({
            "name": { "from": null, "to": "Да" }, "is_active": { "from": null, "to": true },
        });
        assert_eq!(Value::Object(changes(&Map::new(), &before)), created);
        assert_eq!(changes(&before, &Map::new())["name"], json!({ "from": "Да", "to": null }));
    }
}
