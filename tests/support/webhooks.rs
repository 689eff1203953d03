//! Webhooks and their deliveries.

use serde_json::{Value, json};

use super::app::TestApp;
use super::person::Person;
use super::receiver::Receiver;
use super::response::Response;
use super::wait::wait_for;

impl TestApp {
    /// A system whose webhooks may reach the receivers of tests.
    pub fn with_local_receivers() -> Self {
        Self::spawn_with(&[("HELPDESK_WEBHOOK_ALLOW_PRIVATE", "true")])
    }
}

impl Person {
    /// Makes a webhook that calls a receiver.
    #[track_caller]
    pub fn subscribes(&self, receiver: &Receiver) -> Response {
        self.post("/webhooks", json!({ "url": receiver.url() })).expect(201)
    }

    /// The path of a webhook that calls a receiver.
    #[track_caller]
    pub fn webhook_for(&self, receiver: &Receiver) -> String {
        format!("/webhooks/{}", self.subscribes(receiver).id())
    }
}

/// The last delivery of a webhook, once it is as expected.
pub fn last_delivery(reader: &Person, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    wait_for("a delivery is as expected", || {
        let page = reader.get(&format!("{path}/deliveries")).expect(200);
        let last = page.items().first().cloned().unwrap_or_default();
        is_so(&last).then_some(last)
    })
}
