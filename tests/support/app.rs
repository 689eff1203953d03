//! A server of its own for each test.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use diesel::PgConnection;

use super::cluster::cluster;
use super::command::{helpdesk, on_database};
use super::person::Person;
use super::server::Server;
use super::world::{Ids, world};

/// A server on a database of its own, which is a copy of the template.
pub struct TestApp {
    /// What is in the template.
    pub ids: Ids,
    pub server: Server,
    pub(super) database: String,
    /// What its rows were read on last.
    pub(super) reader: Mutex<Option<PgConnection>>,
}

impl TestApp {
    /// A system that takes as much as a walk over all operations sends in a moment.
    pub fn without_rate_limits() -> Self {
        Self::spawn_with(&[("HELPDESK_RATE_PERSON", "off"), ("HELPDESK_RATE_ADDRESS", "off")])
    }

    pub fn spawn() -> Self {
        Self::spawn_with(&[])
    }

    /// One with further settings: pairs of an environment variable and its value.
    pub fn spawn_with(settings: &[(&str, &str)]) -> Self {
        Self::on_copy_of("template_of_tests", |_| {}, settings)
    }

    /// One with the demo data in the place of the template's.
    pub fn of_demo() -> Self {
        let fill = |url: &str| {
            let filled = helpdesk(&["demo", "--tickets", "100"], &on_database(url));
            assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
        };
        Self::on_copy_of("template1", fill, &[])
    }

    /// `fill` gets the URL of the copy before the server starts.
    fn on_copy_of(template: &str, fill: impl FnOnce(&str), settings: &[(&str, &str)]) -> Self {
        static COPIES: AtomicUsize = AtomicUsize::new(0);

        let world = world();
        let database = format!("copy_{}", COPIES.fetch_add(1, Ordering::Relaxed));
        cluster().execute(&format!("create database {database} template {template}"));
        let url = cluster().url(&database);
        fill(&url);
        let server = Server::start(&url, settings);
        Self { ids: world.ids.clone(), server, database, reader: Mutex::new(None) }
    }

    /// The head of support.
    pub fn admin(&self) -> Person {
        self.person("admin")
    }

    /// The commercial department.
    pub fn commercial(&self) -> Person {
        self.person("commercial")
    }

    /// An engineer of «Телефония» and «Wi-Fi».
    pub fn engineer(&self) -> Person {
        self.person("engineer")
    }

    /// An engineer of «Wi-Fi» alone.
    pub fn other_engineer(&self) -> Person {
        self.person("other_engineer")
    }

    /// A customer of «Сары-Арка Телеком».
    pub fn customer(&self) -> Person {
        self.person("customer")
    }

    /// Another customer of «Сары-Арка Телеком».
    pub fn colleague(&self) -> Person {
        self.person("colleague")
    }

    /// A customer of «Жетысу Линк».
    pub fn stranger(&self) -> Person {
        self.person("stranger")
    }

    /// The customer, the engineer, the commercial department or the admin.
    pub fn with_role(&self, role: &str) -> Person {
        self.person(role)
    }

    /// Somebody who has not signed in.
    pub fn anonymous(&self) -> Person {
        self.with_token("")
    }

    /// Whoever holds a token.
    pub fn with_token(&self, token: &str) -> Person {
        self.server.with_token(token)
    }

    fn person(&self, name: &str) -> Person {
        let known = &world().people[name];
        let client = Arc::clone(&self.server.client);
        Person { id: known.id, token: known.token.clone(), email: known.email.clone(), client }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.server.kill();
        cluster().execute(&format!("drop database {} with (force)", self.database));
    }
}
