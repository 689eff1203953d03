//! The mail about something that happened to a ticket, about a refused request, or about a
//! webhook that was disabled.
//!
//! What it says is read when it is sent, and so are the rights of its reader: whoever may not
//! know of it any more, or does not want to, gets nothing (OU09).

mod bulk;
mod changes;
pub(crate) mod digest;
pub(crate) mod event;
mod loaded;
pub(crate) mod refusal;
pub(crate) mod required;
mod said;
pub(crate) mod webhook;

use std::sync::Arc;

use diesel::prelude::*;
use domain::sla::Rules;
use domain::{Role, Viewer};

use crate::db::Db;
use crate::http::local_time;
use crate::mail::letter::{Composed, Letter, Links};
use crate::mail::outbox::MailRow;
use crate::mail::page::Page;
use crate::mail::reply_address::{Purpose, ReplyKey, ReplyTo};
use crate::mail::texts::{Texts, fill};
use crate::notifications::store::Choices;
use crate::problem::Problem;
use crate::settings;
use crate::users::store::UserRow;
use crate::visibility::people::viewer_of;

/// To whom a mail goes, with all that its words depend on.
pub struct Reader<'a> {
    pub user: UserRow,
    pub viewer: Viewer,
    pub rules: Arc<Rules>,
    pub links: &'a Links,
    pub texts: &'static Texts,
    /// The key of the addresses that take replies, if any do.
    pub key: Option<ReplyKey>,
}

/// A mail in words.
#[derive(Debug)]
pub struct Said {
    pub subject: String,
    /// The ticket it belongs to; none of a refused request and of a webhook.
    pub ticket_id: Option<i64>,
    pub reply_to: Option<String>,
    pub page: Page,
}

impl<'a> Reader<'a> {
    fn load(user_id: i64, links: &'a Links, conn: &mut PgConnection) -> QueryResult<Self> {
        let user = UserRow::find(user_id, conn)?;
        Ok(Self {
            viewer: viewer_of(user_id, conn)?,
            rules: settings::latest(conn)?,
            links,
            texts: Texts::of(user.language.0),
            key: links.reply_domain.as_ref().map(|_| ReplyKey::load(conn)).transpose()?,
            user,
        })
    }

    pub fn is_customer(&self) -> bool {
        self.user.role.0 == Role::Customer
    }

    /// The address that takes a mail of theirs about a ticket.
    pub fn address(&self, ticket_id: i64, purpose: Purpose) -> Option<String> {
        let (key, domain) = (self.key.as_ref()?, self.links.reply_domain.as_ref()?);
        Some(key.address(ReplyTo { ticket_id, user_id: self.user.id, purpose }, domain))
    }

    /// An empty page with its foot: why it came, and when support works (2.3).
    pub fn page(&self, why: &str) -> Page {
        let frame = &self.texts.frame;
        let calendar = &self.rules.calendar;
        let (opens, closes) = (calendar.opens().to_string(), calendar.closes().to_string());
        let zone = local_time::zone_name(calendar.zone());
        let hours = [("opens", opens.as_str()), ("closes", &closes), ("zone", &zone)];
        let footer = vec![format!("{why} {}", frame.settings), fill(&frame.hours, &hours)];
        Page { language: self.user.language.0.as_str(), footer, ..Page::default() }
    }
}

/// What happened, in words, if its person may still know it and still wants to.
pub fn compose(mail: &MailRow, links: &Links, db: &Db) -> Result<Composed, Problem> {
    let work = |conn: &mut PgConnection| say(mail, links, conn);
    let Some((user, said)) = db.transaction_here(work)? else {
        return Ok(Composed::Dropped("the person may not know it, or does not want to"));
    };
    let letter = Letter::of(mail, &user.email, said.subject, said.page, links)?;
    let (ticket_id, reply_to) = (said.ticket_id, said.reply_to);
    Ok(Letter { to_name: user.name(), ticket_id, reply_to, ..letter }.into())
}

/// What a mail is to say; none where its person does not want it any more, or may not know it.
fn say(
    mail: &MailRow,
    links: &Links,
    conn: &mut PgConnection,
) -> Result<Option<(UserRow, Said)>, Problem> {
    let (Some(kind), Some(user_id)) = (mail.about.map(|it| it.0), mail.user_id) else {
        return Ok(None);
    };
    let reader = Reader::load(user_id, links, conn)?;
    let is_wanted = Choices::of(&[user_id], conn)?.ways(user_id, kind).email;
    if !is_wanted || reader.user.undeliverable_since.is_some() {
        return Ok(None);
    }
    let said = match (mail.event_id, mail.refusal_id, mail.webhook_id) {
        (Some(event_id), ..) => {
            let loaded = loaded::load(event_id, mail.bulk_id, kind, &reader, conn)?;
            loaded.map(|it| it.say(&reader))
        }
        (None, Some(refusal_id), _) => refusal::say(refusal_id, kind, &reader, conn)?,
        (None, None, Some(webhook_id)) => webhook::say(webhook_id, &reader, conn)?,
        (None, None, None) => None,
    };
    Ok(said.map(|said| (reader.user, said)))
}
