//! Types that requests and responses share in Rust are published twice: a request refuses unknown members, and
//! a response may gain some.

use serde_json::Value;

use crate::server::openapi::words::{redirect, sent};

/// The schemas of requests whose values also appear in responses, and their names there.
const RESPONSE_SCHEMAS: &[(&str, &str)] = &[
    ("AttachmentCreate", "RefusedAttachment"),
    ("HeadStarts", "HeadStartSettings"),
    ("NextUpdateMinutes", "NextUpdateMinuteSettings"),
    ("NotificationWays", "NotificationChoice"),
    ("ReportSettings", "CurrentReportSettings"),
    ("ResponseMinutes", "ResponseMinuteSettings"),
    ("Sla", "SlaSettings"),
    ("TicketCreate", "RefusedTicket"),
];

/// What a request may leave out because there is a default, a response has.
fn require_defaulted(schema: &mut Value) {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let with_default = properties.filter(|(_, it)| it.get("default").is_some());
    let names: Vec<Value> = with_default.map(|(name, _)| Value::from(name.as_str())).collect();
    if let Some(required) = schema["required"].as_array_mut() {
        required.extend(names);
    }
}

/// Gives responses schemas of their own.
pub(super) fn separate_from_requests(document: &mut Value) {
    let sent = sent(document);
    for (name, answered) in RESPONSE_SCHEMAS {
        let mut schema = document["components"]["schemas"][name].clone();
        schema.as_object_mut().map(|it| it.remove("additionalProperties"));
        require_defaulted(&mut schema);
        document["components"]["schemas"][answered] = schema;
    }
    for (name, answered) in RESPONSE_SCHEMAS {
        let reference = |it: &str| Value::from(format!("#/components/schemas/{it}"));
        let (from, to) = (reference(name), reference(answered));
        let schemas = document["components"]["schemas"].as_object_mut().into_iter().flatten();
        for (_, schema) in schemas.filter(|(name, _)| !sent.contains(*name)) {
            redirect(schema, &from, &to);
        }
        let items = document["paths"].as_object_mut().into_iter().flatten();
        let operations = items.flat_map(|(_, item)| item.as_object_mut().into_iter().flatten());
        operations.for_each(|(_, it)| redirect(&mut it["responses"], &from, &to));
    }
}
