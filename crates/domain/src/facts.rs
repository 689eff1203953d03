//! What reports count: the facts of a ticket's life, each written once when it happens, so that a
//! past month never changes.
//!
//! They follow from the ticket's history alone, step by step: the service writes them with each step, and can
//! recompute them from the history.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::clocks::{Clock, ClockKind, ClockState, Clocks};
use crate::reasons::CloseReason;
use crate::status::Status;
use crate::string_enum;
use crate::ticket::Ticket;

string_enum! {
    /// What happened to a ticket.
    FactKind {
        /// It was filed.
        Filed = "filed",
        /// Support took it on, for the first time.
        Accepted = "accepted",
        /// Support said something to the customer, for the first time.
        FirstAnswered = "first_answered",
        /// It was solved: it came from an unsolved status into `resolved` or `closed`.
        Solved = "solved",
        /// It came back into work from `resolved`.
        Returned = "returned",
        Closed = "closed",
        Rejected = "rejected",
        /// It came back into work after it had been finished.
        Reopened = "reopened",
        /// Its assignee no longer works on it.
        HandedOver = "handed_over",
        /// The customer rated the solution.
        Rated = "rated",
    }
}

/// Something that happened to a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub kind: FactKind,
    /// The assignee; for a ticket that is handed over, the previous one.
    pub assignee_id: Option<i64>,
    /// The working minutes since it was filed: until this fact, or for a closed ticket until it was solved.
    pub minutes: Option<i64>,
    /// How they divide by whose turn it was, for a closed ticket.
    pub turns: Option<Minutes>,
    /// Why it was closed.
    pub close_reason: Option<CloseReason>,
    /// How satisfied the customer was, from 1 to 5.
    pub rating: Option<i16>,
}

/// Working minutes, by whose turn it was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Minutes {
    pub support: i64,
    pub customer: i64,
    pub on_hold: i64,
    pub awaiting_release: i64,
}

/// Whose turn it was on a ticket so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turns {
    /// When it entered its present status.
    pub since: DateTime<Utc>,
    /// What was counted up to there.
    pub minutes: Minutes,
    /// When it was last solved, unless it has been reopened since, and what had been counted by then.
    pub solved: Option<(DateTime<Utc>, Minutes)>,
}

impl Turns {
    /// Those of a ticket that is filed.
    pub fn filed(now: DateTime<Utc>) -> Self {
        Self { since: now, minutes: Minutes::default(), solved: None }
    }

    /// A ticket moves from one status to another.
    pub fn enter(&mut self, from: Status, to: Status, now: DateTime<Utc>, calendar: &Calendar) {
        let minutes = calendar.between(self.since, now);
        match from {
            Status::New | Status::InProgress => self.minutes.support += minutes,
            Status::Feedback | Status::Resolved => self.minutes.customer += minutes,
            Status::OnHold => self.minutes.on_hold += minutes,
            Status::AwaitingRelease => self.minutes.awaiting_release += minutes,
            Status::Closed | Status::Rejected => {}
        }
        self.since = now;
        self.solved = match to {
            Status::Resolved => Some((now, self.minutes)),
            Status::Closed => self.solved.or(Some((now, self.minutes))),
            // If the customer stays silent, an unconfirmed solution counts as one.
            Status::Feedback => self.solved,
            Status::New
            | Status::InProgress
            | Status::AwaitingRelease
            | Status::OnHold
            | Status::Rejected => None,
        };
    }
}

/// The part of a ticket that its facts follow from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the ticket")]
pub struct Course {
    pub created_at: DateTime<Utc>,
    pub status: Status,
    pub assignee_id: Option<i64>,
    pub close_reason: Option<CloseReason>,
    pub rating: Option<i16>,
    pub is_accepted: bool,
    pub is_answered: bool,
    /// None for an imported ticket, whose time was not measured.
    pub turns: Option<Turns>,
}

impl From<&Ticket> for Course {
    fn from(ticket: &Ticket) -> Self {
        Self {
            created_at: ticket.times.created_at,
            status: ticket.status,
            assignee_id: ticket.assignee_id,
            close_reason: ticket.reasons.close,
            rating: ticket.confirmation.rating,
            is_accepted: ticket.times.accepted_at.is_some(),
            is_answered: ticket.times.first_answered_at.is_some(),
            turns: ticket.turns,
        }
    }
}

