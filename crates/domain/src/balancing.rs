//! Clause 1 and advantage 5: how work is spread over the engineers of a direction.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::priority::Priority;
use crate::string_enum;

string_enum! {
    /// Why the system assigned or unassigned a ticket.
    AssignmentCause {
        /// The least loaded present engineer of the direction.
        Balancing = "balancing",
        /// Whoever had it is absent.
        Absence = "absence",
        /// Whoever had it has left.
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

/// When an engineer is away, and gets no tickets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Absence {
    /// Since when; none: they are there.
    pub since: Option<DateTime<Utc>>,
    /// When they are back; none: that is not known.
    pub until: Option<DateTime<Utc>>,
}

impl Absence {
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

    /// The least loaded engineer of a direction, who then has the ticket as well; among equals
    /// the one with the lowest id. None where nobody is present.
    pub fn give(&mut self, direction_id: i64, priority: Priority) -> Option<i64> {
        let present = self.present.get(&direction_id)?;
        let load = |it: &i64| self.loads.get(it).copied().unwrap_or(0);
        let engineer_id = present.iter().copied().min_by_key(|it| (load(it), *it))?;
        self.add_load(engineer_id, priority, 1);
        Some(engineer_id)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// Advantage 5: an engineer with one critical ticket is given nothing before another has as
    /// much to do.
    #[test]
    fn c1_urgent_work_weighs_more() {
        let mut balance = Balance::default();
        (1..=2).for_each(|it| balance.add_engineer(7, it));
        balance.add_load(1, Priority::Critical, 1);

        let given: Vec<_> = (0..4).map(|_| balance.give(7, Priority::Medium)).collect();

        assert_eq!(given, [Some(2); 4]);
        assert_eq!(balance.give(7, Priority::Medium), Some(1));
        assert_eq!(balance.give(8, Priority::Low), None);
    }

    /// One who works in two directions is as loaded in the one as in the other.
    #[test]
    fn c1_an_engineer_of_two_directions_has_one_load() {
        let mut balance = Balance::default();
        [(7, 1), (8, 1), (8, 2)].into_iter().for_each(|(of, it)| balance.add_engineer(of, it));

        assert_eq!(balance.give(7, Priority::High), Some(1));
        assert_eq!(balance.give(8, Priority::Low), Some(2));
    }

    proptest! {
        /// Clause 1: whatever comes, no two engineers of a direction differ by more than the
        /// heaviest ticket.
        #[test]
        fn c1_loads_stay_close(tickets in proptest::collection::vec(priority(), 0..60)) {
            let mut balance = Balance::default();
            (1..=4).for_each(|it| balance.add_engineer(7, it));
            for it in tickets {
                prop_assert!(balance.give(7, it).is_some());
            }
            let most = balance.loads.values().max().copied().unwrap_or(0);
            let least = balance.loads.values().min().copied().unwrap_or(0);
            prop_assert!(most - least <= weight(Priority::Critical));
        }
    }

    fn priority() -> impl Strategy<Value = Priority> {
        select(Priority::ALL.to_vec())
    }

    #[test]
    fn an_absence_lasts_from_its_beginning_to_its_end() {
        let at = |hour: i64| DateTime::from_timestamp(hour * 3600, 0);
        let is_on =
            |since, until, hour| Absence { since, until }.is_on(at(hour).expect("an instant"));

        assert_eq!([1, 2, 3, 4].map(|it| is_on(at(2), at(4), it)), [false, true, true, false]);
        assert!(is_on(at(2), None, 9));
        assert!(!is_on(None, None, 9));
    }
}
