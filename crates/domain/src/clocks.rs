//! 2.4: the clocks that run against support on a ticket, and what each step does to them.
//!
//! A ticket has one acceptance clock and, one after the other, any number of response clocks; at
//! most one clock runs at a time. What a clock has counted is kept as intervals, so that the
//! minutes can be added up by hand.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::needs::Visibility;
use crate::role::Doer;
use crate::sla::{Grade, Rules};
use crate::status::Status;
use crate::words::words;
use crate::worktime::FAR;

words! {
    /// What a clock measures.
    ClockKind {
        /// How soon support takes a ticket on (2.4.1).
        Acceptance = "acceptance",
        /// How soon support answers (2.4.2).
        Response = "response",
    }
}

words! {
    /// How a clock stands.
    ClockState {
        /// It counts working time.
        Running = "running",
        /// It counts nothing while the ticket waits for something else.
        Paused = "paused",
        /// Support was in time.
        Met = "met",
        /// Support was, or is, late; that is final.
        Breached = "breached",
        /// The customer solved it, or it was rejected, before support was due.
        Cancelled = "cancelled",
    }
}

words! {
    /// Why a clock started.
    StartCause {
        /// The ticket was filed.
        Filed = "filed",
        /// Support took the ticket on.
        Accepted = "accepted",
        /// The customer wrote something.
        Comment = "comment",
        /// The ticket came back into work.
        Returned = "returned",
        /// Support wrote something, and the ticket stayed in work: the next word is due, too.
        NextUpdate = "next_update",
        /// The ticket was filed before its deadlines were kept.
        Adopted = "adopted",
    }
}

words! {
    /// Why a clock pauses.
    PauseCause {
        /// The ticket waits for something outside support.
        OnHold = "on_hold",
        /// The ticket waits for a release.
        AwaitingRelease = "awaiting_release",
    }
}

/// A stretch of time that a clock counted, or paused for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// When it began.
    pub from: DateTime<Utc>,
    /// When it ended; none: it lasts.
    pub until: Option<DateTime<Utc>>,
    /// Why the clock paused; none: its working minutes count.
    pub pause: Option<PauseCause>,
    /// The working minutes that counted when it ended: no later calendar changes them. None: it
    /// lasts, or ended before they were kept.
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
            (None, Some(kept)) => kept,
            (None, None) => calendar.between(self.from, self.until.unwrap_or(now)),
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
    /// What it measures.
    pub kind: ClockKind,
    /// Why it started.
    pub cause: StartCause,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// How many working minutes support has.
    pub target_minutes: i64,
    /// When these are over; none while it pauses, unless they were over before.
    pub due_at: Option<DateTime<Utc>>,
    /// When it stopped; none: it has not.
    pub stopped_at: Option<DateTime<Utc>>,
    /// Whether it was stopped because nothing was due any more.
    pub is_cancelled: bool,
    /// The deadline that was missed: once it stands here, it stays.
    pub missed_at: Option<DateTime<Utc>>,
    /// When support was warned of the deadline.
    pub warned_at: Option<DateTime<Utc>>,
    /// When the miss was told.
    pub told_at: Option<DateTime<Utc>>,
    /// What it counted and paused for, the earliest first, without gaps.
    pub intervals: Vec<Interval>,
}

/// What is done to a ticket, as far as its clocks are concerned.
#[derive(Debug, Clone, Copy)]
pub struct ClockStep {
    /// By whom.
    pub doer: Doer,
    /// What was said with it.
    pub comment: Option<Visibility>,
    /// The status before.
    pub from: Status,
    /// The status it moves to; none: it stays.
    pub to: Option<Status>,
    /// What the response target depends on.
    pub grade: Grade,
    /// When.
    pub now: DateTime<Utc>,
}

/// Something to tell support about a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alert {
    /// Its deadline is near.
    Near,
    /// Its deadline was missed.
    Missed,
}

/// The clocks of a ticket, the earliest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clocks(pub Vec<Clock>);

