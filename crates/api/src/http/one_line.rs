//! Which texts of a body have to be a single line: names, subjects, titles. Their maximum length in the document
//! decides.

use std::collections::HashSet;

use serde_json::Value;

/// A text that may be longer than this may have several lines.
const MAX_LINE: u64 = 1000;

/// No pointer of a schema is longer, in bytes.
const MAX_POINTER: usize = 500;

/// The pointers of one-line texts, with `*` for the items of a list.
#[derive(Debug, Default)]
pub(crate) struct OneLine(HashSet<String>);

impl OneLine {
    /// Those of a schema.
    pub(crate) fn of(schema: &Value, components: &Value) -> Self {
        let mut places = HashSet::new();
        collect(schema, components, "", &mut places);
        Self(places)
    }

    /// Whether the text at a pointer is one.
    pub(crate) fn has(&self, at: &str) -> bool {
        if at.len() > MAX_POINTER {
            return false;
        }
        let is_index = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
        let segments: Vec<&str> =
            at.split('/').map(|it| if is_index(it) { "*" } else { it }).collect();
        self.0.contains(&segments.join("/"))
    }
}

fn collect(schema: &Value, components: &Value, at: &str, places: &mut HashSet<String>) {
    let named = schema["$ref"].as_str().and_then(|it| it.rsplit('/').next());
    if let Some(name) = named {
        return collect(&components[name], components, at, places);
    }
    for either in ["oneOf", "anyOf", "allOf"] {
        for one in schema[either].as_array().into_iter().flatten() {
            collect(one, components, at, places);
        }
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        collect(member, components, &format!("{at}/{name}"), places);
    }
    if schema["items"].is_object() {
        collect(&schema["items"], components, &format!("{at}/*"), places);
    }
    // A password may contain anything that can be typed.
    let is_line = schema["maxLength"].as_u64().is_some_and(|it| it <= MAX_LINE);
    if is_line && !at.ends_with("password") {
        places.insert(at.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sec_in06_short_texts_are_lines_wherever_they_stand() {
        let components = json!({ "File": { "properties": { "name": { "maxLength": 1000 } } } });
        let schema = json!({ "properties": {
            "subject": { "oneOf": [{ "type": "null" }, { "maxLength": 255 }] },
            "description": { "maxLength": 50_000 },
            "new_password": { "maxLength": 128 },
            "files": { "items": { "$ref": "#/components/schemas/File" } },
        } });

        let lines = OneLine::of(&schema, &components);

        assert!(lines.has("/subject") && lines.has("/files/17/name"));
        assert!(!lines.has("/description") && !lines.has("/new_password") && !lines.has("/files"));
    }
}
