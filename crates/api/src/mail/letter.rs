//! A mail as it is to leave, and where its links lead.

use domain::Text;

/// A mail to one person.
#[derive(Debug, Default)]
pub struct Letter {
    /// Stable over repeated attempts, so that a mail that was sent twice shows.
    pub id: i64,
    pub to_name: String,
    pub to: String,
    pub subject: String,
    pub body: String,
    /// The same in HTML.
    pub html: Option<String>,
    /// The ticket it belongs to: all its mails are one thread.
    pub ticket_id: Option<i64>,
    /// Where a reply goes, if not to the sender.
    pub reply_to: Option<String>,
}

/// What a plain mail says, with `{…}` where something is to be filled in.
#[derive(Debug)]
pub struct Template {
    pub subject: Text,
    pub body: Text,
}

/// What a queued mail comes to when it is about to be sent.
#[derive(Debug)]
pub enum Composed {
    Letter(Box<Letter>),
    /// It is not to be sent any more: why.
    Dropped(&'static str),
}

impl From<Letter> for Composed {
    fn from(letter: Letter) -> Self {
        Self::Letter(Box::new(letter))
    }
}

/// Where the links and the replies of mails lead.
#[derive(Debug, Clone)]
pub struct Links {
    /// How clients reach the API.
    pub public_url: String,
    /// The front end's page of a ticket, with `{id}` for its number.
    pub ticket_url: Option<String>,
    /// The domain of the addresses to which replies go, if they are taken.
    pub reply_domain: Option<String>,
}

impl Links {
    /// The front end's page of a ticket, if there is one.
    pub fn ticket_url(&self, id: i64) -> Option<String> {
        self.ticket_url.as_ref().map(|it| it.replace("{id}", &id.to_string()))
    }
}
