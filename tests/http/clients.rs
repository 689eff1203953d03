//! What clients that are generated from the document rely on.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{
    Behaviour, Operation, Receiver, TestApp, document, filled, make, operations, permissions,
    within,
};

/// Generators sort operations into classes by tag: what others serve is in none with what we serve.
#[test]
fn operations_of_receivers_have_a_tag_of_their_own() {
    let ours: BTreeSet<&str> =
        operations().iter().map(|it| it.described["tags"][0].as_str().unwrap()).collect();

    let theirs = &document()["webhooks"]["event"]["post"]["tags"];

    assert_eq!(*theirs, json!(["webhook_messages"]));
    assert!(!ours.contains("webhook_messages"));
}

/// The vocabularies of the regulation, and those of what callers send: they do not grow in `v1`.
const CLOSED: &[&str] = &[
    "ArticleStatus",
    "ArticleVisibility",
    "CloseReason",
    "Complexity",
    "DayKind",
    "DeliveryState",
    "Impact",
    "Language",
    "PingType",
    "Priority",
    "RefusalReason",
    "RefusalState",
    "Role",
    "Sees",
    "SharedWith",
    "Side",
    "RootCause",
    "Sort",
    "Status",
    "Tracker",
    "Urgency",
    "WaitingOn",
    "Weekday",
];

/// «Responses may gain words»: every vocabulary that a response uses is published open and listed,
/// or is permanently closed.
#[test]
fn every_vocabulary_of_responses_is_open_and_listed_or_closed_for_good() {
    let mut answered = BTreeSet::new();
    operations().iter().for_each(|it| mentioned(&it.described["responses"], &mut answered));
    mentioned(&document()["webhooks"]["event"]["post"]["requestBody"], &mut answered);
    let about = document()["info"]["description"].as_str().unwrap();
    let mut open = 0;

    for name in &answered {
        let schema = &document()["components"]["schemas"][name];
        if schema["x-extensible-enum"].is_array() {
            assert_eq!(schema["type"], "string", "{name}");
            assert!(about.contains(&format!("`{name}`")), "{name} is not listed");
            open += 1;
        }
        let is_closed = schema["enum"].is_array();
        assert!(!is_closed || CLOSED.contains(&name.as_str()), "{name} is neither");
        must_name_its_vocabularies(name, schema);
    }
    assert!(open >= 10 && answered.contains("ProblemCode"), "{open}");
}

/// A vocabulary that stands inside of a member or a list has no name of its own, so nobody could say
/// whether it may grow.
fn must_name_its_vocabularies(place: &str, schema: &Value) {
    for keyword in ["allOf", "anyOf", "oneOf"] {
        for part in schema[keyword].as_array().into_iter().flatten() {
            must_name_its_vocabularies(place, part);
        }
    }
    let members = schema["properties"].as_object().into_iter().flatten();
    let parts =
        members.map(|(_, it)| it).chain([&schema["items"], &schema["additionalProperties"]]);
    for part in parts.filter(|it| it.is_object()) {
        assert!(part["enum"].is_null(), "{place}: {part} has no name of its own");
        must_name_its_vocabularies(place, part);
    }
}

