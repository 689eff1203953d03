//! Accounts: signing in, registering, leaving.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::app::TestApp;
use super::person::Person;
use super::response::Response;
use super::wait::wait_until;

/// The password of everybody in the template.
pub const PASSWORD: &str = "тихий вечер у реки";

/// Somebody who has been registered and has not signed in yet.
pub struct Newcomer {
    pub id: i64,
    /// The login.
    pub email: String,
    /// The one-time password.
    pub password: String,
}

impl TestApp {
    /// A customer whom the commercial department has just registered.
    pub fn newcomer(&self, language: &str) -> Newcomer {
        static NEWCOMERS: AtomicUsize = AtomicUsize::new(1);

        let number = NEWCOMERS.fetch_add(1, Ordering::Relaxed);
        let email = format!("newcomer-{number}@helpdesk.example");
        let body = json!({
            "role": "customer", "first_name": "Ботагоз", "last_name": "Ережепова",
            "email": email, "company_id": self.ids.company, "language": language,
        });
        let id = self.commercial().post("/users", body).expect(201).id();
        let password = self.mail_to(&email).password();
        Newcomer { id, email, password }
    }

    pub fn sign_in(&self, email: &str, password: &str) -> Response {
        self.anonymous().post("/auth/login", json!({ "email": email, "password": password }))
    }

    /// Signs in from an address, through a proxy that is trusted.
    pub fn sign_in_from(&self, address: &str, email: &str, password: &str) -> Response {
        let body = json!({ "email": email, "password": password });
        let headers = [("x-forwarded-for", address)];
        self.anonymous().call_with("POST", "/auth/login", &headers, &body)
    }

    /// Adds customers who have the password of everybody; returns their logins.
    pub fn crowd(&self, count: usize) -> Vec<String> {
        self.sql(&format!(
            "insert into users (role, company_id, email, email_folded, first_name, last_name, language,
                                password_hash, must_change_password, created_at)
             select role, company_id, 'crowd-' || n || '@helpdesk.example',
                    'crowd-' || n || '@helpdesk.example', first_name, last_name, language,
                    password_hash, false, created_at
             from users, generate_series(1, {count}) as n where users.id = {}",
            self.customer().id,
        ));
        (1..=count).map(|number| format!("crowd-{number}@helpdesk.example")).collect()
    }

    /// One more customer of «Сары-Арка Телеком», signed in.
    pub fn second_colleague(&self) -> Person {
        let email = self.crowd(1).remove(0);
        let token = self.sign_in(&email, PASSWORD).expect(200).word("access_token");
        let id = self.value(&format!("select id from users where email = '{email}'"));
        Person { id, email, ..self.with_token(&token) }
    }

    /// Lets the minute pass after which failed sign-ins enter the audit log.
    pub fn flush_audit_minutes(&self) {
        self.sql("update audit_minutes set minute = minute - interval '1 day'");
        wait_until("the audit log is written", || self.count("select 1 from audit_minutes") == 0);
    }

    /// Exchanges a refresh token.
    pub fn refresh(&self, token: &str) -> Response {
        self.anonymous().post("/auth/refresh", json!({ "refresh_token": token }))
    }
}

impl Person {
    pub fn me(&self) -> Value {
        self.get("/me").expect(200).body
    }

    pub fn speaks(&self, language: &str) {
        self.patch("/me", json!({ "language": language })).expect(200);
    }

    pub fn signs_out(&self) {
        self.call("POST", "/auth/logout", None).expect(204);
    }

    pub fn changes_password(&self, current: &str, new: &str) -> Response {
        self.post("/auth/password", json!({ "current_password": current, "new_password": new }))
    }

    #[track_caller]
    pub fn edits_account(&self, who: &Self, patch: Value) -> Response {
        self.patch(&format!("/users/{}", who.id), patch).expect(200)
    }

    #[track_caller]
    pub fn deactivates(&self, who: &Self) {
        self.post(&format!("/users/{}/deactivate", who.id), json!({})).expect(204);
    }

    /// Deactivates an account whose open work goes to somebody else.
    pub fn hands_over(&self, who: &Self, to: Option<i64>) -> Response {
        self.post(&format!("/users/{}/deactivate", who.id), json!({ "hand_over_to": to }))
    }

    #[track_caller]
    pub fn invites(&self, who: &Self) {
        self.call("POST", &format!("/users/{}/invite", who.id), None).expect(202);
    }

    /// Says that somebody is away, until an instant or without an end.
    #[track_caller]
    pub fn marks_absent(&self, who: &Self, until: Value) -> Value {
        let path = format!("/users/{}/absence", who.id);
        self.put(&path, json!({ "until": until })).expect(200).body
    }
}
