//! An example for every response of JSON, made from its schema, so that it is always valid and complete.

use serde_json::{Map, Value, json};

/// What members of these names say; the others say what their form permits.
const TEXTS: &[(&str, &str)] = &[
    ("access_token", "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl"),
    ("address", "203.0.113.7"),
    ("answer", "Set the registration time to 3600 seconds."),
    ("body", "The log of the gateway is attached."),
    ("company", "Sary-Arka Telecom"),
    ("content_type", "text/plain"),
    ("description", "Subscribers lose their registration once an hour, since yesterday's update."),
    ("detail", "Set the registration time to 3600 seconds."),
    ("direction", "Telephony"),
    ("filename", "smg-1016.log"),
    ("first_name", "Aigul"),
    ("label", "In progress"),
    ("last_name", "Omarova"),
    ("name", "Aigul Omarova"),
    ("operations", "tickets_list"),
    ("problem", "Subscribers lose their registration once an hour."),
    ("product", "SMG-1016"),
    ("product_name", "SMG-1016"),
    ("project", "Sary-Arka Telecom - Telephony"),
    ("reason", "The log contained passwords."),
    ("release", "3.18.1"),
    ("sha256", "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"),
    ("solution", "Set the registration time to 3600 seconds."),
    ("subject", "SMG-1016 loses registrations"),
    ("summary", "Aigul Omarova commented on the ticket."),
    ("text", "The log of the gateway is attached."),
    ("ticket", "hd_st_1Vq0c0bYt4nq1H0S4xZ0m9X8b0E7wq3mC2o5Jk6Lr8s"),
    ("title", "SMG-1016 loses registrations"),
    ("token", "hd_pat_1Vq0c0bYt4nq1H0S4xZ0m9X8b0E7wq3mC2o5Jk6Lr8s"),
    ("token_type", "Bearer"),
    ("topic", "Registration"),
    ("version", "3.18.1"),
    ("zone", "Asia/Almaty"),
];

/// Adds an example to every successful JSON response.
pub(super) fn complete(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    let items = document["paths"].as_object_mut().into_iter().flatten();
    for (_, operation) in items.flat_map(|(_, item)| item.as_object_mut().into_iter().flatten()) {
        for status in ["200", "201"] {
            let media = format!("/responses/{status}/content/application~1json");
            let Some(media) = operation.pointer_mut(&media) else { continue };
            let mut maker = Maker { schemas: &schemas, within: Vec::new() };
            let example = maker.of("", &media["schema"]);
            media["example"] = example;
        }
    }
}

struct Maker<'a> {
    schemas: &'a Value,
    /// The schemas that are being written, outermost first: none contains itself.
    within: Vec<&'a str>,
}

impl<'a> Maker<'a> {
    fn of(&mut self, name: &str, schema: &Value) -> Value {
        if let Some(example) = schema.get("example") {
            return example.clone();
        }
        if let Some(reference) = schema["$ref"].as_str() {
            return self.of_schema(name, reference);
        }
        for keyword in ["enum", "x-extensible-enum"] {
            if let Some(words) = schema[keyword].as_array() {
                return words.iter().find(|it| !it.is_null()).cloned().unwrap_or_default();
            }
        }
        for keyword in ["oneOf", "anyOf"] {
            let mut branches = schema[keyword].as_array().into_iter().flatten();
            if let Some(branch) = branches.find(|it| it["type"] != "null") {
                return self.of(name, branch);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let parts = parts.iter().map(|it| self.of(name, it));
            let members = parts.filter_map(|it| it.as_object().cloned()).flatten();
            return Value::Object(members.collect());
        }
        match kind(schema) {
            Some("object") => self.of_object(name, schema),
            Some("array") => self.of_array(name, schema),
            Some("string") => text(name, schema).into(),
            Some("integer") => integer(schema).into(),
            Some("number") => json!(0.5),
            Some("boolean") => json!(false),
            Some(_) | None => Value::Null,
        }
    }

    fn of_schema(&mut self, name: &str, reference: &str) -> Value {
        let schemas = self.schemas;
        let found =
            schemas.as_object().and_then(|it| it.get_key_value(reference.rsplit('/').next()?));
        let Some((schema, described)) = found.filter(|(it, _)| !self.within.contains(&it.as_str()))
        else {
            return Value::Null;
        };
        self.within.push(schema);
        let example = self.of(name, described);
        self.within.pop();
        example
    }

    fn of_object(&mut self, name: &str, schema: &Value) -> Value {
        let properties = schema["properties"].as_object().into_iter().flatten();
        // What is called something else than a person is known by the member that it stands in.
        let called = |it: &str| match it {
            "name" if is_known(name) => name.to_owned(),
            _ => it.to_owned(),
        };
        let members = properties.map(|(name, it)| (name.clone(), self.of(&called(name), it)));
        Value::Object(members.collect::<Map<_, _>>())
    }

    fn of_array(&mut self, name: &str, schema: &Value) -> Value {
        let item = self.of(name, &schema["items"]);
        if item.is_null() { json!([]) } else { json!([item]) }
    }
}

fn is_known(name: &str) -> bool {
    TEXTS.iter().any(|(it, _)| *it == name)
}

/// The type, for a value that may be null that of the value.
fn kind(schema: &Value) -> Option<&str> {
    match &schema["type"] {
        Value::String(kind) => Some(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|it| *it != "null"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
            schema["properties"].is_object().then_some("object")
        }
    }
}

fn integer(schema: &Value) -> i64 {
    let least = schema["minimum"].as_i64().unwrap_or(1);
    42.clamp(least.max(1), schema["maximum"].as_i64().unwrap_or(42).max(least))
}

fn text<'a>(name: &str, schema: &Value) -> &'a str {
    match schema["format"].as_str() {
        Some("date-time") => return "2026-11-24T05:12:01.000Z",
        Some("date") => return "2026-11-24",
        Some("email") => return "customer@helpdesk.example",
        Some("uri") => return "https://helpdesk.example/api/v1/tickets/42",
        Some(_) | None => {}
    }
    if schema["pattern"].as_str().is_some_and(|it| it.contains("24:00")) {
        return "09:00";
    }
    TEXTS.iter().find(|(it, _)| *it == name).map_or("42", |(_, text)| text)
}
