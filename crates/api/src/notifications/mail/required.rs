//! What the reader has to do now, in one sentence (2.5), and by when.

use chrono::{DateTime, NaiveDate, Utc};
use domain::Status;
use domain::worktime::NEVER;

use crate::http::local_time;
use crate::mail::outgoing::mailto;
use crate::mail::page::Block;
use crate::mail::reply_address::Purpose;
use crate::mail::texts::fill;
use crate::notifications::mail::Reader;

/// The state of a ticket, as far as mails need it.
#[derive(Debug, Clone)]
pub struct Standing {
    pub ticket_id: i64,
    /// The status after the event.
    pub status: Status,
    /// When support is due; `NEVER` if it is not.
    pub due_at: DateTime<Utc>,
    /// When the system closes it.
    pub closes_at: Option<DateTime<Utc>>,
    pub review_on: Option<NaiveDate>,
    /// The version that it waits for, and its planned date.
    pub version: Option<(String, Option<NaiveDate>)>,
    pub is_confirmed: bool,
    /// Whether it was merged into another ticket, in which replies arrive.
    pub is_merged: bool,
}

impl Standing {
    /// Clears what no longer holds after a later transition.
    pub fn moved_on(self) -> Self {
        Self { due_at: NEVER, closes_at: None, review_on: None, ..self }
    }

    /// The line above which to reply, or which says that a reply does not become a comment.
    pub fn answer(&self, reader: &Reader<'_>) -> String {
        let frame = &reader.texts.frame;
        let line = match self.status {
            Status::Closed if reader.is_customer() => &frame.answer_closed,
            Status::Rejected if reader.is_customer() && !self.is_merged => &frame.answer_rejected,
            Status::New
            | Status::InProgress
            | Status::Feedback
            | Status::Resolved
            | Status::AwaitingRelease
            | Status::OnHold
            | Status::Closed
            | Status::Rejected => &frame.answer_above,
        };
        line.clone()
    }

    /// What the reader has to do.
    pub fn required(&self, reader: &Reader<'_>) -> Vec<Block> {
        match reader.is_customer() {
            true if self.status == Status::Resolved && !self.is_confirmed => self.confirm(reader),
            true if self.status.is_final() => {
                let by_mail = reader.links.with_inbox(&reader.texts.frame.by_mail);
                vec![Block::paragraph(self.of_customer(reader)), Block::paragraph(by_mail)]
            }
            true => vec![Block::paragraph(self.of_customer(reader))],
            false => vec![Block::paragraph(self.of_support(reader))],
        }
    }

    fn of_customer(&self, reader: &Reader<'_>) -> String {
        let texts = &reader.texts.to_customer;
        let zone = reader.rules.calendar.zone();
        let due_at = Some(self.due_at).filter(|it| *it < NEVER);
        let at = |it: DateTime<Utc>| local_time::render(it, zone);
        let with_time = |text: &str, it| fill(text, &[("at", &at(it))]);
        match self.status {
            Status::New => String::new(),
            Status::InProgress => due_at.map_or_else(
                || texts.in_progress.clone(),
                |it| with_time(&texts.in_progress_by, it),
            ),
            Status::Feedback => self
                .closes_at
                .map_or_else(|| texts.feedback.clone(), |it| with_time(&texts.feedback_by, it)),
            Status::Resolved => texts.confirmed.clone(),
            Status::AwaitingRelease => self.awaited(reader),
            Status::OnHold => match self.review_on {
                Some(on) => fill(&texts.on_hold_until, &[("on", &local_time::date(on))]),
                None => texts.on_hold.clone(),
            },
            Status::Closed => texts.closed.clone(),
            Status::Rejected => texts.rejected.clone(),
        }
    }

    fn awaited(&self, reader: &Reader<'_>) -> String {
        let texts = &reader.texts.to_customer;
        match &self.version {
            None => texts.awaiting_release.clone(),
            Some((version, None)) => fill(&texts.awaiting_version, &[("version", version)]),
            Some((version, Some(on))) => {
                let values = [("version", version.as_str()), ("on", &local_time::date(*on))];
                fill(&texts.awaiting_version_on, &values)
            }
        }
    }

    /// How to confirm the solution, also by mail.
    fn confirm(&self, reader: &Reader<'_>) -> Vec<Block> {
        let texts = &reader.texts.to_customer;
        let mut blocks = vec![Block::paragraph(&texts.resolved)];
        if let Some(address) = reader.address(self.ticket_id, Purpose::Confirmation) {
            let subject = fill(&texts.confirm_subject, &[("id", &self.ticket_id.to_string())]);
            let url = mailto(&address, &subject);
            blocks.push(Block::Mail { label: texts.confirm.clone(), url });
            blocks.push(Block::paragraph(fill(&texts.confirm_how, &[("address", &address)])));
        }
        blocks
    }

    /// In the words of 2.5.
    fn of_support(&self, reader: &Reader<'_>) -> String {
        if self.status.is_final() {
            return String::new();
        }
        let action = self.status.meaning().required_action.text_in(reader.user.language.0);
        let mut letters = action.chars();
        let first = letters.next().map(|it| it.to_lowercase().to_string()).unwrap_or_default();
        let action = format!("{first}{}", letters.as_str());
        fill(&reader.texts.to_support.required, &[("action", &action)])
    }
}
