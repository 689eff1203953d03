//! Which vocabularies are published as open: those that may gain words in responses within `v1`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Readers of these must expect unlisted words. All others come from the regulation, or are sent by callers
/// themselves: they stay as they are.
pub(super) const OPEN: &[&str] = &[
    "Actor",
    "AssignmentCause",
    "BulkActionType",
    "BulkState",
    "CalendarWarning",
    "ClockKind",
    "ClockState",
    "DisabledReason",
    "EventType",
    "FieldErrorCode",
    "InboundOutcome",
    "InboundReason",
    "LeftOut",
    "Need",
    "NotificationKind",
    "Obligation",
    "Party",
    "PauseCause",
    "ProblemCode",
    "Scope",
    "SearchKind",
    "SearchPlace",
    "StandardView",
    "StartCause",
    "TemplateVariable",
    "TicketColumn",
];

/// Opens the vocabularies in responses; those in requests stay closed, under names of their own.
pub(super) fn open(document: &mut Value) {
    let sent = sent(document);
    for name in OPEN {
        let closed = document["components"]["schemas"][name].take();
        if sent.contains(*name) {
            let known = format!("Known{name}");
            refer_to_known(document, &sent, name, &known);
            document["components"]["schemas"][&known] = closed.clone();
        }
        document["components"]["schemas"][name] = opened(&closed);
    }
    let listed: Vec<String> = OPEN.iter().map(|it| format!("`{it}`")).collect();
    let about = document["info"]["description"].as_str().unwrap_or_default();
    document["info"]["description"] = about.replace("{open words}", &listed.join(", ")).into();
}

/// A string for every generator; today's words are listed for people, and for tools that know the extension.
fn opened(closed: &Value) -> Value {
    let about = closed["description"].as_str().unwrap_or_default();
    let words = closed["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let words: Vec<String> = words.map(|it| format!("`{it}`")).collect();
    json!({
        "type": "string",
        "description": format!("{about} Today: {}. More may come.", words.join(", ")),
        "x-extensible-enum": closed["enum"],
    })
}

/// The schemas that requests refer to, directly or through others.
pub(super) fn sent(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let items = document["paths"].as_object().into_iter().flatten();
    for (_, operation) in items.flat_map(|(_, item)| item.as_object().into_iter().flatten()) {
        for part in [&operation["requestBody"], &operation["parameters"]] {
            collect(part, &document["components"]["schemas"], &mut found);
        }
    }
    found
}

fn collect(part: &Value, schemas: &Value, found: &mut BTreeSet<String>) {
    let name = part["$ref"].as_str().and_then(|it| it.strip_prefix("#/components/schemas/"));
    if let Some(name) = name
        && found.insert(name.to_owned())
    {
        collect(&schemas[name], schemas, found);
    }
    match part {
        Value::Object(members) => members.values().for_each(|it| collect(it, schemas, found)),
        Value::Array(items) => items.iter().for_each(|it| collect(it, schemas, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn refer_to_known(document: &mut Value, sent: &BTreeSet<String>, name: &str, known: &str) {
    let reference = |it: &str| Value::from(format!("#/components/schemas/{it}"));
    let (from, to) = (reference(name), reference(known));
    for schema in sent {
        redirect(&mut document["components"]["schemas"][schema], &from, &to);
    }
    let items = document["paths"].as_object_mut().into_iter().flatten();
    for (_, operation) in items.flat_map(|(_, item)| item.as_object_mut().into_iter().flatten()) {
        redirect(&mut operation["parameters"], &from, &to);
    }
}

/// Redirects every reference to one schema to another.
pub(super) fn redirect(part: &mut Value, from: &Value, to: &Value) {
    match part {
        Value::Object(members) => {
            if let Some(reference) = members.get_mut("$ref").filter(|it| *it == from) {
                *reference = to.clone();
            }
            members.values_mut().for_each(|it| redirect(it, from, to));
        }
        Value::Array(items) => items.iter_mut().for_each(|it| redirect(it, from, to)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
