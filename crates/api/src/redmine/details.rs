//! What an event changed, as details of a journal.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use crate::redmine::fields::{Field, RELATION, attribute_of, relation_kind};
use crate::redmine::numbers::Numbers;

/// The Redmine numbers and names of what events refer to.
pub struct Names<'a> {
    pub numbers: &'a Numbers,
    pub people: HashMap<i64, i64>,
    pub products: HashMap<i64, String>,
    pub projects: HashMap<i64, i64>,
    pub file_numbers: HashMap<i64, i64>,
    pub files: HashMap<i64, String>,
    /// What the ticket is to others, where it is not merely related.
    pub relations: HashMap<i64, String>,
}

/// All old and new values of a field in some events.
pub fn mentioned<'a>(events: &'a [Value], field: &'a str) -> impl Iterator<Item = i64> + 'a {
    let changes = events.iter().map(move |it| &it["changes"][field]);
    changes.flat_map(|it| [it["from"]["id"].as_i64(), it["to"]["id"].as_i64()]).flatten()
}

/// A value before and after, as text.
type Pair = (Option<String>, Option<String>);

pub fn details(event: &Value, names: &Names<'_>) -> Vec<Value> {
    let mut details = Vec::new();
    let mut fields = BTreeMap::<i64, Pair>::new();
    for (field, change) in event["changes"].as_object().into_iter().flatten() {
        if let Some(name) = attribute(field) {
            let text = |value: &Value| attribute_text(field, value, names);
            details.push(detail("attr", name, (text(&change["from"]), text(&change["to"]))));
        } else if field == "related_id" {
            details.push(relation(change, names));
        } else {
            custom(field, change, names, &mut fields);
        }
        if field == "imported_fields" {
            details.extend(imported_attributes(change, names));
        }
    }
    let custom = fields.into_iter().map(|(id, pair)| detail("cf", &id.to_string(), pair));
    details.extend(custom);
    for file in event["attachments"].as_array().into_iter().flatten() {
        let Some(id) = file["id"].as_i64() else { continue };
        let Some(name) = names.files.get(&id) else { continue };
        let number = names.file_numbers.get(&id).unwrap_or(&0);
        details.push(detail("attachment", &number.to_string(), (None, Some(name.clone()))));
    }
    details
}

fn relation(change: &Value, names: &Names<'_>) -> Value {
    let number = |it: &Value| it["id"].as_i64();
    let (from, to) = (number(&change["from"]), number(&change["to"]));
    let kind = from.or(to).and_then(|it| names.relations.get(&it));
    let pair = (from.map(|it| it.to_string()), to.map(|it| it.to_string()));
    detail("relation", kind.map_or("relates", String::as_str), pair)
}

fn detail(property: &str, name: &str, (old, new): Pair) -> Value {
    json!({ "property": property, "name": name, "old_value": old, "new_value": new })
}

/// Redmine's name for a standard field.
fn attribute(field: &str) -> Option<&'static str> {
    Some(match field {
        "status" => "status_id",
        "tracker" => "tracker_id",
        "priority" => "priority_id",
        "assignee_id" => "assigned_to_id",
        "parent_id" => "parent_id",
        "project_id" => "project_id",
        "subject" => "subject",
        "description" => "description",
        _ => return None,
    })
}

fn attribute_text(field: &str, value: &Value, names: &Names<'_>) -> Option<String> {
    match field {
        "status" | "tracker" | "priority" => {
            names.numbers.of_word(field, value.as_str()?).map(|it| it.to_string())
        }
        "project_id" => names.projects.get(&value["id"].as_i64()?).map(ToString::to_string),
        "assignee_id" => names.people.get(&value["id"].as_i64()?).map(ToString::to_string),
        "parent_id" => value["id"].as_i64().map(|it| it.to_string()),
        _ => value.as_str().map(str::to_owned),
    }
}

/// Changes of attributes that have no counterpart here, by their numbers where they have some.
fn imported_attributes(change: &Value, names: &Names<'_>) -> Vec<Value> {
    let (mut changes, mut relations) = (BTreeMap::<&str, Pair>::new(), Vec::new());
    for (value, is_old) in [(&change["from"], true), (&change["to"], false)] {
        for line in value.as_array().into_iter().flatten().filter_map(Value::as_str) {
            let Some((label, value)) = line.split_once(": ") else { continue };
            if label == RELATION {
                relations.extend(imported_relation(value, is_old));
                continue;
            }
            let Some(attribute) = attribute_of(label) else { continue };
            let value = Some(value_of(attribute, value, names));
            let (old, new) = changes.entry(attribute).or_default();
            *(if is_old { old } else { new }) = value;
        }
    }
    let changes = changes.into_iter().map(|(name, pair)| detail("attr", name, pair));
    changes.chain(relations).collect()
}

/// `связана с: №5`.
fn imported_relation(shown: &str, is_old: bool) -> Option<Value> {
    let (kind, number) = shown.split_once(": №")?;
    let number = Some(number.to_owned());
    let pair = if is_old { (number, None) } else { (None, number) };
    Some(detail("relation", relation_kind(kind), pair))
}

fn value_of(attribute: &str, shown: &str, names: &Names<'_>) -> String {
    let lists = &names.numbers.lists;
    let number_in = |list: &Value| {
        let all = list.as_array().into_iter().flatten();
        all.clone().find(|it| it["name"] == shown).map(|it| it["id"].to_string())
    };
    let number = match attribute {
        "fixed_version_id" => number_in(&lists["versions"]),
        "category_id" => number_in(&lists["categories"]),
        "status_id" => number_in(&lists["issue_statuses"]),
        "is_private" => Some(if shown == "Да" { "1" } else { "0" }.to_owned()),
        _ => None,
    };
    number.unwrap_or_else(|| shown.trim_start_matches('№').to_owned())
}

/// Changes of fields that are custom fields in Redmine: the product by its name.
fn custom(field: &str, change: &Value, names: &Names<'_>, fields: &mut BTreeMap<i64, Pair>) {
    let mut put = |id: Option<i64>, pair: Pair| {
        let Some(id) = id else { return };
        let known = fields.entry(id).or_default();
        *known = (known.0.take().or(pair.0), known.1.take().or(pair.1));
    };
    let text = |it: &Value| it.as_str().map(str::to_owned);
    let product = |it: &Value| names.products.get(&it["id"].as_i64()?).cloned();
    let (from, to) = (&change["from"], &change["to"]);
    let number = |wanted: Field| names.numbers.number_of(&wanted);
    match field {
        "product_id" => put(number(Field::Product), (product(from), product(to))),
        "product_name" => put(number(Field::Product), (text(from), text(to))),
        "serial_number" => put(number(Field::SerialNumber), (text(from), text(to))),
        "software_version" => put(number(Field::SoftwareVersion), (text(from), text(to))),
        "imported_fields" => {
            for (value, is_old) in [(from, true), (to, false)] {
                for line in value.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    let Some((name, value)) = line.split_once(": ") else { continue };
                    let value = Some(value.to_owned());
                    let pair = if is_old { (value, None) } else { (None, value) };
                    put(names.numbers.field_named(name), pair);
                }
            }
        }
        _ => {}
    }
}
