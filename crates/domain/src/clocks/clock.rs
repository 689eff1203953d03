//! One clock that runs against support: what it has counted, and when it is due (2.4).
//!
//! What a clock has counted is kept as intervals, so that the minutes can be added up by hand.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::sla::Rules;
use crate::string_enum;

string_enum! {
    /// What a clock measures.
    ClockKind {
        /// The time until support accepts a ticket (2.4.1).
        Acceptance = "acceptance" ("Принять в работу", "Жұмысқа қабылдау", "To be taken on"),
        /// The time until support answers (2.4.2).
        Response = "response" ("Ответить", "Жауап беру", "To be answered"),
    }
}

string_enum! {
    /// The state of a clock.
    ClockState {
        /// It counts working time.
        Running = "running" ("Идет", "Жүріп жатыр", "Running"),
        /// It counts nothing while the ticket waits for something else.
        Paused = "paused" ("Приостановлен", "Тоқтатылған", "Paused"),
        /// Support was in time.
        Met = "met" ("Соблюден", "Сақталды", "Met"),
        /// Support was, or is, late; that is final.
        Breached = "breached" ("Нарушен", "Бұзылды", "Breached"),
        /// The customer solved it, or it was rejected, before support was due.
        Cancelled = "cancelled" ("Снят", "Алынды", "Cancelled"),
        /// Support said why the customer's comment needs no answer, before one was due.
        Waived = "waived" ("Ответ не требуется", "Жауап қажет емес", "No answer needed"),
    }
}

/// Why nothing is due any more, although support did not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Excuse {
    /// The customer solved it, or it was rejected.
    Cancelled,
    /// The comment that started the clock needs no answer.
    Waived,
}

string_enum! {
    /// Why a clock started.
    StartCause {
        /// The ticket was filed.
        Filed = "filed",
        /// Support took the ticket on.
        Accepted = "accepted",
        /// The customer wrote a comment.
        Comment = "comment",
        /// Another ticket, whose customer waits for an answer, was merged into this one.
        Merged = "merged",
        /// The ticket came back into work.
        Returned = "returned",
        /// Support answered, and the ticket stayed in progress: the next answer is due, too.
        NextUpdate = "next_update",
    }
}

string_enum! {
    /// Why a clock is paused.
    PauseCause {
        /// The ticket waits for something outside support.
        OnHold = "on_hold",
        /// The ticket waits for a release.
        AwaitingRelease = "awaiting_release",
    }
}

/// An interval that a clock counted, or during which it was paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    pub from: DateTime<Utc>,
    /// When it ended; none: it is still open.
    pub until: Option<DateTime<Utc>>,
    /// Why the clock paused; none: its working minutes count.
    pub pause: Option<PauseCause>,
    /// The working minutes that counted when it ended: no later calendar changes
    /// them. None: it is still open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<i64>,
}

impl Interval {
    const fn since(from: DateTime<Utc>, pause: Option<PauseCause>) -> Self {
        Self { from, until: None, pause, minutes: None }
    }

    /// The working minutes that it has counted until an instant; none of a pause.
    pub fn counted(&self, calendar: &Calendar, now: DateTime<Utc>) -> i64 {
        match (self.pause, self.minutes) {
            (Some(_), _) => 0,
            (None, Some(minutes)) => minutes,
            (None, None) => calendar.between(self.from, now),
        }
    }

    fn end(&mut self, calendar: &Calendar, now: DateTime<Utc>) {
        self.minutes = Some(self.counted(calendar, now));
        self.until = Some(now);
    }
}

/// A clock of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    pub kind: ClockKind,
    pub cause: StartCause,
    pub started_at: DateTime<Utc>,
    /// The time allowed for support, in working minutes.
    pub target_minutes: i64,
    /// When they elapse; none while it is paused, unless they had elapsed before.
    pub due_at: Option<DateTime<Utc>>,
    /// When it stopped; none: it has not.
    pub stopped_at: Option<DateTime<Utc>>,
    /// Why it stopped without being met; none: it runs, or support did what was due.
    pub excuse: Option<Excuse>,
    /// The deadline that was missed; once set, it stays.
    pub missed_at: Option<DateTime<Utc>>,
    /// When support was warned of the deadline.
    pub warned_at: Option<DateTime<Utc>>,
    /// When support was notified that it was missed.
    pub alerted_at: Option<DateTime<Utc>>,
    /// What it counted and paused for, the earliest first, without gaps.
    pub intervals: Vec<Interval>,
}

/// An alert to support about a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alert {
    /// Its deadline is near.
    Near,
    /// Its deadline was missed.
    Missed,
}

impl Clock {
    pub(super) fn start(
        kind: ClockKind,
        cause: StartCause,
        target_minutes: i64,
        now: DateTime<Utc>,
        rules: &Rules,
    ) -> Self {
        Self {
            kind,
            cause,
            started_at: now,
            target_minutes,
            due_at: Some(rules.calendar.add(now, target_minutes)),
            stopped_at: None,
            excuse: None,
            missed_at: None,
            warned_at: None,
            alerted_at: None,
            intervals: vec![Interval::since(now, None)],
        }
    }

    /// Its state at an instant.
    pub fn state(&self, now: DateTime<Utc>) -> ClockState {
        match self.excuse {
            _ if self.missed_at.is_some() || self.is_late(now) => ClockState::Breached,
            Some(Excuse::Cancelled) => ClockState::Cancelled,
            Some(Excuse::Waived) => ClockState::Waived,
            None if self.stopped_at.is_some() => ClockState::Met,
            None if self.is_paused() => ClockState::Paused,
            None => ClockState::Running,
        }
    }

