//! A stream of events, read as it comes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::contract;
use super::person::Person;
use super::response::Response;
use super::server::Server;

/// How long a reader waits for the next event before the test fails.
const TIMEOUT: Duration = Duration::from_secs(60);

/// An open stream.
pub struct EventStream {
    /// The response without its body.
    pub head: Response,
    connection: BufReader<TcpStream>,
    /// How many bytes of the present chunk are left.
    left: usize,
}

/// An event of a stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    pub id: i64,
    pub event: String,
    pub data: Value,
}

impl EventStream {
    /// Requests a stream; a response that is no stream is read to its end.
    pub fn open(address: &str, path: &str, headers: &[(&str, &str)]) -> Self {
        Self::try_open(address, path, headers).unwrap()
    }

    /// The same at a server that may have been killed.
    pub fn try_open(address: &str, path: &str, headers: &[(&str, &str)]) -> Option<Self> {
        let connection = TcpStream::connect(address).ok()?;
        connection.set_read_timeout(Some(TIMEOUT)).unwrap();
        let mut request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n");
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        (&connection).write_all(format!("{request}\r\n").as_bytes()).ok()?;
        let mut connection = BufReader::new(connection);
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if connection.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if line.trim().is_empty() {
                break;
            }
            head.push(line.trim().to_owned());
        }
        let mut stream = Self { head: Response::of_head(&head), connection, left: 0 };
        if let Ok(length) = stream.head.header("content-length").parse() {
            let mut body = vec![0; length];
            stream.connection.read_exact(&mut body).unwrap();
            stream.head.text = String::from_utf8(body).unwrap();
            stream.head.body = serde_json::from_str(&stream.head.text).unwrap_or_default();
        }
        Some(stream)
    }

    /// The client's end of the connection.
    pub fn address(&self) -> SocketAddr {
        self.connection.get_ref().local_addr().unwrap()
    }

    /// The place at which it begins.
    pub fn position(&mut self) -> i64 {
        self.line().unwrap().strip_prefix("id: ").unwrap().parse().unwrap()
    }

    /// The next line; none once the stream has ended.
    fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        while line.last() != Some(&b'\n') {
            let byte = self.byte()?;
            line.push(byte);
        }
        line.pop();
        Some(String::from_utf8(line).unwrap())
    }

    /// The next byte of the body, which comes in chunks.
    fn byte(&mut self) -> Option<u8> {
        if self.left == 0 {
            let mut size = String::new();
            // The line break behind the chunk before it, if there was one.
            while size.trim().is_empty() {
                size.clear();
                if self.connection.read_line(&mut size).ok()? == 0 {
                    return None;
                }
            }
            self.left = usize::from_str_radix(size.trim(), 16).unwrap();
            if self.left == 0 {
                return None;
            }
        }
        self.left -= 1;
        let mut byte = [0];
        self.connection.read_exact(&mut byte).ok()?;
        Some(byte[0])
    }

    /// The next comment, or the time after which to reconnect, behind the place where the stream begins; none once the
    /// stream has ended.
    pub fn comment_line(&mut self) -> Option<String> {
        let mut line = self.line()?;
        if line.starts_with("id: ") {
            line = self.line()?;
        }
        assert!(line.starts_with(':') || line.starts_with("retry: "), "{line}");
        assert_eq!(self.line()?, "");
        Some(line)
    }
}

impl Iterator for EventStream {
    type Item = Sent;

    /// The next event; none once the stream has ended.
    fn next(&mut self) -> Option<Sent> {
        let started = Instant::now();
        let (mut id, mut event) = (None, None);
        loop {
            // The heartbeat never ends.
            assert!(started.elapsed() < TIMEOUT, "waited in vain for an event");
            let line = self.line()?;
            match line.split_once(": ") {
                Some(("id", it)) => id = it.parse().ok(),
                Some(("event", it)) => event = Some(it.to_owned()),
                Some(("data", it)) => {
                    let data = serde_json::from_str(it).unwrap();
                    contract::check_event(&data);
                    assert_eq!(self.line()?, "");
                    return Some(Sent { id: id.unwrap(), event: event.unwrap(), data });
                }
                Some(("retry", _)) => {}
                None if line.is_empty() || line == ":" => {}
                Some(_) | None => panic!("not a part of an event: {line}"),
            }
        }
    }
}

impl Person {
    /// Follows the feed of events at a server; `path` is what comes after `/events/stream`.
    pub fn follow(&self, server: &Server, path: &str, headers: &[(&str, &str)]) -> EventStream {
        self.try_follow(server, path, headers).unwrap()
    }

    /// The same at a server that may have been killed.
    pub fn try_follow(
        &self,
        server: &Server,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Option<EventStream> {
        let bearer = format!("Bearer {}", self.token);
        let headers = [headers, &[("authorization", bearer.as_str())]].concat();
        let path = format!("/api/v1/events/stream{path}");
        EventStream::try_open(&server.client.address, &path, &headers)
    }
}
