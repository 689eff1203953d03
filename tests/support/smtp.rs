//! A mail server that keeps what it is given, and can be stopped, slow or unwilling.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::free::free_address;
use super::mail::Mail;
use super::wait::{wait_for, wait_until};

/// A mail server on an address of its own.
pub struct MailServer {
    address: String,
    state: Arc<Mutex<State>>,
    is_stopped: Mutex<Arc<AtomicBool>>,
}

#[derive(Default)]
struct State {
    received: Vec<Mail>,
    /// What is answered to a recipient, if that is not yes.
    answers: HashMap<String, String>,
    /// Recipients whose mail is taken, but not answered for the time being.
    held: HashSet<String>,
    connections: Vec<TcpStream>,
}

impl MailServer {
    /// One that is not running yet.
    pub fn stopped() -> Self {
        Self { address: free_address(), state: Arc::default(), is_stopped: Mutex::default() }
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
        let (state, is_stopped) = (Arc::clone(&self.state), Arc::new(AtomicBool::new(false)));
        *self.is_stopped.lock().unwrap() = Arc::clone(&is_stopped);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                if is_stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (connection, state) = (connection.unwrap(), Arc::clone(&state));
                state.lock().unwrap().connections.push(connection.try_clone().unwrap());
                std::thread::spawn(move || converse(connection, &state));
            }
        });
    }

    /// Takes none any more, and cuts whoever is connected.
    pub fn stop(&self) {
        self.is_stopped.lock().unwrap().store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(&self.address);
        wait_until("the mail server is gone", || TcpStream::connect(&self.address).is_err());
        for connection in self.state.lock().unwrap().connections.drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }

    /// Answers a recipient with this instead of a yes; empty means yes again.
    pub fn answer(&self, recipient: &str, answer: &str) {
        self.state.lock().unwrap().answers.insert(recipient.to_owned(), answer.to_owned());
    }

    /// Takes the mail of a recipient, but answers only when it is released.
    pub fn hold(&self, recipient: &str) {
        self.state.lock().unwrap().held.insert(recipient.to_owned());
    }

    /// Answers what it has held back.
    pub fn release(&self) {
        self.state.lock().unwrap().held.clear();
    }

    /// What `HELPDESK_SMTP_URL` names it by.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The mail it has taken so far.
    pub fn received(&self) -> Vec<Mail> {
        self.state.lock().unwrap().received.clone()
    }

    /// The mail it has taken for a recipient, once there are `count`.
    pub fn received_by(&self, recipient: &str, count: usize) -> Vec<Mail> {
        wait_for(&format!("{recipient} has {count} mails"), || {
            let mut found = self.received();
            found.retain(|it| it.to == recipient);
            (found.len() >= count).then_some(found)
        })
    }
}

/// Speaks as much of RFC 5321 as a client needs; ends when the client does.
fn converse(mut connection: TcpStream, state: &Mutex<State>) {
    let lines = BufReader::new(connection.try_clone().unwrap()).lines();
    let mut letter: Option<String> = None;
    let mut say = |text: &str| connection.write_all(format!("{text}\r\n").as_bytes()).is_ok();
    say("220 mail.example ESMTP");
    for line in lines.map_while(Result::ok) {
        let answer = match (&mut letter, line.as_str()) {
            (Some(text), ".") => {
                let mail = Mail::new(text.as_bytes());
                let recipient = mail.to.clone();
                state.lock().unwrap().received.push(mail);
                while state.lock().unwrap().held.contains(&recipient) {
                    std::thread::sleep(std::time::Duration::from_millis(10));
                }
                letter = None;
                "250 taken".to_owned()
            }
            (Some(text), line) => {
                text.push_str(line.strip_prefix('.').unwrap_or(line));
                text.push_str("\r\n");
                continue;
            }
            (None, "DATA") => {
                letter = Some(String::new());
                "354 go on".to_owned()
            }
            (None, "QUIT") => "221 bye".to_owned(),
            (None, line) if line.starts_with("RCPT") => {
                let recipient = line.split(['<', '>']).nth(1).unwrap_or_default();
                let answer = state.lock().unwrap().answers.get(recipient).cloned();
                answer.filter(|it| !it.is_empty()).unwrap_or_else(|| "250 yes".to_owned())
            }
            (None, _) => "250 mail.example".to_owned(),
        };
        if !say(&answer) {
            return;
        }
    }
}
