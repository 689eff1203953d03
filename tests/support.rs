//! What all black-box tests stand on: a server and a database each, people who talk to it, and
//! answers that are held against the document.

mod bucket;
mod cluster;
mod contract;
mod http;
mod mail;
mod receiver;
mod server;
mod smtp;
mod stream;
mod world;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use serde_json::{Value, json};

pub use bucket::Bucket;
pub use contract::document;
pub use http::{Client, Reply};
pub use mail::Mail;
pub use receiver::{Manner, Receiver};
pub use server::{JWT_KEYS, Server, helpdesk, helpdesk_reading, private_folder, wait_until};
pub use smtp::MailServer;
pub use stream::EventStream;
pub use world::{Ids, first_admin};

use cluster::cluster;
use world::world;

/// The password of everybody in the template.
pub const PASSWORD: &str = "тихий вечер у реки";

/// A server of its own on a database of its own, made from the template.
pub struct TestApp {
    /// The things that the template has.
    pub ids: Ids,
    /// The process.
    pub server: Server,
    database: String,
}

/// Somebody who has been registered and has not signed in yet.
pub struct Newcomer {
    /// The id of the account.
    pub id: i64,
    /// The login.
    pub email: String,
    /// The one-time password.
    pub password: String,
}

/// Somebody who calls the API.
#[derive(Clone)]
pub struct Person {
    /// The id of the account; 0 of nobody.
    pub id: i64,
    /// The access token; empty of nobody.
    pub token: String,
    /// The login.
    pub email: String,
    client: Arc<Client>,
}

impl TestApp {
    /// A fresh copy of the template, served.
    pub fn spawn() -> Self {
        Self::spawn_with(&[])
    }

    /// The same with other settings: pairs of variable and value.
    pub fn spawn_with(settings: &[(&str, &str)]) -> Self {
        static COPIES: AtomicUsize = AtomicUsize::new(0);

        let world = world();
        let database = format!("copy_{}", COPIES.fetch_add(1, Ordering::Relaxed));
        cluster().execute(&format!("create database {database} template template_of_tests"));
        let server = Server::start(&cluster().url(&database), settings);
        Self { ids: world.ids.clone(), server, database }
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

    /// Somebody who has not signed in.
    pub fn anonymous(&self) -> Person {
        self.with_token("")
    }

    /// Whoever holds a token.
    pub fn with_token(&self, token: &str) -> Person {
        Person {
            id: 0,
            token: token.to_owned(),
            email: String::new(),
            client: Arc::clone(&self.server.client),
        }
    }

    fn person(&self, name: &str) -> Person {
        let known = &world().people[name];
        let client = Arc::clone(&self.server.client);
        Person { id: known.id, token: known.token.clone(), email: known.email.clone(), client }
    }

    /// A complete body for POST /tickets by a customer; every call has another text, so that none
    /// is a duplicate.
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

    /// A fresh ticket of the customer, brought to a status by real moves.
    pub fn ticket(&self, status: &str) -> i64 {
        let (customer, engineer) = (self.customer(), self.engineer());
        let id = customer.post("/tickets", self.request()).expect(201).id();
        let path = format!("/tickets/{id}/transitions");
        let take = || engineer.post(&path, json!({ "to": "in_progress" })).expect(200);
        let by_engineer = |body: Value| engineer.post(&path, body).expect(200);
        match status {
            "new" => {}
            "in_progress" => {
                take();
            }
            "feedback" => {
                take();
                by_engineer(json!({ "to": "feedback", "comment": "Пришлите журнал шлюза." }));
            }
            "resolved" => {
                take();
                by_engineer(json!({ "to": "resolved", "comment": "Исправлено настройкой." }));
            }
            "awaiting_release" => {
                take();
                by_engineer(json!({ "to": "awaiting_release", "comment": "Войдет в выпуск." }));
            }
            "on_hold" => {
                take();
                by_engineer(json!({
                    "to": "on_hold", "comment": "Плата в ремонте.", "waiting_on": "repair",
                }));
            }
            "rejected" => {
                by_engineer(json!({
                    "to": "rejected", "comment": "Это оборудование другого поставщика.",
                    "refusal_reason": "out_of_scope",
                }));
            }
            "closed" => {
                take();
                let solved = json!({ "to": "resolved", "comment": "Все работает." });
                customer.post(&path, solved).expect(200);
                by_engineer(json!({
                    "to": "closed", "comment": "Закрываем.",
                    "close_reason": "confirmed_by_customer",
                }));
            }
            other => panic!("no way to {other}"),
        }
        id
    }

    /// What the server has sent to the database so far.
    pub fn statements(&self) -> u64 {
        let text = self.server.metrics();
        let line = text.lines().find(|it| it.starts_with("helpdesk_db_statements_total"));
        line.and_then(|it| it.split(' ').nth(1)).unwrap().parse().unwrap()
    }

    /// The mail written so far, in the order of sending, once there are at least `count`.
    pub fn mails(&self, count: usize) -> Vec<Mail> {
        mail::read(&self.server.data_dir.join("mail"), count)
    }

    /// The first mail to an address.
    pub fn mail_to(&self, address: &str) -> Mail {
        let mut found = None;
        wait_until(&format!("{address} has mail"), || {
            found = self.mails(0).into_iter().find(|it| it.to == address);
            found.is_some()
        });
        found.unwrap()
    }

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

    /// What a sign-in is answered.
    pub fn sign_in(&self, email: &str, password: &str) -> Reply {
        self.anonymous().post("/auth/login", json!({ "email": email, "password": password }))
    }

    /// What the exchange of a refresh token is answered.
    pub fn refresh(&self, token: &str) -> Reply {
        self.anonymous().post("/auth/refresh", json!({ "refresh_token": token }))
    }

    /// Runs statements on the test's own database: for what HTTP cannot do.
    pub fn sql(&self, statement: &str) {
        cluster().execute_on(&self.database, statement);
    }

    /// The rows of a query on the test's own database, each as the text of a row.
    pub fn read(&self, query: &str) -> Vec<String> {
        cluster().read(&self.database, query)
    }

    /// Begins a transaction with a query that locks; it ends when the answer is dropped.
    pub fn lock(&self, query: &str) -> PgConnection {
        let mut conn = PgConnection::establish(&self.database_url()).unwrap();
        conn.batch_execute(&format!("begin; {query}")).unwrap();
        conn
    }

    /// Waits until a statement of the service waits for a lock.
    pub fn wait_for_a_lock(&self) {
        let waiting = "select pid from pg_stat_activity \
            where wait_event_type = 'Lock' and datname = current_database()";
        wait_until("something waits for a lock", || !self.read(waiting).is_empty());
    }

    /// Where the test's own database is.
    pub fn database_url(&self) -> String {
        cluster().url(&self.database)
    }
}

/// A form of one part, between lines that say BOUNDARY.
pub fn form(part: &str, name: &str, bytes: &[u8]) -> Vec<u8> {
    let disposition = format!("form-data; name=\"{part}\"; filename=\"{name}\"");
    let head = format!("--BOUNDARY\r\nContent-Disposition: {disposition}\r\n\r\n");
    [head.as_bytes(), bytes, b"\r\n--BOUNDARY--\r\n"].concat()
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.server.kill();
        cluster().execute(&format!("drop database {} with (force)", self.database));
    }
}

