//! Somebody who calls the API.

use std::sync::Arc;

use serde_json::Value;

use super::client::Client;
use super::response::Response;
use super::server::Server;

const JSON: (&str, &str) = ("content-type", "application/json");

/// Paths are those below `/api/v1`.
#[derive(Clone)]
pub struct Person {
    /// The id of the account; 0 for nobody.
    pub id: i64,
    /// The access token; empty for nobody.
    pub token: String,
    /// The login.
    pub email: String,
    pub client: Arc<Client>,
}

impl Server {
    /// Whoever holds a token; nobody if it is empty.
    pub fn with_token(&self, token: &str) -> Person {
        let client = Arc::clone(&self.client);
        Person { id: 0, token: token.to_owned(), email: String::new(), client }
    }
}

impl Person {
    pub fn get(&self, path: &str) -> Response {
        self.call("GET", path, None)
    }

    pub fn post(&self, path: &str, body: Value) -> Response {
        self.call("POST", path, Some(&body))
    }

    pub fn patch(&self, path: &str, body: Value) -> Response {
        self.call("PATCH", path, Some(&body))
    }

    pub fn put(&self, path: &str, body: Value) -> Response {
        self.call("PUT", path, Some(&body))
    }

    pub fn delete(&self, path: &str) -> Response {
        self.call("DELETE", path, None)
    }

    /// A request with a JSON body or with none at all.
    pub fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Response {
        match body {
            Some(body) => self.call_with(method, path, &[], body),
            None => self.send(method, path, &[], None),
        }
    }

    /// A request with a JSON body and further headers.
    pub fn call_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Response {
        let headers = [&[JSON], headers].concat();
        self.send(method, path, &headers, Some(body.to_string().as_bytes()))
    }

    /// Any request with the person's token, otherwise as it stands.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Response {
        let bearer = format!("Bearer {}", self.token);
        let mut all = headers.to_vec();
        if !self.token.is_empty() {
            all.push(("authorization", &bearer));
        }
        self.client.send(method, &format!("/api/v1{path}"), &all, body)
    }

    /// POST with an `Idempotency-Key`.
    pub fn post_once(&self, key: &str, path: &str, body: Option<&Value>) -> Response {
        let headers = [("idempotency-key", key)];
        match body {
            Some(body) => self.call_with("POST", path, &headers, body),
            None => self.send("POST", path, &headers, None),
        }
    }

    /// POST of a body to a server that may be killed meanwhile; none if it was.
    pub fn try_post(&self, path: &str, body: &Value) -> Option<Response> {
        let bearer = format!("Bearer {}", self.token);
        let headers = [JSON, ("authorization", &bearer)];
        let path = format!("/api/v1{path}");
        self.client.try_send("POST", &path, &headers, body.to_string().as_bytes())
    }

    /// The same person at another server on the same database.
    pub fn at(&self, server: &Server) -> Self {
        Self { client: Arc::clone(&server.client), ..self.clone() }
    }

    /// Every page of a list. A query in the path is kept.
    pub fn pages(&self, path: &str) -> Vec<Response> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut pages = vec![self.get(path).expect(200)];
        while let Some(cursor) = pages.last().and_then(|it| it.body["next_cursor"].as_str()) {
            let next = self.get(&format!("{path}{separator}cursor={cursor}")).expect(200);
            pages.push(next);
        }
        pages
    }

    /// Every item of a list, whatever the size of its pages.
    pub fn all(&self, path: &str) -> Vec<Value> {
        self.pages(path).iter().flat_map(|it| it.items().to_vec()).collect()
    }
}
