//! Replies by e-mail, delivered as the mail server's pipe does it.

use serde_json::Value;

use super::app::TestApp;
use super::command::helpdesk_reading;
use super::mail::Mail;
use super::person::Person;
use super::server::JWT_KEYS;
use super::wait::wait_for;

const DOMAIN: (&str, &str) = ("HELPDESK_REPLY_DOMAIN", "reply.example");

/// The settings of a portal with an address of its own.
pub const INBOX: &[(&str, &str)] = &[
    ("HELPDESK_INBOX", "help@helpdesk.example"),
    ("HELPDESK_INBOX_AUTHSERV", "mx.helpdesk.example"),
];

/// A reply as a mail program writes it.
pub fn mail_reply(person: &Person, to: &str, id: &str, text: &str) -> String {
    format!(
        "Return-Path: <{0}>\r\nFrom: Somebody <{0}>\r\nTo: Support <{to}>\r\nMessage-ID: <{id}@mail.example>\r\n\
         Subject: Re: [1]\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n",
        person.email
    )
}

/// A mail to the portal's own address, as the mail server hands it over.
pub fn mail_to_inbox(person: &Person, id: &str, subject: &str, text: &str) -> String {
    let mail = mail_reply(person, INBOX[0].1, id, text);
    let checked =
        "Authentication-Results: mx.helpdesk.example; dmarc=pass header.from=helpdesk.example";
    format!("{checked}\r\n{}", mail.replace("Subject: Re: [1]", &format!("Subject: {subject}")))
}

impl TestApp {
    /// A system that takes replies by e-mail.
    pub fn with_inbound_mail() -> Self {
        Self::spawn_with(&[DOMAIN])
    }

    /// One that takes new tickets, too, and says so.
    pub fn with_inbox() -> Self {
        Self::spawn_with(&[DOMAIN, INBOX[0], INBOX[1]])
    }

    /// The settings of the command that takes a mail.
    pub fn inbound_settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("DATABASE_URL", self.database_url()),
            ("HELPDESK_JWT_KEYS", JWT_KEYS.to_owned()),
            ("HELPDESK_STORAGE_URL", self.server.storage_url()),
            (DOMAIN.0, DOMAIN.1.to_owned()),
        ]
    }

    /// The exit code that the mail server gets for a mail.
    pub fn deliver(&self, mail: &str) -> Option<i32> {
        self.deliver_with(mail, &[])
    }

    /// The same with other settings.
    pub fn deliver_with(&self, mail: &str, further: &[(&str, &str)]) -> Option<i32> {
        self.deliver_bytes(mail.as_bytes(), further)
    }

    /// The same with a mail that need not be text.
    pub fn deliver_bytes(&self, mail: &[u8], further: &[(&str, &str)]) -> Option<i32> {
        let settings = self.inbound_settings();
        let settings = settings.iter().map(|(name, value)| (*name, value.as_str()));
        let settings: Vec<_> = settings.chain(further.iter().copied()).collect();
        let output = helpdesk_reading(&["inbound-mail"], &settings, mail);
        assert!(output.stdout.is_empty());
        output.status.code()
    }

    /// What became of each mail that was delivered, in order.
    pub fn inbound_mails(&self) -> Vec<String> {
        self.rows("select coalesce(reason, 'used') from inbound_mails order by id")
    }

    /// The latest mail to a person that contains these words.
    pub fn mail_saying(&self, person: &Person, words: &str) -> Mail {
        self.wait_for_notifications();
        wait_for(&format!("{} has mail: {words}", person.email), || {
            let mut mails = self.mails(0).into_iter();
            mails.rfind(|it| it.to == person.email && it.body.contains(words))
        })
    }

    /// A ticket with its comments, as the engineer sees it.
    #[track_caller]
    pub fn ticket_with_comments(&self, id: i64) -> Value {
        self.engineer().get(&format!("/tickets/{id}?expand=comments")).expect(200).body
    }
}

impl Mail {
    /// The bare address that takes replies to it.
    pub fn reply_address(&self) -> String {
        let reply_to = &self.headers["reply-to"];
        reply_to.trim_end_matches('>').rsplit('<').next().unwrap().to_owned()
    }
}
