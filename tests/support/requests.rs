//! Filing tickets.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::app::TestApp;
use super::person::Person;
use super::response::Response;

/// A value in which some members are replaced.
pub fn with(mut value: Value, members: &Value) -> Value {
    for (name, member) in members.as_object().unwrap() {
        value[name] = member.clone();
    }
    value
}

impl TestApp {
    /// A complete body for `POST /tickets` by a customer. Every call has another text, so that
    /// none is a duplicate.
    pub fn request(&self) -> Value {
        static REQUESTS: AtomicUsize = AtomicUsize::new(1);

        let number = REQUESTS.fetch_add(1, Ordering::Relaxed);
        json!({
            "project_id": self.ids.project,
            "tracker": "bug",
            "priority": "medium",
            "product_id": self.ids.product,
            "subject": format!("Нет регистрации абонента {number}"),
            "description": format!(
                "После обновления шлюз не регистрирует абонента {number}, в журнале ошибка 403."
            ),
        })
    }

    /// A complete body in which some members are others.
    pub fn request_with(&self, members: &Value) -> Value {
        with(self.request(), members)
    }

    /// A complete body without one member.
    pub fn request_without(&self, member: &str) -> Value {
        let mut request = self.request();
        request.as_object_mut().unwrap().shift_remove(member);
        request
    }

    /// A fresh ticket of the customer with watchers.
    pub fn watched_ticket(&self, watchers: &[&Person]) -> i64 {
        let ids: Vec<i64> = watchers.iter().map(|it| it.id).collect();
        self.customer().has_filed(self.request_with(&json!({ "watcher_ids": ids })))
    }

    /// A fresh ticket of «Жетысу Линк».
    pub fn foreign_ticket(&self) -> i64 {
        self.stranger()
            .has_filed(self.request_with(&json!({ "project_id": self.ids.other_project })))
    }

    /// How many tickets the head of support sees.
    pub fn ticket_count(&self) -> usize {
        self.admin().get("/tickets?limit=100").expect(200).items().len()
    }
}

impl Person {
    pub fn files(&self, request: Value) -> Response {
        self.post("/tickets", request)
    }

    /// The id of a ticket that is filed without ado.
    #[track_caller]
    pub fn has_filed(&self, request: Value) -> i64 {
        self.files(request).expect(201).id()
    }
}
