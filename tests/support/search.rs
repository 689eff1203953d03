//! Searching.

use serde_json::Value;

use super::app::TestApp;
use super::person::Person;
use super::response::Response;
use super::wait::wait_until;

impl TestApp {
    /// Waits until everything that has happened can be found.
    pub fn wait_for_index(&self) {
        let behind = "select from event_consumers \
            where name = 'search' and last_position < (select max(position) from feed)";
        wait_until("the index has caught up", || {
            self.count("select from feed_waiting") == 0 && self.count(behind) == 0
        });
    }

    /// Waits until what stands in files can be found.
    pub fn wait_for_file_texts(&self) {
        let unread = "select from attachments \
            where is_unread and (ticket_id is not null or article_id is not null)";
        wait_until("the files have been read", || self.count(unread) == 0);
    }
}

/// A text as it stands in a query string.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|it| format!("%{it:02X}")).collect()
}

impl Person {
    /// Searches; `more` are further parameters, each after `&`.
    pub fn searches_with(&self, q: &str, more: &str) -> Response {
        self.get(&format!("/search?q={}{more}", encoded(q)))
    }

    /// The numbers of the tickets that are found, in their order.
    #[track_caller]
    pub fn finds(&self, q: &str) -> Vec<i64> {
        let page = self.searches_with(q, "&limit=100").expect(200);
        page.items().iter().filter_map(|it| it["ticket"]["id"].as_i64()).collect()
    }

    /// What completes a query.
    #[track_caller]
    pub fn is_suggested(&self, q: &str) -> Vec<String> {
        let found = self.get(&format!("/search/suggestions?q={}", encoded(q))).expect(200);
        let texts = found.items().iter().map(|it: &Value| it["text"].as_str().unwrap().to_owned());
        texts.collect()
    }
}
