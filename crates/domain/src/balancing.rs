//! Clause 1 and advantage 5: how work is distributed among the engineers of a direction.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::priority::Priority;
use crate::string_enum;

string_enum! {
    /// Why the system assigned or unassigned a ticket.
    AssignmentCause {
        /// The least loaded present engineer of the direction.
        Balancing = "balancing",
        /// The assignee is absent.
        Absence = "absence",
        /// The assignee has left.
        Departure = "departure",
        /// It was next in the queue.
        Queue = "queue",
    }
}

/// What a ticket that waits for an engineer's work adds to that engineer's load.
pub const fn weight(priority: Priority) -> i64 {
    match priority {
        Priority::Low => 1,
        Priority::Medium => 2,
        Priority::High => 4,
        Priority::Critical => 8,
    }
}

/// An engineer's absence, during which they get no tickets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Absence {
    /// When it began; none: they are present.
    pub since: Option<DateTime<Utc>>,
    /// When they are expected back; none: unknown.
    pub until: Option<DateTime<Utc>>,
}

impl Absence {
    /// The absence in force once another one begins at an instant: one that is still on is prolonged.
    pub fn joined(self, begun: Self, at: DateTime<Utc>) -> Self {
        match self.is_on(at) {
            false => begun,
            true => {
                let ends = self.until.zip(begun.until);
                Self { since: self.since, until: ends.map(|(one, other)| one.max(other)) }
            }
        }
    }

    /// Whether they are away at an instant.
    pub fn is_on(&self, at: DateTime<Utc>) -> bool {
        self.since.is_some_and(|it| it <= at) && self.until.is_none_or(|it| it > at)
    }
}

/// The present engineers of some directions, with the load that each carries.
///
/// An engineer of several directions has one load.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Balance {
    loads: BTreeMap<i64, i64>,
    present: BTreeMap<i64, BTreeSet<i64>>,
}

impl Balance {
    /// Adds a present engineer of a direction.
    pub fn add_engineer(&mut self, direction_id: i64, engineer_id: i64) {
        self.present.entry(direction_id).or_default().insert(engineer_id);
        self.loads.entry(engineer_id).or_default();
    }

    /// Adds tickets of one priority to the load of an engineer.
    pub fn add_load(&mut self, engineer_id: i64, priority: Priority, tickets: i64) {
        *self.loads.entry(engineer_id).or_default() += weight(priority) * tickets;
    }

    /// Assigns a ticket to the least loaded engineer of a direction, among equals the one with the lowest id,
    /// and adds it to their load. None if nobody is present.
    pub fn assign(&mut self, direction_id: i64, priority: Priority) -> Option<i64> {
        let present = self.present.get(&direction_id)?;
        let load = |it: &i64| self.loads.get(it).copied().unwrap_or(0);
        let engineer_id = present.iter().copied().min_by_key(|it| (load(it), *it))?;
        self.add_load(engineer_id, priority, 1);
        Some(engineer_id)
    }
}

#[cfg(test)]
mod tests;