/// Generators make no type of a value that may be of several: what is not one type is any JSON, or
/// distinguishable objects.
#[test]
fn no_value_is_one_of_several_types() {
    fn walk(place: &str, part: &Value, unions: &mut usize) {
        for keyword in ["oneOf", "anyOf"] {
            let branches = part[keyword].as_array().map(Vec::as_slice).unwrap_or_default();
            let null = json!({ "type": "null" });
            let kinds: Vec<&Value> = branches.iter().filter(|it| **it != null).collect();
            if kinds.len() > 1 {
                assert!(part["discriminator"]["mapping"].is_object(), "{place}: {part}");
                assert!(kinds.iter().all(|it| it["$ref"].is_string()), "{place}: {part}");
                *unions += 1;
            }
        }
        let types =
            part["type"].as_array().map_or(0, |it| it.iter().filter(|it| *it != "null").count());
        assert!(types < 2, "{place}: {part}");
        match part {
            Value::Object(members) => members.iter().for_each(|(name, it)| walk(name, it, unions)),
            Value::Array(items) => items.iter().for_each(|it| walk(place, it, unions)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut unions = 0;
    walk("document", document(), &mut unions);
    assert_eq!(unions, 1, "the messages to webhooks");
}

/// Where members of all vocabularies share one namespace (Go), no two have one name; and each has one
/// that says what it is.
#[test]
fn members_of_vocabularies_have_unique_names() {
    let schemas = document()["components"]["schemas"].as_object().unwrap();
    let mut names = BTreeSet::new();
    for (vocabulary, schema) in schemas {
        let words = schema["enum"].as_array().into_iter().flatten();
        let given = schema["x-enum-varnames"].as_array();
        for (index, word) in words.enumerate() {
            let word = given.map_or(word, |it| &it[index]).as_str().unwrap();
            let name = word.to_uppercase().replace([':', '.', '-'], "_");
            assert!(name.starts_with(|it: char| it.is_alphabetic()), "{vocabulary}: {name}");
            assert!(names.insert(name.clone()), "{vocabulary}: another vocabulary has {name}, too");
        }
    }
    assert!(names.contains("STATUS_FILTER_IN_PROGRESS") && names.contains("IN_PROGRESS"));
}

/// A media range must not come first: clients cannot request or parse it.
#[test]
fn every_body_begins_with_a_media_type_that_has_a_name() {
    for operation in operations() {
        for (status, response) in operation.described["responses"].as_object().unwrap() {
            let kinds = response["content"].as_object().into_iter().flatten();
            if let Some((kind, _)) = kinds.into_iter().next() {
                assert!(!kind.contains('*'), "{} {status}: {kind}", operation.id);
            }
        }
    }
}

/// The names of the schemas below a part of the document, those they refer to included.
fn mentioned(part: &'static Value, found: &mut BTreeSet<String>) {
    if let Some(reference) = part["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        let is_new = !reference.contains("/schemas/") || found.insert(name.to_owned());
        if is_new {
            mentioned(document().pointer(&reference[1..]).unwrap(), found);
        }
    }
    match part {
        Value::Object(members) => members.values().for_each(|it| mentioned(it, found)),
        Value::Array(items) => items.iter().for_each(|it| mentioned(it, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Clients write a list with commas or repeat its parameter, and send an empty one for none.
#[test]
fn every_list_parameter_is_read_in_the_ways_that_clients_write_it() {
    let app = TestApp::without_rate_limits();
    let mut seen = 0;
    for (operation, name, words) in list_parameters() {
        let permissions = permissions(operation.id);
        let reader = app.with_role(permissions.first_role(|it| it == 200));
        let id = make(&app, permissions.thing, true, &reader);
        let path = filled(&within(&app, operation.path, id), id, 1, 1) + &operation.query();
        let get = |query: &str| reader.get(&format!("{path}{query}")).expect(200).body;
        let [one, other] = [&words[0], &words[1]];
        let is_number = *one == "1";

        let with_commas = get(&format!("{name}={one},{other}"));

        assert_eq!(get(&format!("{name}={one}&{name}={other}")), with_commas, "{path} {name}");
        assert_eq!(get(&format!("{name}=")), get(""), "{path} {name}");
        let wrong = reader.get(&format!("{path}{name}={one}&{name}=nonsense")).expect(422);
        let codes: &[_] = if is_number { &["wrong_type", "wrong_format"] } else { &["not_one_of"] };
        let errors = wrong.errors();
        assert!(codes.iter().any(|it| errors == [format!("{name} {it}")]), "{path} {errors:?}");
        seen += 1;
    }
    assert!(seen >= 4, "{seen}");
}

/// The parameters that take several words, each with its words.
fn list_parameters() -> Vec<(Operation, &'static str, Vec<&'static str>)> {
    let mut found = Vec::new();
    for operation in operations() {
        for it in operation.parameters().filter(|it| it["schema"]["type"] == "array") {
            // What names no vocabulary takes numbers.
            let words = match it["schema"]["items"]["$ref"].as_str() {
                None => vec!["1", "2"],
                Some(reference) => {
                    let words = document().pointer(&reference[1..]).unwrap();
                    words["enum"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|it| it.as_str().unwrap())
                        .collect()
                }
            };
            found.push((operation.clone(), it["name"].as_str().unwrap(), words));
        }
    }
    found
}

/// Whatever a change holds, its two values may be of any type: the document says which by field.
#[test]
fn the_values_of_a_change_are_described_by_field() {
    let schemas = &document()["components"]["schemas"];
    let about = schemas["Event"]["properties"]["changes"]["description"].as_str().unwrap();

    for side in ["from", "to"] {
        let value = schemas["Change"]["properties"][side].as_object().unwrap();
        assert_eq!(value.keys().collect::<Vec<_>>(), ["description"]);
    }
    for row in [
        "| `status` | string, a `Status` |",
        "| `watcher_ids` | array of `{id, name}` of a person |",
    ] {
        assert!(about.contains(row), "{row}: {about}");
    }
}

/// The first message that a receiver gets is one of the published ones, distinguished by its type.
#[test]
fn a_ping_is_one_of_the_published_messages() {
    let app = TestApp::with_local_receivers();
    let receiver = Receiver::with(Behaviour::Answers(200, ""));
    let customer = app.customer();
    let path = customer.webhook_for(&receiver);

    customer.call("POST", &format!("{path}/test"), None).expect(200);

    let ping = &receiver.messages(1)[0].body;
    let union = &document()["components"]["schemas"]["WebhookMessage"];
    let mapping = &union["discriminator"]["mapping"];
    assert_eq!(ping["type"], "webhook.ping");
    assert_eq!(mapping["webhook.ping"], "#/components/schemas/PingMessage");
    assert_eq!(union["anyOf"][0]["$ref"], mapping["webhook.ping"], "whoever takes what fits first");
    assert_eq!(mapping["ticket.created"], "#/components/schemas/EventMessage");
}