    /// Whether it counts working time.
    pub fn is_running(&self) -> bool {
        self.stopped_at.is_none() && !self.is_in_pause()
    }

    /// Whether it waits to be resumed.
    pub fn is_paused(&self) -> bool {
        self.stopped_at.is_none() && self.is_in_pause()
    }

    fn is_in_pause(&self) -> bool {
        self.intervals.last().is_some_and(|it| it.pause.is_some())
    }

    pub(super) fn is_late(&self, now: DateTime<Utc>) -> bool {
        self.is_running() && self.due_at.is_some_and(|it| it < now)
    }

    /// The working minutes that it has counted until an instant.
    pub fn counted(&self, calendar: &Calendar, now: DateTime<Utc>) -> i64 {
        self.intervals.iter().map(|it| it.counted(calendar, now)).sum()
    }

    /// The working minutes that support has left; negative where it is late.
    pub fn remaining(&self, calendar: &Calendar, now: DateTime<Utc>) -> i64 {
        self.target_minutes - self.counted(calendar, now)
    }

    /// Those of its ended intervals alone.
    pub fn counted_in_ended_intervals(&self) -> i64 {
        self.intervals.iter().filter_map(|it| it.minutes.filter(|_| it.pause.is_none())).sum()
    }

    /// Since when it counts without a pause; none if it does not.
    pub fn runs_since(&self) -> Option<DateTime<Utc>> {
        self.intervals.last().filter(|_| self.is_running()).map(|it| it.from)
    }

    fn end_interval(&mut self, calendar: &Calendar, now: DateTime<Utc>) {
        if let Some(last) = self.intervals.last_mut().filter(|it| it.until.is_none()) {
            last.end(calendar, now);
        }
    }

    pub(super) fn stop(&mut self, excuse: Option<Excuse>, calendar: &Calendar, now: DateTime<Utc>) {
        self.end_interval(calendar, now);
        self.stopped_at = Some(now);
        self.excuse = excuse;
    }

    /// Pauses it. A deadline that was missed before stays overdue.
    pub(super) fn pause(&mut self, cause: PauseCause, calendar: &Calendar, now: DateTime<Utc>) {
        self.end_interval(calendar, now);
        self.due_at = self.missed_at;
        self.intervals.push(Interval::since(now, Some(cause)));
    }

    pub(super) fn resume(&mut self, calendar: &Calendar, now: DateTime<Utc>) {
        self.end_interval(calendar, now);
        let left = self.remaining(calendar, now);
        self.due_at = Some(self.missed_at.unwrap_or_else(|| calendar.add(now, left)));
        self.intervals.push(Interval::since(now, None));
    }

    /// Recomputes the deadline from the same start, with another target. What it counted up to a pause
    /// stays; while it pauses there is no deadline to compute. If the deadline moves, support is warned of
    /// the new one, too.
    pub(super) fn aim(&mut self, target_minutes: i64, rules: &Rules, now: DateTime<Utc>) {
        self.target_minutes = target_minutes;
        let Some(since) = self.intervals.last().filter(|_| self.is_running()).map(|it| it.from)
        else {
            return;
        };
        let left = self.remaining(&rules.calendar, since);
        let due_at = rules.calendar.add(since, left);
        if self.due_at != Some(due_at) {
            self.due_at = Some(due_at);
            self.warned_at = self.warned_at.filter(|_| self.near_at(due_at, rules) <= now);
        }
    }

    /// Fixes what it had counted up to the missed deadline, whatever a later calendar says about that
    /// time: exactly its target.
    pub(super) fn record_miss(&mut self, missed_at: DateTime<Utc>, calendar: &Calendar) {
        self.due_at = Some(missed_at);
        let spans_it = |it: &Interval| it.until.is_none() && it.from < missed_at;
        let Some(since) = self.intervals.last().filter(|it| it.pause.is_none() && spans_it(it))
        else {
            return;
        };
        let left = self.remaining(calendar, since.from);
        if let Some(last) = self.intervals.last_mut() {
            (last.until, last.minutes) = (Some(missed_at), Some(left));
        }
        self.intervals.push(Interval::since(missed_at, None));
    }

    /// When support is warned of a deadline.
    fn near_at(&self, due_at: DateTime<Utc>, rules: &Rules) -> DateTime<Utc> {
        rules.calendar.sub(due_at, self.warning_minutes(rules)).max(self.started_at)
    }

    fn warning_minutes(&self, rules: &Rules) -> i64 {
        i64::from(match self.kind {
            ClockKind::Acceptance => rules.sla.acceptance_warning_minutes,
            ClockKind::Response => rules.sla.response_warning_minutes,
        })
    }

    /// The next alert about it, and when it is due.
    pub(super) fn alert(&self, rules: &Rules) -> Option<(DateTime<Utc>, Alert)> {
        if let Some(missed_at) = self.missed_at {
            return self.alerted_at.is_none().then_some((missed_at, Alert::Missed));
        }
        let due_at = self.due_at.filter(|_| self.is_running())?;
        // A deadline is missed when its instant is over.
        let missed = (due_at + TimeDelta::milliseconds(1), Alert::Missed);
        if self.warned_at.is_some() || self.warning_minutes(rules) == 0 {
            return Some(missed);
        }
        Some((self.near_at(due_at, rules), Alert::Near))
    }
}
