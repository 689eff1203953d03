//! Mail as its reader sees it.

use std::collections::HashMap;
use std::path::Path;

use mail_parser::MessageParser;

use super::app::TestApp;
use super::wait::{wait_for, wait_until};

/// A mail, decoded.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub body: String,
    /// Its HTML, or what is shown instead if it has none.
    pub html: String,
    /// Undecoded, by their names in lower case.
    pub headers: HashMap<String, String>,
}

impl Mail {
    pub fn new(bytes: &[u8]) -> Self {
        let message = MessageParser::default().parse(bytes).unwrap();
        let headers = message
            .headers_raw()
            .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
            .collect();
        let to = message.to().and_then(|it| it.first()).and_then(|it| it.address());
        Self {
            to: to.unwrap().to_owned(),
            subject: message.subject().unwrap().to_owned(),
            body: message.body_text(0).unwrap().into_owned(),
            html: message.body_html(0).unwrap_or_default().into_owned(),
            headers,
        }
    }

    /// The one-time password that an invitation brings.
    #[track_caller]
    pub fn password(&self) -> String {
        let mut words = self.body.split_whitespace();
        let is_password =
            |it: &&str| it.len() == 26 && it.chars().all(|it| it.is_ascii_alphanumeric());
        words.find(is_password).unwrap_or_else(|| panic!("no password: {}", self.body)).to_owned()
    }
}

/// The mail in a folder, in the order of sending, once there are at least `count`.
pub fn read(folder: &Path, count: usize) -> Vec<Mail> {
    let mut files = Vec::new();
    wait_until(&format!("there are {count} mails"), || {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        files = entries.map(|it| it.unwrap().path()).collect();
        files.retain(|it| it.extension().is_some_and(|it| it == "eml") && !is_hidden(it));
        files.len() >= count
    });
    files.sort();
    files.iter().map(|it| Mail::new(&std::fs::read(it).unwrap())).collect()
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|it| it.to_string_lossy().starts_with('.'))
}

impl TestApp {
    /// The mail written so far, in the order of sending, once there are at least `count`.
    pub fn mails(&self, count: usize) -> Vec<Mail> {
        read(&self.server.data_dir.join("mail"), count)
    }

    /// The mail to an address, in the order of sending, once there are at least `count`.
    pub fn mails_to(&self, address: &str, count: usize) -> Vec<Mail> {
        wait_for(&format!("{address} has {count} mails"), || {
            let mut found = self.mails(0);
            found.retain(|it| it.to == address);
            (found.len() >= count).then_some(found)
        })
    }

    /// The first mail to an address.
    pub fn mail_to(&self, address: &str) -> Mail {
        self.mails_to(address, 1).remove(0)
    }
}
