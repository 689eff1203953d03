//! A client's connection, between the socket and the HTTP parser. The parser responds to unreadable input with
//! a bare status, and waits forever for the rest of a second head: here a bare status becomes a problem
//! document, and each head has a time limit.

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::rt::net::TcpStream;
use actix_web::rt::time::Sleep;
use domain::Language;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::problem::{Code, Problem};
use crate::server::response_middleware::{FIXED_HEADERS, NOTHING_LOADS, new_request_id};

/// How long a head may take to arrive.
const HEAD: Duration = Duration::from_secs(5);

/// The requests of one connection.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    begun: Cell<u64>,
    running: Cell<usize>,
}

impl Requests {
    /// A request has been read; it runs until its response is sent.
    pub(crate) fn begin(self: &Rc<Self>) -> Running {
        self.begun.set(self.begun.get() + 1);
        self.running.set(self.running.get() + 1);
        Running(Rc::clone(self))
    }

    fn is_idle(&self) -> bool {
        self.running.get() == 0
    }
}

pub(crate) struct Running(Rc<Requests>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.set(self.0.running.get() - 1);
    }
}

/// The socket of a client.
pub(crate) struct Connection {
    socket: TcpStream,
    pub(crate) peer: Option<SocketAddr>,
    pub(crate) requests: Rc<Requests>,
    public_url: Rc<str>,
    /// The deadline of the head that is arriving, and how many requests came before it.
    head: Option<(Pin<Box<Sleep>>, u64)>,
    /// What is sent instead of a bare status, and how much of it has been.
    response: (Vec<u8>, usize),
    /// All that was written before has been sent.
    is_sent: bool,
    is_over: bool,
}

impl Connection {
    pub(crate) fn new(socket: TcpStream, public_url: Rc<str>) -> Self {
        Self {
            peer: socket.peer_addr().ok(),
            socket,
            requests: Rc::default(),
            public_url,
            head: Some((Box::pin(actix_web::rt::time::sleep(HEAD)), 0)),
            response: (Vec::new(), 0),
            is_sent: true,
            is_over: false,
        }
    }

    /// Whether an arriving head has taken too long. Called whenever bytes may have arrived.
    fn is_late(&mut self, has_come: bool, cx: &mut Context<'_>) -> bool {
        let begun = self.requests.begun.get();
        if self.head.as_ref().is_some_and(|(_, before)| *before != begun) {
            self.head = None;
        }
        if !self.requests.is_idle() {
            return false;
        }
        if has_come && self.head.is_none() {
            self.head = Some((Box::pin(actix_web::rt::time::sleep(HEAD)), begun));
        }
        self.head.as_mut().is_some_and(|(sleep, _)| sleep.as_mut().poll(cx).is_ready())
    }

    /// The whole response to a request that could not be read.
    fn response(&self, status: StatusCode) -> Vec<u8> {
        let (problem, id) = (Problem::new(Code::for_status(status)), new_request_id());
        let (status, language) = (problem.code.status(), Language::Ru);
        let body = problem.document(language, &self.public_url, &id).to_string();
        let fixed = FIXED_HEADERS.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let peer = self.peer.map(|it| it.ip().to_string()).unwrap_or_default();
        log::info!(
            target: "helpdesk::request",
            request_id = id.as_str(), status = status.as_u16(), address = peer.as_str();
            "unreadable request {} address={peer} id={id}", status.as_u16(),
        );
        format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/problem+json\r\ncontent-language: {}\r\n\
             content-length: {}\r\nconnection: close\r\ncache-control: no-store\r\nx-request-id: {id}\r\n\
             vary: Accept-Language, Authorization\r\ncontent-security-policy: {NOTHING_LOADS}\r\n{}\r\n{body}",
            language.as_str(),
            body.len(),
            fixed.collect::<String>(),
        )
        .into_bytes()
    }
}

/// The status of a response without a body, as the parser writes it by itself. All others have a request id.
fn bare_status(bytes: &[u8]) -> Option<StatusCode> {
    let text = std::str::from_utf8(bytes).ok().filter(|it| it.ends_with("\r\n\r\n"))?;
    let status = text.strip_prefix("HTTP/1.1 ").or(text.strip_prefix("HTTP/1.0 "))?.get(..3)?;
    let status = StatusCode::from_bytes(status.as_bytes()).ok().filter(|it| it.as_u16() >= 400)?;
    (!text.contains("x-request-id: ")).then_some(status)
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.is_over {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.socket).poll_read(cx, buffer);
        let has_come = buffer.filled().len() > before;
        if self.is_late(has_come, cx) {
            self.is_over = true;
            buffer.set_filled(before);
            let response = self.response(StatusCode::REQUEST_TIMEOUT);
            // A client that reads nothing does not learn why it is cut off.
            let _ = Pin::new(&mut self.socket).poll_write(cx, &response);
            return Poll::Ready(Ok(()));
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let is_between = self.is_sent && self.requests.is_idle() && self.response.0.is_empty();
        if let Some(status) = bare_status(bytes).filter(|_| is_between) {
            self.response = (self.response(status), 0);
        }
        self.is_sent = false;
        if self.response.0.is_empty() {
            return Pin::new(&mut self.socket).poll_write(cx, bytes);
        }
        let this = &mut *self;
        let (response, sent) = &mut this.response;
        while let Some(rest) = response.get(*sent..).filter(|it| !it.is_empty()) {
            *sent += ready!(Pin::new(&mut this.socket).poll_write(cx, rest))?;
        }
        self.response = (Vec::new(), 0);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.socket).poll_flush(cx))?;
        self.is_sent = self.requests.is_idle();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_parser_says_by_itself_is_bare() {
        let bare = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n\r\n";
        assert_eq!(bare_status(bare).map(|it| it.as_u16()), Some(431));
        for other in [
            &b"HTTP/1.1 404 Not Found\r\nx-request-id: 1\r\n\r\n"[..],
            b"HTTP/1.1 200 OK\r\n\r\n",
            b"HTTP/1.1 400 Bad Request\r\n\r\n{}",
            b"HTTP/1.1",
            b"\xff",
        ] {
            assert_eq!(bare_status(other), None);
        }
    }
}
