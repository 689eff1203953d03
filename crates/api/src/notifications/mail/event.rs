//! Renders the mail about an event of a ticket.

use chrono::{DateTime, NaiveDate, Utc};
use domain::worktime::NEVER;
use domain::{EventType, NotificationKind, Status};

use crate::http::local_time;
use crate::mail::page::{Block, Fact, Page};
use crate::mail::reply_address::Purpose;
use crate::mail::texts::fill;
use crate::notifications::mail::required::Standing;
use crate::notifications::mail::{Reader, RenderedMail};

/// The content of the mail, limited to what its reader may see.
#[derive(Debug, Clone)]
pub struct EventMail {
    pub kind: NotificationKind,
    pub event: EventType,
    pub subject: String,
    /// Whether it is internal.
    pub is_internal: bool,
    /// Whether the reader filed the ticket.
    pub is_receipt: bool,
    /// Whether the ticket was filed by mail, with less than 3.2 requires.
    pub is_from_mail: bool,
    /// Who did it; empty: the system.
    pub actor: String,
    pub at: DateTime<Utc>,
    pub facts: Vec<Fact>,
    /// The long texts that changed.
    pub edited: Vec<&'static str>,
    pub text: String,
    pub question: String,
    /// A line for each file.
    pub files: Vec<String>,
    pub hints: Vec<&'static str>,
    pub standing: Standing,
    /// The release that was published or rescheduled.
    pub release: Option<NewsOfRelease>,
    /// The other tickets of a bulk operation.
    pub others: Vec<i64>,
}

/// A release that was published or rescheduled.
#[derive(Debug, Clone)]
pub struct NewsOfRelease {
    pub version: String,
    pub is_out: bool,
    pub planned_on: Option<NaiveDate>,
}

/// Event types with headings of their own.
const OWN_HEADINGS: &[EventType] = &[
    EventType::Confirmed,
    EventType::CommentEdited,
    EventType::Merged,
    EventType::DeadlineNear,
    EventType::DeadlineMissed,
    EventType::ClosingNear,
    EventType::ReviewDue,
];

impl EventMail {
    /// The mail to its reader.
    pub fn render(self, reader: &Reader<'_>) -> RenderedMail {
        let ticket_id = self.standing.ticket_id;
        let frame = &reader.texts.frame;
        let purpose = if self.is_internal { Purpose::Note } else { Purpose::Comment };
        let reply_to = reader.address(ticket_id, purpose);
        let link = reader.links.ticket_url(ticket_id).unwrap_or_default();
        let at = local_time::render(self.at, reader.rules.calendar.zone());
        let mut blocks = self.blocks(reader);
        if self.is_receipt && reply_to.is_some() {
            blocks.push(Block::paragraph(&reader.texts.notification.answer));
        }
        blocks.push(Block::link(&frame.open_ticket, link));
        let page = Page {
            answer: reply_to.as_ref().map(|_| self.standing.answer(reader)).unwrap_or_default(),
            heading: self.heading(reader),
            title: format!("№{ticket_id} {}", self.subject),
            by: if self.actor.is_empty() { at } else { format!("{}, {at}", self.actor) },
            blocks,
            ..reader.page(&frame.to_participant)
        };
        // The same for all mails of a ticket, so that they form one thread.
        let subject = format!("[№{ticket_id}] {}", self.subject);
        RenderedMail { subject, ticket_id: Some(ticket_id), reply_to, page }
    }

    fn heading(&self, reader: &Reader<'_>) -> String {
        let texts = &reader.texts.notification;
        let language = reader.user.language.0;
        let is_of_release = self.kind == NotificationKind::Release;
        if let Some(release) = self.release.as_ref().filter(|_| is_of_release) {
            release.heading(reader)
        } else if self.is_internal && !self.event.is_deadline() {
            texts.internal_note.clone()
        } else if OWN_HEADINGS.contains(&self.event) {
            self.event.label().text_in(language).to_owned()
        } else {
            self.kind.label().text_in(language).to_owned()
        }
    }

    fn blocks(&self, reader: &Reader<'_>) -> Vec<Block> {
        let texts = &reader.texts.notification;
        let mut facts = self.facts.clone();
        if !self.edited.is_empty() {
            facts.push(Fact::new(&texts.edited, self.edited.join(", ")));
        }
        let others: Vec<String> = self.others.iter().map(|it| format!("№{it}")).collect();
        let mut blocks = self.receipt(reader);
        blocks.push(Block::Facts { facts });
        if !self.question.is_empty() {
            blocks.push(Block::paragraph(&texts.question));
        }
        let text = if self.question.is_empty() { &self.text } else { &self.question };
        blocks.push(Block::Words { text: text.trim().to_owned() });
        blocks.push(Block::List { title: texts.files.clone(), items: self.files.clone() });
        if !others.is_empty() {
            let tickets = others.join(", ");
            blocks.push(Block::paragraph(fill(&texts.likewise, &[("tickets", &tickets)])));
        }
        if self.says_what_is_required(reader) {
            blocks.extend(self.standing.required(reader));
        }
        let hints = self.hints.iter().map(|it| (*it).to_owned()).collect();
        blocks.push(Block::List { title: reader.texts.receipt.hints.clone(), items: hints });
        blocks
    }

    /// For the author: the number, and by when the ticket is accepted (2.1, 2.4.1).
    fn receipt(&self, reader: &Reader<'_>) -> Vec<Block> {
        if !self.is_receipt {
            return Vec::new();
        }
        let texts = &reader.texts.receipt;
        let id = self.standing.ticket_id.to_string();
        let registered = Block::paragraph(fill(&texts.registered, &[("id", &id)]));
        let is_awaited = self.standing.status == Status::New && self.standing.due_at < NEVER;
        let due = local_time::render(self.standing.due_at, reader.rules.calendar.zone());
        let by = is_awaited.then(|| Block::paragraph(fill(&texts.accept_by, &[("at", &due)])));
        let missing = self.is_from_mail.then(|| Block::paragraph(&texts.from_mail));
        [registered].into_iter().chain(by).chain(missing).collect()
    }

    fn says_what_is_required(&self, reader: &Reader<'_>) -> bool {
        match self.event {
            EventType::Created => !reader.is_customer(),
            EventType::StatusChanged
            | EventType::Confirmed
            | EventType::Merged
            | EventType::ClosingNear
            | EventType::ReviewDue => true,
            EventType::Commented
            | EventType::CommentEdited
            | EventType::Assigned
            | EventType::Edited
            | EventType::Watched
            | EventType::Unwatched
            | EventType::Linked
            | EventType::Unlinked
            | EventType::Redacted
            | EventType::DeadlineNear
            | EventType::DeadlineMissed
            | EventType::DeadlineRecalculated
            | EventType::AnswerWaived
            | EventType::Imported
            | EventType::ImportFinished
            | EventType::ReleasePublished => false,
        }
    }
}

impl NewsOfRelease {
    fn heading(&self, reader: &Reader<'_>) -> String {
        let texts = &reader.texts.notification;
        let version = self.version.as_str();
        match self.planned_on.filter(|_| !self.is_out) {
            None if self.is_out => fill(&texts.version_out, &[("version", version)]),
            None => fill(&texts.version_unplanned, &[("version", version)]),
            Some(on) => {
                let on = local_time::date(on);
                fill(&texts.version_planned, &[("version", version), ("on", &on)])
            }
        }
    }
}
