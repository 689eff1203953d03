//! A mail server that keeps what it is given.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::{Mail, server::free_address};

/// A mail server on an address of its own.
pub struct MailServer {
    address: String,
    received: Arc<Mutex<Vec<Mail>>>,
}

impl MailServer {
    /// One that is not running yet.
    pub fn stopped() -> Self {
        Self { address: free_address(), received: Arc::default() }
    }

    /// One that runs.
    pub fn running() -> Self {
        let server = Self::stopped();
        server.start();
        server
    }

    /// Takes mail from now on.
    pub fn start(&self) {
        let listener = TcpListener::bind(&self.address).unwrap();
        let received = Arc::clone(&self.received);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let received = Arc::clone(&received);
                std::thread::spawn(move || converse(connection.unwrap(), &received));
            }
        });
    }

    /// What `HELPDESK_SMTP_URL` names it by.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The mail it has taken so far.
    pub fn received(&self) -> Vec<Mail> {
        self.received.lock().unwrap().clone()
    }
}

/// Speaks as much of RFC 5321 as a client needs; ends when the client does.
fn converse(mut connection: TcpStream, received: &Mutex<Vec<Mail>>) {
    let lines = BufReader::new(connection.try_clone().unwrap()).lines();
    let mut letter: Option<String> = None;
    let mut say = |text: &str| connection.write_all(format!("{text}\r\n").as_bytes()).is_ok();
    say("220 mail.example ESMTP");
    for line in lines.map_while(Result::ok) {
        let answer = match (&mut letter, line.as_str()) {
            (Some(text), ".") => {
                received.lock().unwrap().push(Mail::new(text.as_bytes()));
                letter = None;
                "250 taken"
            }
            (Some(text), line) => {
                text.push_str(line.strip_prefix('.').unwrap_or(line));
                text.push_str("\r\n");
                continue;
            }
            (None, "DATA") => {
                letter = Some(String::new());
                "354 go on"
            }
            (None, "QUIT") => "221 bye",
            (None, _) => "250 mail.example",
        };
        if !say(answer) {
            return;
        }
    }
}
