//! Personal tokens for scripts.

use serde_json::json;

use super::person::Person;
use super::response::Response;

impl Person {
    pub fn makes_api_token(&self, scopes: &[&str]) -> Response {
        self.post("/me/api-tokens", json!({ "name": "Ночная выгрузка", "scopes": scopes }))
    }

    /// A script that calls in the person's name.
    #[track_caller]
    pub fn script(&self, scopes: &[&str]) -> Self {
        let token = self.makes_api_token(scopes).expect(201).word("token");
        Self { token, ..self.clone() }
    }
}
