//! Responses.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use ureq::{Body, http};

#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    pub media_type: String,
    /// By their names in lower case.
    pub headers: HashMap<String, String>,
    /// Null when there is none, or no JSON.
    pub body: Value,
    pub text: String,
}

impl Response {
    /// The lines of a head that was read by hand.
    pub fn of_head(lines: &[String]) -> Self {
        let status = lines[0].split(' ').nth(1).unwrap().parse().unwrap();
        let pairs = lines[1..].iter().map(|it| it.split_once(": ").unwrap());
        let headers = joined(pairs);
        Self {
            status,
            media_type: media_type(&headers),
            headers,
            body: Value::Null,
            text: String::new(),
        }
    }

    /// Reads a response to its end; none if the connection breaks before.
    pub fn read(mut response: http::Response<Body>) -> Option<Self> {
        let pairs = response.headers().iter();
        let headers = joined(pairs.map(|(name, value)| (name.as_str(), value.to_str().unwrap())));
        let bytes = response.body_mut().read_to_vec().ok()?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Some(Self {
            status: response.status().as_u16(),
            media_type: media_type(&headers),
            body: serde_json::from_str(&text).unwrap_or_default(),
            headers,
            text,
        })
    }

    /// The same, if it has the status that was expected.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The code of a problem; empty if it is none.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The pointers of the fields that are wrong.
    pub fn pointers(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().into_iter().flatten();
        errors.filter_map(|it| it["pointer"].as_str()).map(str::to_owned).collect()
    }

    /// Field and code of each error, as `/subject required`.
    pub fn errors(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().into_iter().flatten();
        let place =
            |it: &Value| it["pointer"].as_str().or(it["parameter"].as_str()).unwrap().to_owned();
        errors.map(|it| format!("{} {}", place(it), it["code"].as_str().unwrap())).collect()
    }

    /// Field and code of each error of a request that did not pass validation, sorted.
    #[track_caller]
    pub fn validation_errors(&self) -> Vec<String> {
        assert_eq!((self.status, self.code()), (422, "validation_failed"), "{}", self.text);
        let mut errors = self.errors();
        errors.sort();
        errors
    }

    /// The id of the refusal of a request that was not registered for a reason of the regulation.
    #[track_caller]
    pub fn refusal(&self, status: u16, code: &str, clause: &str) -> i64 {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.text);
        assert_eq!(self.body["clause"], clause);
        self.body["refusal_id"].as_i64().unwrap()
    }

    /// A member that is a text.
    #[track_caller]
    pub fn word(&self, name: &str) -> String {
        let word = self.body[name].as_str();
        word.unwrap_or_else(|| panic!("no {name}: {}", self.text)).to_owned()
    }

    /// The body of a problem without the one member that differs each time.
    pub fn without_request_id(&self) -> Value {
        let mut body = self.body.clone();
        body.as_object_mut().unwrap().remove("request_id");
        body
    }

    /// The id of the resource.
    #[track_caller]
    pub fn id(&self) -> i64 {
        self.body["id"].as_i64().unwrap_or_else(|| panic!("no id: {}", self.text))
    }

    /// The items of a list.
    #[track_caller]
    pub fn items(&self) -> &[Value] {
        self.body["items"].as_array().unwrap_or_else(|| panic!("no list: {}", self.text))
    }

    /// The ids of the items of a list.
    #[track_caller]
    pub fn ids(&self) -> Vec<i64> {
        ids(self.items())
    }

    /// A header; empty if it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// A value with the numbers alone of what it names.
pub fn ids_only(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(ids_only).collect(),
        Value::Object(members)
            if members.contains_key("id")
                && (members.contains_key("name") || members.contains_key("subject")) =>
        {
            members["id"].clone()
        }
        Value::Object(members) => {
            members.iter().map(|(name, it)| (name.clone(), ids_only(it))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

pub fn ids(items: &[Value]) -> Vec<i64> {
    items.iter().map(|it| it["id"].as_i64().unwrap()).collect()
}

/// An instant in a response. As texts, instants without a fraction of a second sort wrongly.
pub fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

/// Headers by their names; a repeated one is one list.
fn joined<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> HashMap<String, String> {
    let mut headers: HashMap<String, String> = HashMap::new();
    for (name, value) in pairs {
        headers
            .entry(name.to_lowercase())
            .and_modify(|it| *it = format!("{it}, {value}"))
            .or_insert_with(|| value.to_owned());
    }
    headers
}

fn media_type(headers: &HashMap<String, String>) -> String {
    let content_type = headers.get("content-type").map(String::as_str).unwrap_or_default();
    content_type.split(';').next().unwrap().trim().to_owned()
}
