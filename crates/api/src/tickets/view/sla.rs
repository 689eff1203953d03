//! The state of a ticket's deadlines (2.4).

use chrono::{DateTime, Utc};
use domain::clocks::{Clock, Clocks};
use domain::sla::Rules;
use domain::ticket::Times;
use domain::{ClockKind, ClockState, Status, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// The state of a ticket's clocks (2.4).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketSla {
    /// Acceptance; null if it was never measured.
    pub acceptance: Option<Deadline>,
    /// The last answer that was due; null if none was.
    pub response: Option<Deadline>,
}

/// The state of a clock.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Deadline {
    /// When it is, or was, due; null while it is paused, unless it had already been missed.
    pub due_at: Option<Timestamp>,
    /// The working minutes that were left when the clock stopped, or are left
    /// now; negative if overdue.
    pub remaining_minutes: i64,
    /// The state of the clock.
    pub state: ClockState,
}

impl Deadline {
    pub fn new(clock: &Clock, now: DateTime<Utc>, rules: &Rules) -> Self {
        Self {
            due_at: clock.due_at.map(Timestamp),
            remaining_minutes: clock.remaining(&rules.calendar, now),
            state: clock.state(now),
        }
    }
}

impl TicketSla {
    /// The state of clocks at an instant.
    pub fn new(clocks: &Clocks, now: DateTime<Utc>, rules: &Rules) -> Self {
        let last = |kind| clocks.last(kind).map(|it| Deadline::new(it, now, rules));
        Self { acceptance: last(ClockKind::Acceptance), response: last(ClockKind::Response) }
    }
}

/// The working minutes from the filing of a ticket to its solution (advantage 1).
pub fn solved_in(times: &Times, status: Status, rules: &Rules) -> Option<i64> {
    times.solved_at(status).map(|it| rules.calendar.between(times.created_at, it))
}