impl Person {
    /// GET of a path below `/api/v1`.
    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], None)
    }

    /// POST of a body.
    pub fn post(&self, path: &str, body: Value) -> Reply {
        self.json("POST", path, body)
    }

    /// PATCH of a body.
    pub fn patch(&self, path: &str, body: Value) -> Reply {
        self.json("PATCH", path, body)
    }

    /// PUT of a body.
    pub fn put(&self, path: &str, body: Value) -> Reply {
        self.json("PUT", path, body)
    }

    /// DELETE.
    pub fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &[], None)
    }

    /// Sends a file.
    pub fn upload(&self, name: &str, bytes: &[u8]) -> Reply {
        let form = form("file", name, bytes);
        let headers = [("content-type", "multipart/form-data; boundary=BOUNDARY")];
        self.send("POST", "/uploads", &headers, Some(&form))
    }

    /// Sends a file that something is to use; answers the upload's id.
    pub fn uploaded(&self, name: &str, bytes: &[u8]) -> String {
        self.upload(name, bytes).expect(201).word("id")
    }

    /// Fetches the bytes of an attachment.
    pub fn download(
        &self,
        id: i64,
        headers: &[(&str, &str)],
    ) -> (u16, HashMap<String, String>, Vec<u8>) {
        let bearer = format!("Bearer {}", self.token);
        let mut all = headers.to_vec();
        all.push(("authorization", &bearer));
        self.client.download(&format!("/api/v1/attachments/{id}/content"), &all)
    }

    /// Any request with the person's token, otherwise as it stands.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let mut all = headers.to_vec();
        if !self.token.is_empty() {
            all.push(("authorization", &bearer));
        }
        self.client.send(method, &format!("/api/v1{path}"), &all, body)
    }

    /// Follows the feed of events at a server; `path` is what comes after `/events/stream`.
    pub fn follow(&self, server: &Server, path: &str, headers: &[(&str, &str)]) -> EventStream {
        self.try_follow(server, path, headers).unwrap()
    }

    /// The same at a server that may have gone away.
    pub fn try_follow(
        &self,
        server: &Server,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Option<EventStream> {
        let bearer = format!("Bearer {}", self.token);
        let mut all = headers.to_vec();
        all.push(("authorization", &bearer));
        let path = format!("/api/v1/events/stream{path}");
        EventStream::try_open(&server.client.address, &path, &all)
    }

    fn json(&self, method: &str, path: &str, body: Value) -> Reply {
        let body = body.to_string();
        let headers = [("content-type", "application/json")];
        self.send(method, path, &headers, Some(body.as_bytes()))
    }
}
