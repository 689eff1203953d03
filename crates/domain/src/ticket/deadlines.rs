//! The deadlines of support on a ticket (2.4), as lists and jobs read them.

use chrono::{DateTime, Utc};

use crate::clocks::{Alert, Clock, ClockStep, Clocks};
use crate::needs::Visibility;
use crate::queue;
use crate::sla::{Grade, Rules};
use crate::status::Status;
use crate::timestamp::Timestamp;

use super::Ticket;
use super::case::Case;
use super::change::{Change, Values};
use super::event::{Applied, Event};
use super::event_type::EventType;
use super::facts::Context;

/// What follows from the clocks of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// When the open clock is, or was, due; `NEVER` if there is none.
    pub due_at: DateTime<Utc>,
    /// When the next alert to support is due.
    pub alert_at: Option<DateTime<Utc>>,
    /// The place in the queue; none where no clock runs.
    pub queue_rank: Option<DateTime<Utc>>,
    /// The version of the settings by which the open clock was computed; none if no clock is open.
    pub settings_version: Option<i32>,
}

impl Deadlines {
    /// Those that follow from clocks.
    pub fn of(clocks: &Clocks, grade: Grade, rules: &Rules) -> Self {
        let due_at = clocks.running().and_then(|it| it.due_at);
        Self {
            due_at: clocks.due_at(),
            alert_at: clocks.alert_at(rules),
            queue_rank: due_at.map(|it| queue::rank(it, grade.priority, rules)),
            settings_version: clocks.open().map(|_| rules.version),
        }
    }
}

impl Ticket {
    /// What a step does to the clocks; it comes from the status `from`.
    pub(super) fn step_clocks(
        &mut self,
        from: Status,
        to: Option<Status>,
        comment: Option<Visibility>,
        context: &Context<'_>,
    ) {
        let (actor, grade, now) = (context.actor, self.grade, context.now);
        let (clock, computed_by) = (self.open_clock(), self.deadlines.settings_version);
        self.clocks.step(&ClockStep { actor, comment, from, to, grade, now }, context.rules);
        self.deadlines = Deadlines::of(&self.clocks, grade, context.rules);
        // A clock that continues still has to be recomputed if the settings have changed since.
        if let (Some(_), true) = (clock, clock == self.open_clock()) {
            let by_now = self.deadlines.settings_version;
            self.deadlines.settings_version = computed_by.min(by_now).or(by_now);
        }
    }

    /// The index of the open clock; a clock that starts has a new one.
    fn open_clock(&self) -> Option<usize> {
        self.clocks.0.iter().rposition(|it| it.stopped_at.is_none())
    }

    /// Recomputes the open deadline, after a change of grade or settings.
    pub(super) fn recalculate_clocks(&mut self, context: &Context<'_>) {
        self.clocks.recalculate(self.grade, context.now, context.rules);
        self.deadlines = Deadlines::of(&self.clocks, self.grade, context.rules);
    }
}

impl Case<'_> {
    /// Recomputes the open deadline; the history records it if it moved.
    pub(super) fn recalculate(self) -> Applied {
        let mut ticket = self.before.clone();
        ticket.recalculate_clocks(self.context);
        let changes = moved(self.before.clocks.open(), ticket.clocks.open());
        let event = changes.map(|it| Event::new(EventType::DeadlineRecalculated, it));
        Applied { ticket, event }
    }

    /// Marks the first alert that is due by now, so that it is raised once.
    pub(super) fn alert(self) -> Applied {
        let (now, rules) = (self.context.now, self.context.rules);
        let mut ticket = self.before.clone();
        let alert = ticket.clocks.take_alert(now, rules);
        ticket.deadlines = Deadlines::of(&ticket.clocks, ticket.grade, rules);
        let event = alert.map(|(clock, alert)| {
            let kind = match alert {
                Alert::Near => EventType::DeadlineNear,
                Alert::Missed => EventType::DeadlineMissed,
            };
            let due_at = Values { from: None, to: clock.missed_at.or(clock.due_at).map(Timestamp) };
            let changes = vec![Change::Clock(Values::new(clock.kind)), Change::DueAt(due_at)];
            Event { is_internal: true, ..Event::new(kind, changes) }
        });
        Applied { ticket, event }
    }
}

/// How an open deadline moved; none if it was missed before, or has no instant because it is paused.
fn moved(before: Option<&Clock>, after: Option<&Clock>) -> Option<Vec<Change>> {
    let (before, after) = (before?, after?);
    let (from, to) = (before.due_at?, after.due_at?);
    if from == to || before.missed_at.is_some() {
        return None;
    }
    let due_at = Values { from: Some(from.into()), to: Some(to.into()) };
    Some(vec![Change::Clock(Values::new(after.kind)), Change::DueAt(due_at)])
}