impl Course {
    /// What happened in a step that led from here to `after`.
    pub fn facts(&self, after: &Self, now: DateTime<Utc>, calendar: &Calendar) -> Vec<Fact> {
        let fact = |kind| Fact {
            kind,
            assignee_id: after.assignee_id,
            minutes: None,
            turns: None,
            close_reason: None,
            rating: None,
        };
        let is_measured = after.turns.is_some();
        let so_far = || is_measured.then(|| calendar.between(self.created_at, now));
        let mut facts = Vec::new();
        let has_left = self.assignee_id.is_some() && self.assignee_id != after.assignee_id;
        if has_left {
            facts.push(Fact { assignee_id: self.assignee_id, ..fact(FactKind::HandedOver) });
        }
        if !self.is_accepted && after.is_accepted {
            facts.push(Fact { minutes: so_far(), ..fact(FactKind::Accepted) });
        }
        if !self.is_answered && after.is_answered {
            facts.push(Fact { minutes: so_far(), ..fact(FactKind::FirstAnswered) });
        }
        for kind in moves(self.status, after.status) {
            facts.push(match kind {
                FactKind::Closed => {
                    let solved = after.turns.and_then(|it| it.solved);
                    Fact {
                        minutes: solved.map(|(at, _)| calendar.between(self.created_at, at)),
                        turns: solved.map(|(_, minutes)| minutes),
                        close_reason: after.close_reason,
                        ..fact(kind)
                    }
                }
                FactKind::Filed
                | FactKind::Accepted
                | FactKind::FirstAnswered
                | FactKind::Solved
                | FactKind::Returned
                | FactKind::Rejected
                | FactKind::Reopened
                | FactKind::HandedOver
                | FactKind::Rated => fact(kind),
            });
        }
        if after.rating.is_some() && self.rating != after.rating {
            facts.push(Fact { rating: after.rating, ..fact(FactKind::Rated) });
        }
        facts
    }
}

/// What a transition from one status to another is counted as.
fn moves(from: Status, to: Status) -> Vec<FactKind> {
    if from == to {
        return Vec::new();
    }
    let is_solved = |it: Status| matches!(it, Status::Resolved | Status::Closed);
    let solves = !is_solved(from) && is_solved(to);
    let end = match (from, to) {
        (_, Status::Closed) => Some(FactKind::Closed),
        (_, Status::Rejected) => Some(FactKind::Rejected),
        (Status::Resolved, Status::InProgress) => Some(FactKind::Returned),
        (Status::Closed | Status::Rejected, Status::InProgress) => Some(FactKind::Reopened),
        (
            Status::New
            | Status::InProgress
            | Status::Feedback
            | Status::AwaitingRelease
            | Status::OnHold,
            Status::InProgress,
        )
        | (
            _,
            Status::New
            | Status::Feedback
            | Status::Resolved
            | Status::AwaitingRelease
            | Status::OnHold,
        ) => None,
    };
    solves.then_some(FactKind::Solved).into_iter().chain(end).collect()
}

/// Whether support met a deadline (2.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Which of the ticket's clocks, from 1.
    pub number: i16,
    pub kind: ClockKind,
    /// Met or breached; cancelled or waived, if nothing was due any more.
    pub state: ClockState,
    /// When that became certain: a breach when the deadline passed.
    pub at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    /// None: it still runs, or pauses.
    pub stopped_at: Option<DateTime<Utc>>,
    /// The working minutes that it counted until it stopped.
    pub minutes: Option<i64>,
    /// How many of them exceeded the target, for a breach; of one that still runs, without those since
    /// `runs_since`, and so perhaps negative.
    pub over_minutes: Option<i64>,
    /// Since when a missed one that still runs counts without a pause; none: it pauses, or has stopped.
    pub runs_since: Option<DateTime<Utc>>,
}

/// The deadlines whose outcome a step settled or refined.
pub fn outcomes(before: &Clocks, after: &Clocks, calendar: &Calendar) -> Vec<Outcome> {
    let clocks = after.0.iter().enumerate();
    let changed = clocks.filter(|(place, it)| {
        let course = |it: &Clock| (it.missed_at, it.stopped_at, it.intervals.len());
        before.0.get(*place).map(course) != Some(course(it))
    });
    changed
        .filter_map(|(place, clock)| {
            let at = clock.missed_at.or(clock.stopped_at)?;
            let minutes = clock.stopped_at.map(|it| clock.counted(calendar, it));
            let over = match minutes {
                Some(minutes) => (minutes - clock.target_minutes).max(0),
                None => clock.counted_in_ended_intervals() - clock.target_minutes,
            };
            Some(Outcome {
                number: i16::try_from(place + 1).ok()?,
                kind: clock.kind,
                state: clock.state(at),
                at,
                due_at: clock.missed_at.or(clock.due_at),
                stopped_at: clock.stopped_at,
                minutes,
                over_minutes: clock.missed_at.map(|_| over),
                runs_since: clock.runs_since().filter(|_| clock.missed_at.is_some()),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
