//! Values of fields as text.

use serde_json::{Value, json};

use crate::import::format::Field;
use crate::import::redmine::directory::Directory;
use crate::import::redmine::json::{CustomField, Issue};
use crate::import::redmine::map::{FieldTo, Map};
use crate::redmine::fields::label_of;

/// One value of a custom field, as people read it.
pub fn label(field: &CustomField, value: &str, directory: &Directory) -> String {
    let number = || value.parse::<i64>().ok();
    let possible = || field.possible_values.iter().find(|it| it.value == value);
    match field.field_format.as_str() {
        "user" => number().map_or_else(|| value.to_owned(), |it| directory.name_of(it)),
        "version" => {
            let version = number().and_then(|id| directory.versions.iter().find(|it| it.id == id));
            version.map_or_else(|| value.to_owned(), |it| it.name.clone())
        }
        "bool" => match (possible(), value) {
            (Some(it), _) => it.label.clone(),
            (None, "1") => "Да".to_owned(),
            (None, _) => "Нет".to_owned(),
        },
        "attachment" => format!("файл №{value}"),
        _ => possible().map_or_else(|| value.to_owned(), |it| it.label.clone()),
    }
}

/// The values of a custom field, single or many.
pub fn values(value: &Value) -> Vec<&str> {
    match value {
        Value::String(it) => vec![it.as_str()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    }
    .into_iter()
    .filter(|it| !it.is_empty())
    .collect()
}

/// The value of the field that is mapped to something of ours.
pub fn mapped(issue: &Issue, to: FieldTo, directory: &Directory, map: &Map) -> Option<String> {
    issue.custom_fields.iter().find_map(|it| {
        let field = directory.field(it.id)?;
        let value = values(&it.value).join(", ");
        (map.field(field) == to && !value.trim().is_empty()).then(|| value.trim().to_owned())
    })
}

/// Fields without a counterpart here. Mapped ones are included, since old scripts request them by number.
pub fn fields(issue: &Issue, directory: &Directory, map: &Map) -> Vec<Field> {
    let mut fields = standard(issue, directory);
    for it in &issue.custom_fields {
        let Some(field) = directory.field(it.id) else { continue };
        if map.field(field) == FieldTo::Drop {
            continue;
        }
        let words: Vec<String> =
            values(&it.value).iter().map(|it| label(field, it, directory)).collect();
        fields.push(Field {
            key: format!("cf_{}", it.id),
            name: field.name.clone(),
            value: words.join(", "),
            raw: it.value.clone(),
            is_internal: !field.visible,
        });
    }
    fields
}

fn standard(issue: &Issue, directory: &Directory) -> Vec<Field> {
    let field = |key: &str, name: &str, value: String, raw: Value| Field {
        key: key.to_owned(),
        name: name.to_owned(),
        value,
        raw,
        is_internal: false,
    };
    let mut fields = Vec::new();
    let mut add = |key, name, value: Option<String>, raw: Value| {
        fields.extend(value.filter(|it| !it.is_empty()).map(|it| field(key, name, it, raw)));
    };
    let named =
        |it: &Option<crate::import::redmine::json::Named>| it.as_ref().map(|it| it.name.clone());
    add("category", label_of("category_id"), named(&issue.category), json!(issue.category));
    add(
        "fixed_version",
        label_of("fixed_version_id"),
        named(&issue.fixed_version),
        json!(issue.fixed_version),
    );
    add("start_date", label_of("start_date"), issue.start_date.clone(), json!(issue.start_date));
    add("due_date", label_of("due_date"), issue.due_date.clone(), json!(issue.due_date));
    let done = issue.done_ratio.filter(|it| *it > 0).map(|it| it.to_string());
    add("done_ratio", label_of("done_ratio"), done, json!(issue.done_ratio));
    let hours = issue.estimated_hours.map(|it| it.to_string());
    add("estimated_hours", label_of("estimated_hours"), hours, json!(issue.estimated_hours));
    let assignee = issue.assigned_to.as_ref();
    let group = assignee.and_then(|it| directory.group(it.id));
    let other = assignee.filter(|it| group.is_none() && !directory.support.contains(&it.id));
    add("assigned_to", label_of("assigned_to_id"), named(&other.cloned()), json!(other));
    add(
        "assigned_group",
        "Назначена группе",
        group.map(|it| it.name.clone()),
        json!(group.map(|it| it.id)),
    );
    fields
}
