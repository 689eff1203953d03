//! Requests and their answers.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{Request, Response};

use super::{EventStream, contract};

/// What speaks to one address.
pub struct Client {
    /// Host and port.
    pub address: String,
    agent: Agent,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub media_type: String,
    /// By their names in lower case.
    pub headers: HashMap<String, String>,
    /// Null when there is none, or no JSON.
    pub body: Value,
    pub text: String,
}

impl Client {
    /// A client of an address.
    pub fn new(address: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(60)));
        Self { address: address.to_owned(), agent: config.build().into() }
    }

    /// Sends a request; the answer has been held against the document.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Reply {
        let reply = self.send_unchecked(method, path, headers, body);
        contract::check(method, path, &reply);
        reply
    }

    /// Sends a request whose answer the document does not speak of.
    pub fn send_unchecked(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Reply {
        if method == "GET" && path.starts_with("/api/v1/events/stream") {
            // Read to its end, a stream would be waited for in vain.
            return EventStream::open(&self.address, path, headers).head;
        }
        let mut request =
            Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let has_body = matches!(method, "POST" | "PUT" | "PATCH");
        let answered = match body {
            Some(body) => self.agent.run(request.body(body).unwrap()),
            None if has_body => self.agent.run(request.body(&b""[..]).unwrap()),
            None => self.agent.run(request.body(()).unwrap()),
        };
        match answered {
            Ok(response) => Reply::new(response),
            Err(cause) => panic!("{method} {path}: {cause}"),
        }
    }

    /// Sends JSON to a server that may go away; answers what it says, if it lives long enough.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Option<Reply> {
        let url = format!("http://{}{path}", self.address);
        let request = Request::builder().method(method).uri(url);
        let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        Some(Reply::new(self.agent.run(request.body(body).unwrap()).ok()?))
    }

    /// Fetches bytes: the status, the headers and the body.
    pub fn download(
        &self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> (u16, HashMap<String, String>, Vec<u8>) {
        let mut request = Request::get(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = self.agent.run(request.body(()).unwrap()).unwrap();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap().to_owned()));
        let headers = headers.collect();
        let bytes = response.body_mut().with_config().limit(1 << 32).read_to_vec().unwrap();
        (response.status().as_u16(), headers, bytes)
    }

    /// Files a ticket; answers its number, if the server lives long enough.
    pub fn file(&self, token: &str, body: &str) -> Option<i64> {
        self.file_once(token, "", body)
    }

    /// The same with an `Idempotency-Key`, unless that is empty.
    pub fn file_once(&self, token: &str, key: &str, body: &str) -> Option<i64> {
        let mut request = Request::post(format!("http://{}/api/v1/tickets", self.address))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        let mut response = self.agent.run(request.body(body.as_bytes()).unwrap()).ok()?;
        let text = response.body_mut().read_to_string().ok()?;
        let body: Value = serde_json::from_str(&text).ok()?;
        body["id"].as_i64().filter(|_| response.status().as_u16() == 201)
    }

    /// Sends bytes as they are on a connection of their own, and reads until it is closed.
    pub fn raw(&self, request: &[u8]) -> String {
        let mut connection = TcpStream::connect(&self.address).unwrap();
        connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        // The server may answer and close before it has read everything.
        let _ = connection.write_all(request);
        let mut answer = Vec::new();
        let _ = connection.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Reply {
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

    fn new(mut response: Response<ureq::Body>) -> Self {
        let pairs = response.headers().iter();
        let headers = joined(pairs.map(|(name, value)| (name.as_str(), value.to_str().unwrap())));
        let text = response.body_mut().read_to_string().unwrap();
        Self {
            status: response.status().as_u16(),
            media_type: media_type(&headers),
            body: serde_json::from_str(&text).unwrap_or_default(),
            headers,
            text,
        }
    }

    /// The same answer, of which this status was expected.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The code of a problem; empty where there is none.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The fields that are wrong.
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

    /// A member that is a text.
    #[track_caller]
    pub fn word(&self, name: &str) -> String {
        let word = self.body[name].as_str();
        word.unwrap_or_else(|| panic!("no {name}: {}", self.text)).to_owned()
    }

    /// The body of a problem without the one member that differs each time.
    pub fn but_for_its_id(&self) -> Value {
        let mut body = self.body.clone();
        body.as_object_mut().unwrap().remove("request_id");
        body
    }

    /// The id of what was answered.
    #[track_caller]
    pub fn id(&self) -> i64 {
        self.body["id"].as_i64().unwrap_or_else(|| panic!("no id: {}", self.text))
    }

    /// The items of a list.
    #[track_caller]
    pub fn items(&self) -> &[Value] {
        self.body["items"].as_array().unwrap_or_else(|| panic!("no list: {}", self.text))
    }

    /// One header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }
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
