//! What a client of one OpenAPI document would lose with another one.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// What breaks clients of `declared` that meet `present`, also when they are generated anew; additions break nothing.
pub fn breaking_changes(declared: &Value, present: &Value) -> Vec<String> {
    let mut walk = Walk { declared, present, seen: BTreeSet::new(), broken: Vec::new() };
    for (path, item) in entries(&declared["paths"]) {
        for (method, operation) in entries(item) {
            let now = &present["paths"][path][method];
            walk.operation(&format!("{method} {path}"), operation, now);
        }
    }
    for (name, item) in entries(&declared["webhooks"]) {
        let place = format!("webhook {name}");
        let (was, now) = (&item["post"], &present["webhooks"][name]["post"]);
        walk.require(now.is_object(), &place, "the webhook is gone");
        walk.contents(Way::Out, &place, &was["requestBody"], &now["requestBody"]);
    }
    for (name, _) in entries(&declared["components"]["schemas"]) {
        let is_kept = present["components"]["schemas"][name].is_object();
        walk.require(is_kept, name, "no schema has this name any more");
    }
    walk.broken
}

/// Who writes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// The client does: the service has to take what it took.
    In,
    /// The service does: a client has to find what it found.
    Out,
}

struct Walk<'a> {
    declared: &'a Value,
    present: &'a Value,
    /// The pairs of named schemas that have been compared.
    seen: BTreeSet<(Way, String)>,
    broken: Vec<String>,
}

