//! Requests over HTTP.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use ureq::Agent;
use ureq::http::Request;

use super::contract;
use super::response::Response;
use super::stream::EventStream;

/// Calls one address.
pub struct Client {
    /// Host and port.
    pub address: String,
    agent: Agent,
}

impl Client {
    pub fn new(address: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // The service closes what was idle for five seconds.
            .max_idle_age(Duration::from_secs(3))
            .timeout_global(Some(Duration::from_secs(60)));
        Self { address: address.to_owned(), agent: config.build().into() }
    }

    /// Sends a request and checks the response against the document.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Response {
        let response = self.send_unchecked(method, path, headers, body);
        contract::check(method, path, &response);
        response
    }

    /// Sends a request whose response the document does not describe.
    pub fn send_unchecked(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Response {
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
        let response = match body {
            Some(body) => self.agent.run(request.body(body).unwrap()),
            None if has_body => self.agent.run(request.body(&b""[..]).unwrap()),
            None => self.agent.run(request.body(()).unwrap()),
        };
        match response {
            Ok(response) => Response::read(response).unwrap(),
            Err(cause) => panic!("{method} {path}: {cause}"),
        }
    }

    /// Sends a request to a server that may be killed meanwhile; none if it was.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Option<Response> {
        let url = format!("http://{}{path}", self.address);
        let request = Request::builder().method(method).uri(url);
        let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        Response::read(self.agent.run(request.body(body).unwrap()).ok()?)
    }

    /// The status, the headers and the bytes of a file.
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
        contract::check_download(path, response.status().as_u16(), &headers);
        let bytes = response.body_mut().with_config().limit(1 << 32).read_to_vec().unwrap();
        (response.status().as_u16(), headers, bytes)
    }

    /// The id of a ticket that is filed, with an `Idempotency-Key` unless that is empty, if the
    /// server lives long enough to answer.
    pub fn try_file(&self, token: &str, key: &str, body: &str) -> Option<i64> {
        let bearer = format!("Bearer {token}");
        let mut headers =
            vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        if !key.is_empty() {
            headers.push(("idempotency-key", key));
        }
        let response = self.try_send("POST", "/api/v1/tickets", &headers, body.as_bytes())?;
        (response.status == 201).then(|| response.id())
    }

    /// Sends bytes as they are on a connection of their own, and reads until it is closed.
    pub fn raw(&self, request: &[u8]) -> String {
        self.raw_in_two(request, b"")
    }

    /// The same with more that follows, once the first has been answered.
    pub fn raw_in_two(&self, request: &[u8], then: &[u8]) -> String {
        let mut connection = TcpStream::connect(&self.address).unwrap();
        connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        // The server may answer and close before it has read everything.
        let _ = connection.write_all(request);
        let mut response = Vec::new();
        if !then.is_empty() {
            let mut first = [0; 4096];
            let length = connection.read(&mut first).unwrap();
            response.extend_from_slice(&first[..length]);
            let _ = connection.write_all(then);
        }
        let _ = connection.read_to_end(&mut response);
        String::from_utf8_lossy(&response).into_owned()
    }

    /// Sends some bytes at once and the others one by one, until the server has had enough; returns
    /// what it says.
    pub fn drop_by_drop(&self, at_once: &[u8], drops: &[u8], pause: Duration) -> String {
        let mut connection = TcpStream::connect(&self.address).unwrap();
        connection.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        connection.write_all(at_once).unwrap();
        let mut sender = connection.try_clone().unwrap();
        let mut response = Vec::new();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                for it in drops {
                    if sender.write_all(&[*it]).is_err() {
                        return;
                    }
                    std::thread::sleep(pause);
                }
            });
            let _ = connection.read_to_end(&mut response);
            let _ = connection.shutdown(Shutdown::Both);
        });
        String::from_utf8_lossy(&response).into_owned()
    }
}
