//! The inbox, and waiting until everybody concerned has been notified.

use serde_json::Value;

use super::app::TestApp;
use super::person::Person;
use super::wait::{wait_for, wait_until};

impl TestApp {
    /// Waits until everybody concerned has been notified of all events so far.
    pub fn wait_for_notifications(&self) {
        let behind = "select from feed_waiting union all select from event_consumers \
            where name = 'notifications' and last_position < (select max(position) from feed)";
        wait_until("everybody is notified", || self.count(behind) == 0);
    }

    /// Waits until all mail that follows from the events so far has left, too.
    pub fn wait_for_mail(&self) {
        self.wait_for_notifications();
        wait_until("no mail waits", || self.waiting_mails() == 0);
    }

    /// How many mails wait to be sent.
    pub fn waiting_mails(&self) -> i64 {
        self.count("select from mails where sent_at is null and dead_at is null")
    }
}

impl Person {
    #[track_caller]
    pub fn notifications(&self) -> Vec<Value> {
        self.get("/me/notifications?limit=100").expect(200).items().to_vec()
    }

    /// The kind and the ticket of each notification, the newest first, once there are `count`.
    #[track_caller]
    pub fn inbox(&self, count: usize) -> Vec<(String, i64)> {
        let row = |it: &Value| {
            let ticket = it["ticket"]["id"].as_i64().unwrap_or_default();
            (it["kind"].as_str().unwrap().to_owned(), ticket)
        };
        wait_for(&format!("{} has {count} notifications", self.email), || {
            let found = self.notifications();
            (found.len() >= count).then(|| found.iter().map(row).collect())
        })
    }
}
