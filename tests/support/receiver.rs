//! A receiver of webhooks that stores what it gets and responds as the test wants.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use standardwebhooks::Webhook;
use ureq::http::{HeaderMap, HeaderName, HeaderValue};

use super::contract;
use super::free::{Address, free_address};
use super::wait::wait_until;

/// How a receiver responds.
#[derive(Debug, Clone)]
pub enum Behaviour {
    /// With a status, and these further header lines.
    Answers(u16, &'static str),
    /// It reads and does not respond.
    IsSilent,
    /// It responds with 200 and a body that goes on byte by byte.
    Drips,
}

/// A message as it came.
#[derive(Debug, Clone)]
pub struct Message {
    /// By their names in lower case.
    pub headers: HashMap<String, String>,
    pub text: String,
    pub body: Value,
}

impl Message {
    /// Whether the published library verifies its signature with a secret.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in self.headers.iter().filter(|(name, _)| name.starts_with("webhook-")) {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        Webhook::new(secret).unwrap().verify(self.text.as_bytes(), &headers).is_ok()
    }
}

/// A receiver on an address of its own.
pub struct Receiver {
    address: Address,
    manner: Arc<Mutex<Behaviour>>,
    messages: Arc<Mutex<Vec<Message>>>,
}

impl Receiver {
    pub fn with(manner: Behaviour) -> Self {
        let receiver = Self::down(manner);
        receiver.start();
        receiver
    }

    /// One that does not listen yet.
    pub fn down(manner: Behaviour) -> Self {
        let manner = Arc::new(Mutex::new(manner));
        Self { address: free_address(), manner, messages: Arc::default() }
    }

    pub fn start(&self) {
        let listener = TcpListener::bind(&*self.address).unwrap();
        let (manner, messages) = (Arc::clone(&self.manner), Arc::clone(&self.messages));
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let (manner, messages) = (Arc::clone(&manner), Arc::clone(&messages));
                std::thread::spawn(move || receive(connection.unwrap(), &manner, &messages));
            }
        });
    }

    /// Responds otherwise from now on.
    pub fn now(&self, manner: Behaviour) {
        *self.manner.lock().unwrap() = manner;
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// The messages it got, once there are at least `count`.
    pub fn messages(&self, count: usize) -> Vec<Message> {
        let messages = || self.messages.lock().unwrap().clone();
        wait_until(&format!("there are {count} messages"), || messages().len() >= count);
        messages().iter().for_each(|it| contract::check_message(&it.body));
        messages()
    }
}

fn receive(mut connection: TcpStream, manner: &Mutex<Behaviour>, messages: &Mutex<Vec<Message>>) {
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        match line.trim().split_once(": ") {
            Some((name, value)) => headers.insert(name.to_lowercase(), value.to_owned()),
            None if line.trim().is_empty() => break,
            None => continue,
        };
    }
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    let text = String::from_utf8(body).unwrap();
    let message = Message { headers, body: serde_json::from_str(&text).unwrap(), text };
    messages.lock().unwrap().push(message);
    let manner = manner.lock().unwrap().clone();
    match manner {
        Behaviour::Answers(status, further) => {
            let response = format!(
                "HTTP/1.1 {status} Whatever\r\nconnection: close\r\ncontent-length: 6\r\n{further}\r\nthanks"
            );
            let _ = connection.write_all(response.as_bytes());
        }
        Behaviour::IsSilent => drop(reader.read(&mut [0])),
        Behaviour::Drips => {
            let head = "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n";
            let _ = connection.write_all(head.as_bytes());
            while connection.write_all(b".").is_ok() {
                std::thread::sleep(Duration::from_millis(200));
            }
        }
    }
}
