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
    pub fn query(&self) -> String {
        let required = self.required_query();
        if required.is_empty() { "?".to_owned() } else { required + "&" }
    }

    /// The shortest query with which it succeeds.
    pub fn required_query(&self) -> String {
        let needs = |name: &str| {
            let mut of_query = self.parameters().filter(|it| it["in"] == "query");
            of_query.any(|it| it["name"] == name && it["required"] == true)
        };
        let required = ["q=1016", "by=status"];
        let required = required.into_iter().filter(|it| needs(it.split('=').next().unwrap()));
        let required: Vec<&str> = required.collect();
        if required.is_empty() { String::new() } else { format!("?{}", required.join("&")) }
    }

    pub fn parameters(&self) -> impl Iterator<Item = &'static Value> {
        self.described["parameters"].as_array().into_iter().flatten()
    }
}
