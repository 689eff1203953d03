//! An outgoing mail, and the links in it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::mail::outbox::MailRow;
use crate::mail::page::Page;
use crate::mail::texts::fill;
use crate::problem::Problem;

/// A mail to one person.
#[derive(Debug, Default)]
pub struct OutgoingMail {
    /// Stable over repeated attempts, so that duplicates can be recognised.
    pub id: i64,
    pub to_name: String,
    pub to: String,
    pub subject: String,
    pub body: String,
    /// The same in HTML.
    pub html: Option<String>,
    /// Its ticket: all mails of a ticket form one thread.
    pub ticket_id: Option<i64>,
    /// The reply address, if it differs from the sender.
    pub reply_to: Option<String>,
    /// The bounce address, if it differs from the sender.
    pub bounces_to: Option<String>,
}

impl OutgoingMail {
    /// A mail that shows a page, as text and as HTML.
    pub fn of(
        mail: &MailRow,
        to: &str,
        subject: String,
        page: Page,
        links: &Links,
    ) -> Result<Self, Problem> {
        let (body, html) = page.render(links)?;
        Ok(Self {
            id: mail.id,
            to: to.to_owned(),
            subject,
            body,
            html: Some(html),
            ..Self::default()
        })
    }
}

/// The result of rendering a queued mail.
#[derive(Debug)]
pub enum Composed {
    Mail(Box<OutgoingMail>),
    /// It is no longer to be sent, for this reason.
    Dropped(&'static str),
}

impl From<OutgoingMail> for Composed {
    fn from(outgoing: OutgoingMail) -> Self {
        Self::Mail(Box::new(outgoing))
    }
}

/// The links in mails, the reply domain and the vendor.
#[derive(Debug, Clone, Default)]
pub struct Links {
    /// How clients reach the API.
    pub public_url: String,
    /// The portal that people use.
    pub portal_url: Option<String>,
    /// Its page of a ticket, with `{id}` for its number.
    pub ticket_url: Option<String>,
    /// Its page for resetting a password, with `{token}` for the code.
    pub reset_url: Option<String>,
    /// Its page for the first sign-in.
    pub invite_url: Option<String>,
    /// The domain of the reply addresses, if replies are received.
    pub reply_domain: Option<String>,
    /// The address for new tickets, if there is one.
    pub inbox: Option<String>,
    pub vendor: Vendor,
}

/// The company that provides support.
#[derive(Debug, Clone, Default)]
pub struct Vendor {
    pub name: Option<String>,
    pub address: Option<String>,
}

impl Vendor {
    /// The footer of each mail.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        [&self.name, &self.address].into_iter().flatten().cloned()
    }
}

/// What has to be encoded in the part of a URL.
const IN_URL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Links {
    /// The portal's page of a ticket, if there is one.
    pub fn ticket_url(&self, id: i64) -> Option<String> {
        self.ticket_url.as_ref().map(|it| it.replace("{id}", &id.to_string()))
    }

    /// A text that names the address for new tickets; empty if there is no such address.
    pub fn with_inbox(&self, text: &str) -> String {
        self.inbox.as_ref().map(|it| fill(text, &[("inbox", it)])).unwrap_or_default()
    }

    /// The portal; empty where there is none.
    pub fn portal(&self) -> &str {
        self.portal_url.as_deref().unwrap_or_default()
    }

    /// The page on which a code replaces a password; the portal where there is no such page.
    pub fn reset(&self, token: &str) -> String {
        let url = self.reset_url.as_ref().map(|it| it.replace("{token}", &encoded(token)));
        url.unwrap_or_else(|| self.portal().to_owned())
    }

    /// The page on which somebody signs in for the first time; the portal where there is none.
    pub fn invite(&self) -> &str {
        self.invite_url.as_deref().unwrap_or_else(|| self.portal())
    }
}

/// A link that begins a mail to an address.
pub fn mailto(address: &str, subject: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    format!("mailto:{}@{domain}?subject={}", encoded(local), encoded(subject))
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, IN_URL).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded_in_urls() {
        let links = Links {
            reset_url: Some("https://h.kz/reset?token={token}".to_owned()),
            ..Links::default()
        };

        assert_eq!(links.reset("a+b/c="), "https://h.kz/reset?token=a%2Bb%2Fc%3D");
        assert_eq!(links.invite(), "");
        assert_eq!(
            mailto("reply+1.2@h.kz", "Да & №"),
            "mailto:reply%2B1.2@h.kz?subject=%D0%94%D0%B0%20%26%20%E2%84%96"
        );
    }
}
