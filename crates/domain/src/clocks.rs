//! 2.4: the clocks that run against support on a ticket, and what each step does to them.
//!
//! A ticket has one acceptance clock and, one after the other, any number of response clocks; at
//! most one clock runs at a time.

mod clock;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::needs::Visibility;
use crate::role::Actor;
use crate::sla::{Grade, Rules};
use crate::status::Status;
use crate::worktime::NEVER;

pub use clock::{Alert, Clock, ClockKind, ClockState, Excuse, Interval, PauseCause, StartCause};

/// An action on a ticket, as far as its clocks are concerned.
#[derive(Debug, Clone, Copy)]
pub struct ClockStep {
    pub actor: Actor,
    /// What was said with it.
    pub comment: Option<Visibility>,
    pub from: Status,
    /// The status it moves to; none: it stays.
    pub to: Option<Status>,
    /// What the response target depends on.
    pub grade: Grade,
    pub now: DateTime<Utc>,
}

/// The clocks of a ticket, the earliest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clocks(pub Vec<Clock>);

impl Clocks {
    /// Those of a ticket that is filed.
    pub fn filed(now: DateTime<Utc>, rules: &Rules) -> Self {
        let minutes = i64::from(rules.sla.acceptance_minutes);
        let clock = Clock::start(ClockKind::Acceptance, StartCause::Filed, minutes, now, rules);
        Self(vec![clock])
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

    /// When the open clock is, or was, due; `NEVER` if there is none, or if it is paused before its deadline.
    pub fn due_at(&self) -> DateTime<Utc> {
        self.open().and_then(|it| it.due_at).unwrap_or(NEVER)
    }

    /// What a step does to the clocks.
    pub fn step(&mut self, step: &ClockStep, rules: &Rules) {
        self.record_misses(step.now);
        let is_answer = step.actor.is_support() && step.comment == Some(Visibility::Public);
        let is_cancelled = step.actor.is_customer() || step.to == Some(Status::Rejected);
        let excuse = is_cancelled.then_some(Excuse::Cancelled);
        if step.from == Status::New && step.to.is_some() {
            self.stop(ClockKind::Acceptance, excuse, step.now, rules);
        }
        match step.to {
            Some(Status::InProgress) => self.enter_work(step, is_answer, rules),
            Some(Status::Feedback | Status::Resolved | Status::Closed | Status::Rejected) => {
                self.stop(ClockKind::Response, excuse, step.now, rules);
            }
            Some(Status::OnHold) if !is_answer => self.pause(PauseCause::OnHold, step.now, rules),
            Some(Status::AwaitingRelease) if !is_answer => {
                self.pause(PauseCause::AwaitingRelease, step.now, rules);
            }
            Some(Status::New | Status::OnHold | Status::AwaitingRelease) | None => {}
        }
        let status = step.to.unwrap_or(step.from);
        if is_answer {
            self.answer(status, step.grade, step.now, rules);
        } else if step.actor.is_customer() && step.comment.is_some() {
            self.start_for_comment(step, rules);
        }
    }

    /// What started after the first `count` clocks was started by a merged ticket, and by no comment.
    pub fn started_by_merging(&mut self, count: usize) {
        let started = self.0.iter_mut().skip(count);
        let by_question = started.filter(|it| it.cause == StartCause::Comment);
        by_question.for_each(|it| it.cause = StartCause::Merged);
    }

    /// The open clock, if a customer's comment started it: the only one that can be waived.
    pub fn waivable(&self) -> Option<&Clock> {
        self.open().filter(|it| it.cause == StartCause::Comment)
    }

    /// The comment that started the open clock needs no answer. What was missed before stays missed.
    pub fn waive(&mut self, status: Status, grade: Grade, now: DateTime<Utc>, rules: &Rules) {
        self.record_misses(now);
        self.stop(ClockKind::Response, Some(Excuse::Waived), now, rules);
        self.await_next_update(status, grade, now, rules);
    }

    /// Recomputes the open deadline, after a change of what it depends on: from the same start.
    /// What was counted up to a pause stays, and a deadline that was missed stays missed.
    pub fn recalculate(&mut self, grade: Grade, now: DateTime<Utc>, rules: &Rules) {
        self.record_misses(now);
        for clock in self.0.iter_mut().filter(|it| it.stopped_at.is_none()) {
            if let Some(missed_at) = clock.missed_at {
                clock.record_miss(missed_at, &rules.calendar);
                continue;
            }
            let target = match (clock.kind, clock.cause) {
                (ClockKind::Acceptance, _) => i64::from(rules.sla.acceptance_minutes),
                (ClockKind::Response, StartCause::NextUpdate) => {
                    rules.sla.next_update(grade.priority).unwrap_or(clock.target_minutes)
                }
                (ClockKind::Response, _) => rules.sla.response(grade),
            };
            clock.aim(target, rules, now);
        }
        self.record_misses(now);
    }

    /// When the next alert to support is due.
    pub fn alert_at(&self, rules: &Rules) -> Option<DateTime<Utc>> {
        self.0.iter().filter_map(|it| it.alert(rules)).map(|(at, _)| at).min()
    }

    /// The first alert that is due by now; it is marked, so that it is raised once.
    pub fn take_alert(&mut self, now: DateTime<Utc>, rules: &Rules) -> Option<(Clock, Alert)> {
        self.record_misses(now);
        let is_due = |it: &Clock| it.alert(rules).filter(|(at, _)| *at <= now).map(|it| it.1);
        let (clock, alert) =
            self.0.iter_mut().find_map(|it| is_due(it).map(|alert| (it, alert)))?;
        match alert {
            Alert::Near => clock.warned_at = Some(now),
            Alert::Missed => clock.alerted_at = Some(now),
        }
        Some((clock.clone(), alert))
    }

    /// All alerts that are due by now.
    pub fn take_alerts(&mut self, now: DateTime<Utc>, rules: &Rules) -> Vec<(Clock, Alert)> {
        std::iter::from_fn(|| self.take_alert(now, rules)).collect()
    }

    /// Records the deadlines that have passed: what happens later does not undo them.
    fn record_misses(&mut self, now: DateTime<Utc>) {
        for clock in self.0.iter_mut().filter(|it| it.is_late(now)) {
            clock.missed_at = clock.missed_at.or(clock.due_at);
        }
    }

    fn stop(&mut self, kind: ClockKind, excuse: Option<Excuse>, now: DateTime<Utc>, rules: &Rules) {
        let open = self.0.iter_mut().filter(|it| it.kind == kind && it.stopped_at.is_none());
        open.for_each(|it| it.stop(excuse, &rules.calendar, now));
    }

    fn pause(&mut self, cause: PauseCause, now: DateTime<Utc>, rules: &Rules) {
        let running = self.0.iter_mut().filter(|it| it.is_running());
        let response = running.filter(|it| it.kind == ClockKind::Response);
        response.for_each(|it| it.pause(cause, &rules.calendar, now));
    }

    /// A return to work resumes a paused clock; otherwise a full one starts. A public comment by support with
    /// it already is the answer.
    fn enter_work(&mut self, step: &ClockStep, is_answer: bool, rules: &Rules) {
        let cause =
            if step.from == Status::New { StartCause::Accepted } else { StartCause::Returned };
        if let Some(paused) = self.0.iter_mut().find(|it| it.is_paused()) {
            paused.resume(&rules.calendar, step.now);
        } else if self.running().is_none() && !(is_answer && cause == StartCause::Returned) {
            self.start_response(cause, rules.sla.response(step.grade), step.now, rules);
        }
    }

    /// A public comment by support stops the response clock; a ticket that stays in progress gets the next one.
    fn answer(&mut self, status: Status, grade: Grade, now: DateTime<Utc>, rules: &Rules) {
        self.stop(ClockKind::Response, None, now, rules);
        self.await_next_update(status, grade, now, rules);
    }

    /// A ticket that stays in progress is never without a deadline, if a setting requires further answers.
    fn await_next_update(
        &mut self,
        status: Status,
        grade: Grade,
        now: DateTime<Utc>,
        rules: &Rules,
    ) {
        let minutes = rules.sla.next_update(grade.priority);
        if let (Status::InProgress, Some(minutes)) = (status, minutes) {
            self.start_response(StartCause::NextUpdate, minutes, now, rules);
        }
    }

    /// A customer's comment starts a clock where none runs.
    fn start_for_comment(&mut self, step: &ClockStep, rules: &Rules) {
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
