//! What a client of one OpenAPI document would lose with another one.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// What breaks clients of `declared` that meet `present`; additions break nothing.
pub fn breaking_changes(declared: &Value, present: &Value) -> Vec<String> {
    let mut walk = Walk { declared, present, seen: BTreeSet::new(), broken: Vec::new() };
    for (path, item) in entries(&declared["paths"]) {
        for (method, operation) in entries(item) {
            let now = &present["paths"][path][method];
            walk.operation(&format!("{method} {path}"), operation, now);
        }
    }
    for (name, item) in entries(&declared["webhooks"]) {
        let body = |it: &Value| media(&it["post"]["requestBody"], "application/json");
        let now = body(&present["webhooks"][name]);
        walk.schema(Way::Out, &format!("webhook {name}"), &body(item), &now);
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

    fn operation(&mut self, place: &str, was: &Value, now: &Value) {
        if !now.is_object() {
            return self.breaks(place, "the operation is gone");
        }
        self.require(was["operationId"] == now["operationId"], place, "it has another id");
        self.require(was["security"] == now["security"], place, "it needs another scope");
        self.parameters(place, was, now);
        let (body, present) = (&was["requestBody"], &now["requestBody"]);
        let is_required = present["required"] == true && body["required"] != true;
        self.require(!is_required, place, "a body is required");
        for (kind, _) in entries(&body["content"]) {
            let is_taken = present["content"][kind].is_object();
            self.require(is_taken, place, &format!("{kind} is not taken any more"));
            self.schema(
                Way::In,
                &format!("{place} body"),
                &media(body, kind),
                &media(present, kind),
            );
        }
        for (status, response) in entries(&was["responses"]).filter(|(it, _)| it.starts_with('2')) {
            let place = format!("{place} {status}");
            let (was, now) =
                (self.old(response).clone(), self.new(&now["responses"][status]).clone());
            self.require(now.is_object(), &place, "the response is gone");
            for (kind, _) in entries(&was["content"]) {
                let is_sent = now["content"][kind].is_object();
                self.require(is_sent, &place, &format!("{kind} is not sent any more"));
                self.schema(Way::Out, &place, &media(&was, kind), &media(&now, kind));
            }
        }
    }

    fn parameters(&mut self, place: &str, was: &Value, now: &Value) {
        let find = |all: &Value, it: &Value| {
            let mut all = all["parameters"].as_array().into_iter().flatten();
            all.find(|other| other["name"] == it["name"] && other["in"] == it["in"]).cloned()
        };
        for parameter in was["parameters"].as_array().into_iter().flatten() {
            let place = format!("{place} {}", parameter["name"].as_str().unwrap_or_default());
            match find(now, parameter) {
                None => self.breaks(&place, "the parameter is gone"),
                Some(present) => {
                    let is_required = present["required"] == true && parameter["required"] != true;
                    self.require(!is_required, &place, "the parameter is required");
                    self.schema(Way::In, &place, &parameter["schema"], &present["schema"]);
                }
            }
        }
        for parameter in now["parameters"].as_array().into_iter().flatten() {
            if parameter["required"] == true && find(was, parameter).is_none() {
                let name = parameter["name"].as_str().unwrap_or_default();
                self.breaks(&format!("{place} {name}"), "the parameter is required");
            }
        }
    }

    fn schema(&mut self, way: Way, place: &str, was: &Value, now: &Value) {
        if now.is_null() || was.is_null() {
            return;
        }
        if let (Some(from), Some(to)) = (was["$ref"].as_str(), now["$ref"].as_str())
            && !self.seen.insert((way, format!("{from} {to}")))
        {
            return;
        }
        let (was, now) = (merged(self.declared, was), merged(self.present, now));
        self.types(way, place, &was, &now);
        self.words(way, place, &was, &now);
        self.forms(way, place, &was, &now);
        self.members(way, place, &was, &now);
        if was["items"].is_object() {
            self.schema(way, &format!("{place}[]"), &was["items"], &now["items"]);
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

    fn old<'b>(&'b self, part: &'b Value) -> &'b Value {
        followed(self.declared, part)
    }

    fn new<'b>(&'b self, part: &'b Value) -> &'b Value {
        followed(self.present, part)
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn media(part: &Value, kind: &str) -> Value {
    part["content"][kind]["schema"].clone()
}

fn followed<'a>(document: &'a Value, part: &'a Value) -> &'a Value {
    match part["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => part,
    }
}

/// A schema with the members of all its parts.
fn merged(document: &Value, schema: &Value) -> Value {
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
