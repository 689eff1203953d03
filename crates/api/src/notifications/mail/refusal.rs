//! The mails about a request that was refused (3.4): to those who decide, and to its author.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{NotificationKind, RefusalReason, RefusalState};
use serde_json::Value;

use crate::db::schema::{companies, directions, refusals, users};
use crate::db::string_enum::DbEnum;
use crate::http::local_time;
use crate::mail::page::{Block, Fact, Page};
use crate::mail::texts::fill;
use crate::notifications::mail::{Reader, RenderedMail};
use crate::problem::Problem;
use crate::projects::view::project_name;

/// A refused request, as shown in mails.
#[derive(Debug, Queryable)]
pub struct Refusal {
    pub author_id: i64,
    pub reason: DbEnum<RefusalReason>,
    pub state: DbEnum<RefusalState>,
    pub subject: String,
    pub request: Value,
    pub created_at: DateTime<Utc>,
    pub author: (String, String),
    pub company: String,
    pub direction: String,
    pub decided_at: Option<DateTime<Utc>>,
    pub words: Option<String>,
}

/// Renders the mail about a pending or decided refusal.
pub fn render(
    refusal_id: i64,
    kind: NotificationKind,
    reader: &Reader<'_>,
    conn: &mut PgConnection,
) -> Result<Option<RenderedMail>, Problem> {
    let refusal: Refusal = refusals::table
        .inner_join(companies::table)
        .inner_join(directions::table)
        .inner_join(users::table.on(users::id.eq(refusals::author_id)))
        .filter(refusals::id.eq(refusal_id))
        .select((
            refusals::author_id,
            refusals::reason,
            refusals::state,
            refusals::subject,
            refusals::request,
            refusals::created_at,
            (users::first_name, users::last_name),
            companies::name,
            directions::name,
            refusals::decided_at,
            refusals::decision_comment,
        ))
        .first(conn)?;
    if kind == NotificationKind::RefusalDecided {
        let is_own = refusal.author_id == reader.user.id && reader.user.is_active;
        return Ok(is_own.then(|| refusal.decided(reader)));
    }
    // Engineers get it only while a decision is pending.
    let is_pending = refusal.state.0 == RefusalState::Pending;
    Ok((is_pending && reader.viewer.reads_internal()).then(|| refusal.pending(reader)))
}

impl Refusal {
    /// To an engineer: what is to be decided.
    pub fn pending(&self, reader: &Reader<'_>) -> RenderedMail {
        let (texts, frame) = (&reader.texts.refusal, &reader.texts.frame);
        let reason = self.reason.0.label().text_in(reader.user.language.0);
        let (first, last) = &self.author;
        let facts = vec![
            Fact::new(&texts.reason, reason),
            Fact::new(&texts.author, format!("{first} {last}")),
            Fact::new(&texts.company, &self.company),
            Fact::new(&texts.project, project_name(&self.company, &self.direction)),
        ];
        let description = self.request.get("description").and_then(Value::as_str);
        let blocks = vec![
            Block::Facts { facts },
            Block::Words { text: description.unwrap_or_default().trim().to_owned() },
            Block::paragraph(&texts.what_to_do),
            Block::link(&frame.open_portal, reader.links.portal()),
        ];
        let kind = NotificationKind::RequestRefused;
        self.rendered(kind, self.created_at, blocks, &frame.to_engineer, reader)
    }

    /// To its author: that it stays refused, and why.
    pub fn decided(&self, reader: &Reader<'_>) -> RenderedMail {
        let (texts, frame) = (&reader.texts.refusal, &reader.texts.frame);
        let language = reader.user.language.0;
        let reason = self.reason.0.label().text_in(language);
        let blocks = vec![
            Block::paragraph(fill(&texts.decided, &[("subject", &self.subject)])),
            Block::Facts { facts: vec![Fact::new(&texts.reason, reason)] },
            Block::Words { text: self.words.clone().unwrap_or_default().trim().to_owned() },
            Block::paragraph(&texts.decided_next),
            Block::link(&frame.open_portal, reader.links.portal()),
        ];
        let at = self.decided_at.unwrap_or(self.created_at);
        self.rendered(NotificationKind::RefusalDecided, at, blocks, &frame.to_author, reader)
    }

    fn rendered(
        &self,
        kind: NotificationKind,
        at: DateTime<Utc>,
        blocks: Vec<Block>,
        why: &str,
        reader: &Reader<'_>,
    ) -> RenderedMail {
        let heading = kind.label().text_in(reader.user.language.0);
        let page = Page {
            heading: heading.to_owned(),
            title: self.subject.clone(),
            by: local_time::render(at, reader.rules.calendar.zone()),
            blocks,
            ..reader.page(why)
        };
        let subject = format!("{heading}: {}", self.subject);
        RenderedMail { subject, ticket_id: None, reply_to: None, page }
    }
}
