//! Reading tickets, and what is done to them besides moving them.

use serde_json::{Value, json};

use super::app::TestApp;
use super::person::Person;
use super::response::Response;

impl TestApp {
    /// All that anybody can see of a ticket: for what must not have changed.
    #[track_caller]
    pub fn snapshot(&self, ticket: i64) -> Value {
        let path = format!("/tickets/{ticket}?expand=comments,history");
        self.admin().get(&path).expect(200).body
    }
}

impl Person {
    #[track_caller]
    pub fn ticket(&self, id: i64) -> Value {
        self.get(&format!("/tickets/{id}")).expect(200).body
    }

    #[track_caller]
    pub fn history(&self, ticket: i64) -> Vec<Value> {
        self.get(&format!("/tickets/{ticket}/history?limit=100")).expect(200).items().to_vec()
    }

    #[track_caller]
    pub fn last_event(&self, ticket: i64) -> Value {
        self.history(ticket).pop().unwrap()
    }

    /// How many events of a type are in the history.
    #[track_caller]
    pub fn events_of(&self, ticket: i64, event: &str) -> usize {
        self.history(ticket).iter().filter(|it| it["type"] == event).count()
    }

    /// Checks the chain of a ticket's history.
    #[track_caller]
    pub fn verifies(&self, ticket: i64) -> Value {
        self.get(&format!("/tickets/{ticket}/history/verify")).expect(200).body
    }

    pub fn edits(&self, ticket: i64, patch: Value) -> Response {
        self.patch(&format!("/tickets/{ticket}"), patch)
    }

    #[track_caller]
    pub fn assigns(&self, ticket: i64, assignee: &Person) -> Response {
        let body = json!({ "assignee_id": assignee.id });
        self.put(&format!("/tickets/{ticket}/assignee"), body).expect(200)
    }

    #[track_caller]
    pub fn adds_watcher(&self, ticket: i64, watcher: &Person) {
        let path = format!("/tickets/{ticket}/watchers/{}", watcher.id);
        self.call("PUT", &path, None).expect(204);
    }

    pub fn merges(&self, ticket: i64, into: i64) -> Response {
        self.post(&format!("/tickets/{ticket}/merge"), json!({ "into": into }))
    }

    /// Says that the customer's comment needs no answer.
    pub fn waives_answer(&self, ticket: i64) -> Response {
        let body = json!({ "reason": "Заказчик поблагодарил." });
        self.post(&format!("/tickets/{ticket}/no-answer-needed"), body)
    }

    pub fn links(&self, ticket: i64, other: i64) -> Response {
        self.call("PUT", &format!("/tickets/{ticket}/links/{other}"), None)
    }

    /// Takes the head of the queue.
    pub fn takes_next(&self) -> Response {
        self.call("POST", "/queue/next", None)
    }
}
