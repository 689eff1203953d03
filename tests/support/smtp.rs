//! A mail server that stores what it gets, and can be stopped, slow or unwilling.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::free::{Address, free_address};
use super::mail::Mail;
use super::wait::{wait_for, wait_until};

/// A mail server on an address of its own.
pub struct MailServer {
    address: Address,
    state: Arc<Mutex<State>>,
    is_stopped: Mutex<Arc<AtomicBool>>,
}

#[derive(Default)]
struct State {
    received: Vec<Mail>,
    /// The responses to recipients who are refused.
    responses: HashMap<String, String>,
    /// Recipients whose mail is taken but not acknowledged for the time being.
    held: HashSet<String>,
    connections: Vec<TcpStream>,
}

impl MailServer {
    pub fn stopped() -> Self {
        Self { address: free_address(), state: Arc::default(), is_stopped: Mutex::default() }
    }

    pub fn running() -> Self {
        let server = Self::stopped();
        server.start();
        server
    }

    pub fn start(&self) {
        let listener = TcpListener::bind(&*self.address).unwrap();
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

    /// Stops taking mail, and closes all connections.
    pub fn stop(&self) {
        self.is_stopped.lock().unwrap().store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(&*self.address);
        wait_until("the mail server is gone", || TcpStream::connect(&*self.address).is_err());
        for connection in self.state.lock().unwrap().connections.drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }

    /// Refuses a recipient with this response; accepts them again if it is empty.
    pub fn respond(&self, recipient: &str, response: &str) {
        self.state.lock().unwrap().responses.insert(recipient.to_owned(), response.to_owned());
    }

    /// Takes the mail of a recipient, but acknowledges it only once it is released.
    pub fn hold(&self, recipient: &str) {
        self.state.lock().unwrap().held.insert(recipient.to_owned());
    }

    /// Acknowledges what it has held back.
    pub fn release(&self) {
        self.state.lock().unwrap().held.clear();
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn received(&self) -> Vec<Mail> {
        self.state.lock().unwrap().received.clone()
    }

    /// The mail to a recipient, once there are `count`.
    pub fn received_by(&self, recipient: &str, count: usize) -> Vec<Mail> {
        wait_for(&format!("{recipient} has {count} mails"), || {
            let mut found = self.received();
            found.retain(|it| it.to == recipient);
            (found.len() >= count).then_some(found)
        })
    }
}

/// Speaks as much of RFC 5321 as a client needs.
fn converse(mut connection: TcpStream, state: &Mutex<State>) {
    let lines = BufReader::new(connection.try_clone().unwrap()).lines();
    let mut letter: Option<String> = None;
    let mut sender = String::new();
    let mut say = |text: &str| connection.write_all(format!("{text}\r\n").as_bytes()).is_ok();
    say("220 mail.example ESMTP");
    for line in lines.map_while(Result::ok) {
        let response = match (&mut letter, line.as_str()) {
            (Some(text), ".") => {
                let mut mail = Mail::new(text.as_bytes());
                mail.headers.insert("return-path".to_owned(), sender.clone());
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
            (None, line) if line.starts_with("MAIL") => {
                sender = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                "250 yes".to_owned()
            }
            (None, line) if line.starts_with("RCPT") => {
                let recipient = line.split(['<', '>']).nth(1).unwrap_or_default();
                let response = state.lock().unwrap().responses.get(recipient).cloned();
                response.filter(|it| !it.is_empty()).unwrap_or_else(|| "250 yes".to_owned())
            }
            (None, _) => "250 mail.example".to_owned(),
        };
        if !say(&response) {
            return;
        }
    }
}
