//! The clocks of tickets, as their customer sees them.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::app::TestApp;
use super::response::instant;
use super::wait::wait_until;

/// When a clock or a place in the queue is due.
pub fn due(clock: &Value) -> DateTime<Utc> {
    instant(&clock["due_at"])
}

impl TestApp {
    /// The clocks of a ticket.
    pub fn sla(&self, ticket: i64) -> Value {
        self.customer().ticket(ticket)["sla"].clone()
    }

    /// The proof of the clocks, with all their intervals.
    pub fn proof(&self, ticket: i64) -> Vec<Value> {
        let proof = self.customer().get(&format!("/tickets/{ticket}/sla")).expect(200).body;
        proof["clocks"].as_array().unwrap().clone()
    }

    /// Waits until all deadlines follow from the calendar and the targets as they are.
    pub fn wait_for_recalculation(&self) {
        let outdated = "select from tickets, settings where clocks_version < settings.version";
        wait_until("all deadlines are recalculated", || self.count(outdated) == 0);
    }
}
