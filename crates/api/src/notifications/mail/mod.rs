//! The mail about something that happened to a ticket, about a refused request, or about a
//! webhook that was disabled.
//!
//! Content and rights are read when the mail is sent: whoever may no longer
//! see it, or does not want it, gets nothing (OU09).

mod bulk;
mod changes;
pub(crate) mod digest;
pub(crate) mod event;
mod loaded;
mod quotes;
pub(crate) mod refusal;
pub(crate) mod required;
pub(crate) mod webhook;

use std::sync::Arc;

use diesel::prelude::*;
use domain::sla::Rules;
use domain::{Role, Viewer};

use crate::db::Db;
use crate::db::schema::users;
use crate::http::local_time;
use crate::mail::outbox::MailRow;
use crate::mail::outgoing::{Composed, Links, OutgoingMail};
use crate::mail::page::Page;
use crate::mail::reply_address::{Purpose, ReplyKey, ReplyTo};
use crate::mail::texts::{Texts, fill};
use crate::notifications::store::Choices;
use crate::problem::Problem;
use crate::settings;
use crate::users::store::UserRow;
use crate::visibility::people::ViewerRow;

/// The recipient of a mail, with everything that its wording depends on.
pub struct Reader<'a> {
    pub user: UserRow,
    pub viewer: Viewer,
    pub rules: Arc<Rules>,
    pub links: &'a Links,
    pub texts: &'static Texts,
    /// The key of the reply addresses, if replies are received.
    pub key: Option<ReplyKey>,
}

#[derive(Debug)]
pub struct RenderedMail {
    pub subject: String,
    /// The ticket it belongs to; none of a refused request and of a webhook.
    pub ticket_id: Option<i64>,
    pub reply_to: Option<String>,
    pub page: Page,
}

impl<'a> Reader<'a> {
    fn load(user_id: i64, links: &'a Links, conn: &mut PgConnection) -> QueryResult<Self> {
        let person = users::table.find(user_id);
        let both = person.select((UserRow::as_select(), ViewerRow::as_select()));
        let (user, viewer): (UserRow, ViewerRow) = both.first(conn)?;
        Ok(Self {
            viewer: viewer.viewer(),
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

    /// Their reply address for a ticket.
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

/// Renders the mail, if its recipient may still see the event and still wants the mail.
pub fn compose(mail: &MailRow, links: &Links, db: &Db) -> Result<Composed, Problem> {
    let work = |conn: &mut PgConnection| render(mail, links, conn);
    let Some((user, rendered)) = db.run_here(work)? else {
        return Ok(Composed::Dropped("the person may not know it, or does not want to"));
    };
    let outgoing = OutgoingMail::of(mail, &user.email, rendered.subject, rendered.page, links)?;
    let (ticket_id, reply_to) = (rendered.ticket_id, rendered.reply_to);
    Ok(OutgoingMail { to_name: user.name(), ticket_id, reply_to, ..outgoing }.into())
}

/// Renders a mail; none if its recipient no longer wants it or may no longer see it.
fn render(
    mail: &MailRow,
    links: &Links,
    conn: &mut PgConnection,
) -> Result<Option<(UserRow, RenderedMail)>, Problem> {
    let (Some(kind), Some(user_id)) = (mail.about.map(|it| it.0), mail.user_id) else {
        return Ok(None);
    };
    let reader = Reader::load(user_id, links, conn)?;
    let is_wanted = Choices::of(&[user_id], conn)?.channels(user_id, kind).email;
    if !is_wanted || reader.user.undeliverable_since.is_some() {
        return Ok(None);
    }
    let rendered = match (mail.event_id, mail.refusal_id, mail.webhook_id) {
        (Some(event_id), ..) => {
            let loaded = loaded::load(event_id, mail.bulk_id, kind, &reader, conn)?;
            loaded.map(|it| it.render(&reader))
        }
        (None, Some(refusal_id), _) => refusal::render(refusal_id, kind, &reader, conn)?,
        (None, None, Some(webhook_id)) => webhook::render(webhook_id, &reader, conn)?,
        (None, None, None) => None,
    };
    Ok(rendered.map(|rendered| (reader.user, rendered)))
}
