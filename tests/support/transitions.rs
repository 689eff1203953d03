//! What moves a ticket from one status to another.

use serde_json::{Value, json};

use super::app::TestApp;
use super::person::Person;
use super::response::Response;

/// All statuses, in the order of the regulation.
pub const STATUSES: [&str; 8] = [
    "new",
    "in_progress",
    "feedback",
    "resolved",
    "closed",
    "awaiting_release",
    "on_hold",
    "rejected",
];

impl TestApp {
    /// A fresh ticket of the customer, brought to a status by real transitions.
    pub fn ticket(&self, status: &str) -> i64 {
        let (customer, engineer) = (self.customer(), self.engineer());
        let id = customer.has_filed(self.request());
        if !["new", "rejected"].contains(&status) {
            engineer.takes(id);
        }
        match status {
            "new" | "in_progress" => {}
            "feedback" => drop(engineer.asks(id, "Пришлите журнал шлюза.")),
            "resolved" => drop(engineer.resolves(id, "Исправлено настройкой.")),
            // Resolved, and the customer has written since.
            "thanked" => {
                engineer.resolves(id, "Исправлено настройкой.");
                customer.replies(id, "Спасибо!");
            }
            "awaiting_release" => {
                let body = json!({ "to": "awaiting_release", "comment": "Войдет в выпуск." });
                engineer.moves(id, body).expect(200);
            }
            "on_hold" => drop(engineer.holds(id, "repair", "Плата в ремонте.")),
            "rejected" => drop(engineer.rejects(id, "out_of_scope")),
            "closed" => {
                customer.resolves(id, "Все работает.");
                engineer.closes(id, "confirmed_by_customer");
            }
            other => panic!("no way to {other}"),
        }
        id
    }
}

/// Transitions succeed, unless their comment says that they may be refused.
impl Person {
    /// Sends any transition; it may be refused.
    pub fn moves(&self, ticket: i64, body: Value) -> Response {
        self.post(&format!("/tickets/{ticket}/transitions"), body)
    }

    /// Takes a ticket on, or goes on with one that waited.
    #[track_caller]
    pub fn takes(&self, ticket: i64) -> Response {
        self.moves(ticket, json!({ "to": "in_progress" })).expect(200)
    }

    /// Asks the customer something: the ticket waits for feedback.
    #[track_caller]
    pub fn asks(&self, ticket: i64, question: &str) -> Response {
        self.moves(ticket, json!({ "to": "feedback", "comment": question })).expect(200)
    }

    #[track_caller]
    pub fn holds(&self, ticket: i64, waiting_on: &str, comment: &str) -> Response {
        let body = json!({ "to": "on_hold", "waiting_on": waiting_on, "comment": comment });
        self.moves(ticket, body).expect(200)
    }

    /// Puts a ticket on hold and says why to staff alone.
    #[track_caller]
    pub fn holds_quietly(&self, ticket: i64, waiting_on: &str, note: &str) -> Response {
        let body = json!({
            "to": "on_hold", "waiting_on": waiting_on, "comment": note, "internal": true,
        });
        self.moves(ticket, body).expect(200)
    }

    #[track_caller]
    pub fn resolves(&self, ticket: i64, comment: &str) -> Response {
        self.moves(ticket, json!({ "to": "resolved", "comment": comment })).expect(200)
    }

    #[track_caller]
    pub fn confirms(&self, ticket: i64) -> Response {
        self.confirms_with(ticket, json!({})).expect(200)
    }

    /// Sends a confirmation that may be refused.
    pub fn confirms_with(&self, ticket: i64, body: Value) -> Response {
        self.post(&format!("/tickets/{ticket}/confirmation"), body)
    }

    #[track_caller]
    pub fn closes(&self, ticket: i64, reason: &str) -> Response {
        let body = json!({ "to": "closed", "comment": "Закрываем.", "close_reason": reason });
        self.moves(ticket, body).expect(200)
    }

    /// Closes a ticket as confirmed by the customer, in a comment if one is named; this may be refused.
    pub fn closes_confirmed(&self, ticket: i64, confirmation_comment_id: Option<i64>) -> Response {
        let body = json!({
            "to": "closed",
            "comment": "Закрываю, спасибо.",
            "close_reason": "confirmed_by_customer",
            "confirmation_comment_id": confirmation_comment_id,
        });
        self.moves(ticket, body)
    }

    #[track_caller]
    pub fn rejects(&self, ticket: i64, reason: &str) -> Response {
        let comment = "Это оборудование другого поставщика.";
        let body = json!({ "to": "rejected", "comment": comment, "refusal_reason": reason });
        self.moves(ticket, body).expect(200)
    }
}
