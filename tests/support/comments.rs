//! Comments on tickets.

use serde_json::{Value, json};

use super::person::Person;
use super::response::Response;

/// The texts of comments.
pub fn bodies(comments: &Value) -> Vec<&str> {
    comments.as_array().unwrap().iter().map(|it| it["body"].as_str().unwrap()).collect()
}

impl Person {
    /// Posts a comment that may be refused.
    pub fn says(&self, ticket: i64, body: Value) -> Response {
        self.post(&format!("/tickets/{ticket}/comments"), body)
    }

    /// Posts a public comment.
    #[track_caller]
    pub fn replies(&self, ticket: i64, text: &str) -> Response {
        self.says(ticket, json!({ "body": text })).expect(201)
    }

    /// Posts an internal note.
    #[track_caller]
    pub fn writes_note(&self, ticket: i64, text: &str) -> Response {
        self.says(ticket, json!({ "body": text, "internal": true })).expect(201)
    }

    /// The id of a comment of the customer that leaves the ticket in its status.
    #[track_caller]
    pub fn remarks(&self, ticket: i64, status: &str) -> i64 {
        let body = json!({ "body": "Порт поднялся, благодарю.", "status": status });
        self.says(ticket, body).expect(201).id()
    }

    #[track_caller]
    pub fn comments(&self, ticket: i64) -> Vec<Value> {
        self.get(&format!("/tickets/{ticket}/comments?limit=100")).expect(200).items().to_vec()
    }
}
