//! 2.4: the order in which support takes tickets, «по мере создания», urgent ones ahead.

use chrono::{DateTime, Utc};

use crate::priority::Priority;
use crate::sla::Rules;

/// The place of a ticket in the queue, the earliest first: its due instant brought forward in working
/// time by the head start of its priority. Then creation decides, then the number.
///
/// A head start is finite, so nothing starves, however many urgent tickets arrive.
pub fn rank(due_at: DateTime<Utc>, priority: Priority, rules: &Rules) -> DateTime<Utc> {
    rules.calendar.sub(due_at, head_start(priority, rules))
}

/// How far a priority is moved ahead of its deadline, in working minutes.
pub fn head_start(priority: Priority, rules: &Rules) -> i64 {
    let minutes = rules.sla.head_start_minutes;
    i64::from(match priority {
        Priority::Critical => minutes.critical,
        Priority::High => minutes.high,
        Priority::Medium => minutes.medium,
        Priority::Low => minutes.low,
    })
}

#[cfg(test)]
mod tests;