impl Clock {
    fn start(
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
            is_cancelled: false,
            missed_at: None,
            warned_at: None,
            told_at: None,
            intervals: vec![Interval::since(now, None)],
        }
    }

    /// How it stands at an instant.
    pub fn state(&self, now: DateTime<Utc>) -> ClockState {
        match self {
            it if it.missed_at.is_some() || it.is_late(now) => ClockState::Breached,
            it if it.is_cancelled => ClockState::Cancelled,
            it if it.stopped_at.is_some() => ClockState::Met,
            it if it.is_paused() => ClockState::Paused,
            _ => ClockState::Running,
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

    fn is_late(&self, now: DateTime<Utc>) -> bool {
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

    fn end_interval(&mut self, calendar: &Calendar, now: DateTime<Utc>) {
        if let Some(last) = self.intervals.last_mut().filter(|it| it.until.is_none()) {
            last.end(calendar, now);
        }
    }

    fn stop(&mut self, is_cancelled: bool, calendar: &Calendar, now: DateTime<Utc>) {
        self.end_interval(calendar, now);
        self.stopped_at = Some(now);
        self.is_cancelled = is_cancelled;
    }

    /// Lets it wait. What was missed before is owed all the same: it stays overdue.
    fn pause(&mut self, cause: PauseCause, calendar: &Calendar, now: DateTime<Utc>) {
        self.end_interval(calendar, now);
        self.due_at = self.missed_at;
        self.intervals.push(Interval::since(now, Some(cause)));
    }

    fn resume(&mut self, calendar: &Calendar, now: DateTime<Utc>) {
        self.end_interval(calendar, now);
        let left = self.remaining(calendar, now);
        self.due_at = Some(self.missed_at.unwrap_or_else(|| calendar.add(now, left)));
        self.intervals.push(Interval::since(now, None));
    }

    /// Computes the deadline anew from the same start, with another target. What it counted up to
    /// a pause stays; while it pauses there is no deadline to compute. Where another deadline comes
    /// out of it, support is warned of that one, too.
    fn aim(&mut self, target_minutes: i64, rules: &Rules, now: DateTime<Utc>) {
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

    /// Keeps what it counted up to the deadline that it missed, whatever a later calendar says of
    /// that time: so many minutes as it had.
    fn keep_miss(&mut self, missed_at: DateTime<Utc>, calendar: &Calendar) {
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

    /// What to tell next about it, and when.
    fn alert(&self, rules: &Rules) -> Option<(DateTime<Utc>, Alert)> {
        if let Some(missed_at) = self.missed_at {
            return self.told_at.is_none().then_some((missed_at, Alert::Missed));
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

impl Clocks {
    /// Those of a ticket that is filed.
    pub fn filed(now: DateTime<Utc>, rules: &Rules) -> Self {
        let minutes = i64::from(rules.sla.acceptance_minutes);
        let clock = Clock::start(ClockKind::Acceptance, StartCause::Filed, minutes, now, rules);
        Self(vec![clock])
    }

    /// Those of a ticket that was filed before deadlines were kept: one that nobody has taken on
    /// counts from its filing, one that waits for an answer from now.
    pub fn adopted(
        status: Status,
        is_answer_due: bool,
        created_at: DateTime<Utc>,
        grade: Grade,
        now: DateTime<Utc>,
        rules: &Rules,
    ) -> Self {
        let mut clocks =
            if status == Status::New { Self::filed(created_at, rules) } else { Self::default() };
        let is_due = status == Status::InProgress || is_answer_due;
        if is_due && status != Status::New && !status.is_final() {
            clocks.start_response(StartCause::Adopted, rules.sla.response(grade), now, rules);
        }
        clocks
    }

    /// The clock that counts now.
    pub fn running(&self) -> Option<&Clock> {
        self.0.iter().rev().find(|it| it.is_running())
    }

    /// The clock that has not stopped: it runs or pauses.
    pub fn open(&self) -> Option<&Clock> {
        self.0.iter().rev().find(|it| it.stopped_at.is_none())
    }

    /// The last clock of a kind.
    pub fn last(&self, kind: ClockKind) -> Option<&Clock> {
        self.0.iter().rev().find(|it| it.kind == kind)
    }

    /// When the open clock is, or was, due; far away where none is, or where it pauses in time.
    pub fn due_at(&self) -> DateTime<Utc> {
        self.open().and_then(|it| it.due_at).unwrap_or(FAR)
    }

    /// What a step does to the clocks.
    pub fn step(&mut self, step: &ClockStep, rules: &Rules) {
        self.note_misses(step.now);
        let is_answer = step.doer.is_support() && step.comment == Some(Visibility::Public);
        let is_ended_by_customer = step.doer.is_customer() || step.to == Some(Status::Rejected);
        if step.from == Status::New && step.to.is_some() {
            self.stop(ClockKind::Acceptance, is_ended_by_customer, step.now, rules);
        }
        match step.to {
            Some(Status::InProgress) => self.enter_work(step, is_answer, rules),
            Some(Status::Feedback | Status::Resolved | Status::Closed | Status::Rejected) => {
                self.stop(ClockKind::Response, is_ended_by_customer, step.now, rules);
            }
            Some(Status::OnHold) if !is_answer => self.pause(PauseCause::OnHold, step.now, rules),
            Some(Status::AwaitingRelease) if !is_answer => {
                self.pause(PauseCause::AwaitingRelease, step.now, rules);
            }
            Some(Status::New | Status::OnHold | Status::AwaitingRelease) | None => {}
        }
        let status = step.to.unwrap_or(step.from);
        if is_answer {
            self.answer(status, step.now, rules);
        } else if step.doer.is_customer() && step.comment.is_some() {
            self.ask(step, rules);
        }
    }

    /// Computes the open deadline anew, after a change of what it depends on: from the same start.
    /// What was counted up to a pause stays, and a deadline that was missed stays missed.
    pub fn recalculate(&mut self, grade: Grade, now: DateTime<Utc>, rules: &Rules) {
        self.note_misses(now);
        for clock in self.0.iter_mut().filter(|it| it.stopped_at.is_none()) {
            if let Some(missed_at) = clock.missed_at {
                clock.keep_miss(missed_at, &rules.calendar);
                continue;
            }
            let target = match (clock.kind, clock.cause) {
                (ClockKind::Acceptance, _) => i64::from(rules.sla.acceptance_minutes),
                (ClockKind::Response, StartCause::NextUpdate) => {
                    rules.sla.next_update_minutes.map_or(clock.target_minutes, i64::from)
                }
                (ClockKind::Response, _) => rules.sla.response(grade),
            };
            clock.aim(target, rules, now);
        }
        self.note_misses(now);
    }

    /// When support is next to be told something.
    pub fn alert_at(&self, rules: &Rules) -> Option<DateTime<Utc>> {
        self.0.iter().filter_map(|it| it.alert(rules)).map(|(at, _)| at).min()
    }

    /// What is to be told by now; it is marked, so that it is told once.
    pub fn take_alerts(&mut self, now: DateTime<Utc>, rules: &Rules) -> Vec<(Clock, Alert)> {
        self.note_misses(now);
        let mut alerts = Vec::new();
        for clock in &mut self.0 {
            let Some((_, alert)) = clock.alert(rules).filter(|(at, _)| *at <= now) else {
                continue;
            };
            match alert {
                Alert::Near => clock.warned_at = Some(now),
                Alert::Missed => clock.told_at = Some(now),
            }
            alerts.push((clock.clone(), alert));
        }
        alerts
    }

    /// Writes down the deadlines that are over: what happens later does not undo them.
    fn note_misses(&mut self, now: DateTime<Utc>) {
        for clock in self.0.iter_mut().filter(|it| it.is_late(now)) {
            clock.missed_at = clock.missed_at.or(clock.due_at);
        }
    }

    fn stop(&mut self, kind: ClockKind, is_cancelled: bool, now: DateTime<Utc>, rules: &Rules) {
        let open = self.0.iter_mut().filter(|it| it.kind == kind && it.stopped_at.is_none());
        open.for_each(|it| it.stop(is_cancelled, &rules.calendar, now));
    }

    fn pause(&mut self, cause: PauseCause, now: DateTime<Utc>, rules: &Rules) {
        let running = self.0.iter_mut().filter(|it| it.is_running());
        let response = running.filter(|it| it.kind == ClockKind::Response);
        response.for_each(|it| it.pause(cause, &rules.calendar, now));
    }

    /// A return to work resumes what paused; otherwise a full clock starts. Where support says
    /// something with it, that is the answer already.
    fn enter_work(&mut self, step: &ClockStep, is_answer: bool, rules: &Rules) {
        let cause =
            if step.from == Status::New { StartCause::Accepted } else { StartCause::Returned };
        if let Some(paused) = self.0.iter_mut().find(|it| it.is_paused()) {
            paused.resume(&rules.calendar, step.now);
        } else if self.running().is_none() && !(is_answer && cause == StartCause::Returned) {
            self.start_response(cause, rules.sla.response(step.grade), step.now, rules);
        }
    }

    /// Support's public word stops the response clock; a ticket that stays in work gets the next.
    fn answer(&mut self, status: Status, now: DateTime<Utc>, rules: &Rules) {
        self.stop(ClockKind::Response, false, now, rules);
        if let (Status::InProgress, Some(minutes)) = (status, rules.sla.next_update_minutes) {
            self.start_response(StartCause::NextUpdate, i64::from(minutes), now, rules);
        }
    }

    /// A customer's comment starts a clock where none runs.
    fn ask(&mut self, step: &ClockStep, rules: &Rules) {
        let is_due = match step.to {
            Some(_) => false,
            None => match step.from {
                Status::InProgress
                | Status::AwaitingRelease
                | Status::OnHold
                | Status::Resolved => true,
                Status::New | Status::Feedback | Status::Closed | Status::Rejected => false,
            },
        };
        if !is_due || self.running().is_some() {
            return;
        }
        if let Some(paused) = self.0.iter_mut().find(|it| it.is_paused()) {
            paused.resume(&rules.calendar, step.now);
        } else {
            let minutes = rules.sla.response(step.grade);
            self.start_response(StartCause::Comment, minutes, step.now, rules);
        }
    }

    fn start_response(
        &mut self,
        cause: StartCause,
        minutes: i64,
        now: DateTime<Utc>,
        rules: &Rules,
    ) {
        self.0.push(Clock::start(ClockKind::Response, cause, minutes, now, rules));
    }
}

#[cfg(test)]
mod tests;
