//! Releases of the first product of the template.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::app::TestApp;
use super::person::Person;
use super::response::Response;
use super::wait::wait_until;

impl TestApp {
    /// A release of the first product.
    #[track_caller]
    pub fn release(&self, body: Value) -> Response {
        self.engineer().post(&format!("/products/{}/releases", self.ids.product), body).expect(201)
    }

    /// The id of a release that is to come.
    pub fn planned_release(&self, version: &str, planned_on: Option<NaiveDate>) -> i64 {
        self.release(json!({ "version": version, "planned_on": planned_on })).id()
    }

    /// The id of a release that is out.
    pub fn published_release(&self, version: &str) -> i64 {
        let id = self.planned_release(version, None);
        self.engineer().publishes(id).expect(200);
        id
    }

    /// A ticket that waits for a release.
    pub fn ticket_awaiting(&self, release: i64) -> i64 {
        let id = self.ticket("in_progress");
        let body = json!({ "to": "awaiting_release", "release_id": release });
        self.engineer().moves(id, body).expect(200);
        id
    }

    /// Waits until the tickets of every release have been dealt with.
    pub fn wait_for_releases(&self) {
        wait_until("every release is settled", || {
            self.count("select from releases where not is_settled") == 0
        });
    }
}

impl Person {
    pub fn publishes(&self, release: i64) -> Response {
        self.call("POST", &format!("/releases/{release}/publish"), None)
    }
}
