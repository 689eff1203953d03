//! The operations of the OpenAPI document.

use serde_json::Value;

use super::contract::document;

#[derive(Debug, Clone)]
pub struct Operation {
    pub id: &'static str,
    /// In capitals.
    pub method: String,
    /// Below `/api/v1`, with its parameters in braces.
    pub path: &'static str,
    pub described: &'static Value,
}

pub fn operations() -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, described) in item.as_object().unwrap() {
            found.push(Operation {
                id: described["operationId"].as_str().unwrap(),
                method: method.to_uppercase(),
                path: path.strip_prefix("/api/v1").unwrap(),
                described,
            });
        }
    }
    found
}

impl Operation {
    /// The path in which every parameter is the same.
    pub fn path_of(&self, parameter: &str) -> String {
        let pieces = self.path.split('/');
        let pieces = pieces.map(|it| if it.starts_with('{') { parameter } else { it });
        pieces.collect::<Vec<_>>().join("/")
    }

    /// The beginning of its query: what it cannot do without.
    pub fn query(&self) -> &'static str {
        if self.needs_query() { "?q=1016&" } else { "?" }
    }

    /// The shortest query with which it succeeds.
    pub fn required_query(&self) -> &'static str {
        if self.needs_query() { "?q=1016" } else { "" }
    }

    fn needs_query(&self) -> bool {
        self.parameters().any(|it| it["in"] == "query" && it["required"] == true)
    }

    pub fn parameters(&self) -> impl Iterator<Item = &'static Value> {
        self.described["parameters"].as_array().into_iter().flatten()
    }
}