impl Walk<'_> {
    fn breaks(&mut self, place: &str, what: &str) {
        self.broken.push(format!("{place}: {what}"));
    }

    fn require(&mut self, is_kept: bool, place: &str, what: &str) {
        if !is_kept {
            self.breaks(place, what);
        }
    }

    /// Clients call an operation by its id, in a class that has the name of its tag.
    fn operation(&mut self, place: &str, was: &Value, now: &Value) {
        if !now.is_object() {
            return self.breaks(place, "the operation is gone");
        }
        self.require(was["operationId"] == now["operationId"], place, "it has another id");
        self.require(was["tags"][0] == now["tags"][0], place, "it has another tag");
        self.require(was["security"] == now["security"], place, "it needs another scope");
        self.parameters(place, was, now);
        let (body, present) = (&was["requestBody"], &now["requestBody"]);
        let is_required = present["required"] == true && body["required"] != true;
        self.require(!is_required, place, "a body is required");
        self.contents(Way::In, &format!("{place} body"), body, present);
        for (status, response) in entries(&was["responses"]) {
            self.response(place, status, response, &now["responses"][status]);
        }
    }

    /// A service may stop failing in some way; what it did to succeed, it has to do.
    fn response(&mut self, place: &str, status: &str, was: &Value, now: &Value) {
        let place = format!("{place} {status}");
        let (was, now) =
            (followed(self.declared, was).clone(), followed(self.present, now).clone());
        if !now.is_object() {
            return self.require(!status.starts_with('2'), &place, "the response is gone");
        }
        for (name, _) in entries(&was["headers"]).filter(|_| status.starts_with('2')) {
            let is_sent = now["headers"][name].is_object();
            self.require(is_sent, &place, &format!("the header {name} is not sent any more"));
        }
        self.contents(Way::Out, &place, &was, &now);
    }

    fn contents(&mut self, way: Way, place: &str, was: &Value, now: &Value) {
        for (kind, content) in entries(&was["content"]) {
            let present = &now["content"][kind];
            let verb = if way == Way::In { "taken" } else { "sent" };
            self.require(present.is_object(), place, &format!("{kind} is not {verb} any more"));
            if present.is_object() {
                self.schema(way, place, &content["schema"], &present["schema"]);
            }
        }
    }

    fn parameters(&mut self, place: &str, was: &Value, now: &Value) {
        let (was, now) = (parameters(self.declared, was), parameters(self.present, now));
        let same =
            |it: &Value, other: &Value| it["name"] == other["name"] && it["in"] == other["in"];
        let place_of = |it: &Value| format!("{place} {}", it["name"].as_str().unwrap_or_default());
        for parameter in &was {
            let place = place_of(parameter);
            let Some(present) = now.iter().find(|it| same(it, parameter)) else {
                self.breaks(&place, "the parameter is gone");
                continue;
            };
            let is_required = present["required"] == true && parameter["required"] != true;
            self.require(!is_required, &place, "the parameter is required");
            let is_written_alike =
                ["style", "explode"].iter().all(|it| parameter[*it] == present[*it]);
            self.require(is_written_alike, &place, "several values are written otherwise");
            self.schema(Way::In, &place, &parameter["schema"], &present["schema"]);
        }
        for parameter in now.iter().filter(|it| !was.iter().any(|other| same(it, other))) {
            let is_required = parameter["required"] == true;
            self.require(!is_required, &place_of(parameter), "the parameter is required");
        }
    }

    fn schema(&mut self, way: Way, place: &str, was: &Value, now: &Value) {
        if was.is_null() || now.is_null() {
            let is_kept = if way == Way::In { now.is_null() } else { was.is_null() };
            return self.require(is_kept, place, "it has another type");
        }
        let (from, to) = (name(was), name(now));
        if from.is_some() {
            self.require(from == to, place, "its schema has another name");
            if !self.seen.insert((way, format!("{was} {now}"))) {
                return;
            }
        }
        let (was, now) = (merged(self.declared, was), merged(self.present, now));
        self.types(way, place, &was, &now);
        self.words(way, place, &was, &now);
        self.forms(way, place, &was, &now);
        self.members(way, place, &was, &now);
        for (keyword, part) in [("items", "[]"), ("additionalProperties", ".*")] {
            if was[keyword].is_object() {
                self.schema(way, &format!("{place}{part}"), &was[keyword], &now[keyword]);
            }
        }
        for keyword in ["oneOf", "anyOf"] {
            self.branches(way, place, &was[keyword], &now[keyword]);
        }
    }

    fn types(&mut self, way: Way, place: &str, was: &Value, now: &Value) {
        let (was, now) = (types(was), types(now));
        let is_kept = match way {
            Way::In => now.is_empty() || !was.is_empty() && was.is_subset(&now),
            Way::Out => was.is_empty() || !now.is_empty() && now.is_subset(&was),
        };
        self.require(is_kept, place, "it has another type");
    }

    /// The words of a vocabulary that is open may grow.
    fn words(&mut self, way: Way, place: &str, was: &Value, now: &Value) {
        let (was, now) = (words(was), words(now));
        match way {
            Way::In => {
                let gone = |it: &&String| now.as_ref().is_some_and(|now| !now.contains(*it));
                for word in was.iter().flatten().filter(gone) {
                    self.breaks(place, &format!("`{word}` is not taken any more"));
                }
                let is_narrowed = was.is_none() && now.is_some();
                self.require(!is_narrowed, place, "only some words are taken");
            }
            Way::Out => {
                let Some(was) = was else { return };
                let Some(now) = now else { return self.breaks(place, "any word may come") };
                for word in now.difference(&was) {
                    self.breaks(place, &format!("`{word}` may come"));
                }
            }
        }
    }

    fn forms(&mut self, way: Way, place: &str, was: &Value, now: &Value) {
        for keyword in ["format", "pattern"] {
            let is_kept = was[keyword] == now[keyword]
                || match way {
                    Way::In => now[keyword].is_null(),
                    Way::Out => was[keyword].is_null(),
                };
            self.require(is_kept, place, &format!("its {keyword} is another one"));
        }
        if way == Way::Out {
            return;
        }
        for keyword in ["maximum", "maxLength", "maxItems"] {
            let (was, now) = (was[keyword].as_f64(), now[keyword].as_f64());
            let is_kept = now.is_none_or(|now| was.is_some_and(|was| was <= now));
            self.require(is_kept, place, &format!("its {keyword} is lower"));
        }
        for keyword in ["minimum", "minLength", "minItems"] {
            let (was, now) = (was[keyword].as_f64(), now[keyword].as_f64());
            let is_kept = now.is_none_or(|now| was.is_some_and(|was| was >= now));
            self.require(is_kept, place, &format!("its {keyword} is higher"));
        }
        let is_repeatable = now["uniqueItems"] != true || was["uniqueItems"] == true;
        self.require(is_repeatable, place, "it may not repeat a value");
        self.require(was["default"] == now["default"], place, "its default is another one");
    }

    fn members(&mut self, way: Way, place: &str, was: &Value, now: &Value) {
        for (name, member) in entries(&was["properties"]) {
            let place = format!("{place}.{name}");
            let present = &now["properties"][name];
            if present.is_null() {
                self.breaks(&place, "the member is gone");
                continue;
            }
            let (was_required, is_required) = (requires(was, name), requires(now, name));
            match way {
                Way::In => self.require(was_required || !is_required, &place, "it is required"),
                Way::Out => self.require(!was_required || is_required, &place, "it may be absent"),
            }
            self.schema(way, &place, member, present);
        }
        if way == Way::In && was["properties"].is_object() {
            for (name, _) in entries(&now["properties"]) {
                let is_new = was["properties"][name].is_null();
                let is_kept = !is_new || !requires(now, name);
                self.require(is_kept, &format!("{place}.{name}"), "it is required");
            }
            let is_open =
                was["additionalProperties"] == false || now["additionalProperties"] != false;
            self.require(is_open, place, "other members are not taken any more");
        }
    }

    /// Branches are known by the schema that they refer to, or by their type.
    fn branches(&mut self, way: Way, place: &str, was: &Value, now: &Value) {
        let named = |it: &Value| it["$ref"].as_str().map_or(it["type"].to_string(), str::to_owned);
        let list = |it: &Value| it.as_array().cloned().unwrap_or_default();
        let (was, now) = (list(was), list(now));
        for branch in &was {
            match now.iter().find(|it| named(it) == named(branch)) {
                Some(present) => self.schema(way, place, branch, present),
                None if way == Way::In => self.breaks(place, "a form of it is not taken any more"),
                None => {}
            }
        }
        let is_new = |it: &Value| !was.iter().any(|was| named(was) == named(it));
        if way == Way::Out && !was.is_empty() && now.iter().any(is_new) {
            self.breaks(place, "it may have another form");
        }
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn parameters(document: &Value, operation: &Value) -> Vec<Value> {
    let all = operation["parameters"].as_array().into_iter().flatten();
    all.map(|it| followed(document, it).clone()).collect()
}

fn followed<'a>(document: &'a Value, part: &'a Value) -> &'a Value {
    match part["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => part,
    }
}

/// The schema of whose values null is one more.
fn nullable(schema: &Value) -> Option<&Value> {
    let null = json!({ "type": "null" });
    match schema["oneOf"].as_array()?.as_slice() {
        [it, other] if *other == null => Some(it),
        [other, it] if *other == null => Some(it),
        _ => None,
    }
}

fn name(schema: &Value) -> Option<&str> {
    nullable(schema).unwrap_or(schema)["$ref"].as_str()
}

/// A schema with the members of all its parts, and with null among its types.
fn merged(document: &Value, schema: &Value) -> Value {
    if let Some(schema) = nullable(schema) {
        let mut schema = merged(document, schema);
        let mut types = types(&schema);
        if !types.is_empty() {
            types.insert("null".to_owned());
            schema["type"] = types.into_iter().collect();
        }
        return schema;
    }
    let mut schema = followed(document, schema).clone();
    let Some(parts) = schema.as_object_mut().and_then(|it| it.remove("allOf")) else {
        return schema;
    };
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for part in
        parts.as_array().unwrap().iter().map(|it| merged(document, it)).chain([schema.clone()])
    {
        properties.extend(part["properties"].as_object().cloned().unwrap_or_default());
        required.extend(part["required"].as_array().cloned().unwrap_or_default());
    }
    schema["type"] = "object".into();
    schema["properties"] = Value::Object(properties);
    schema["required"] = required.into();
    schema
}

fn types(schema: &Value) -> BTreeSet<String> {
    match &schema["type"] {
        Value::String(one) => BTreeSet::from([one.clone()]),
        Value::Array(all) => all.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => BTreeSet::new(),
    }
}

fn words(schema: &Value) -> Option<BTreeSet<String>> {
    let words = schema["enum"].as_array()?;
    Some(words.iter().map(|it| it.as_str().unwrap_or_default().to_owned()).collect())
}

fn requires(schema: &Value, name: &str) -> bool {
    schema["required"].as_array().is_some_and(|it| it.iter().any(|it| it == name))
}
