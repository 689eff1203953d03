//! A client that files, comments, moves and sends files, and repeats each request with its key until
//! it is answered.

use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use crate::faults::service::Service;
use crate::support::{Response, form};

/// What was confirmed to a writer.
#[derive(Debug)]
pub struct Story {
    pub ticket: i64,
    pub comment: i64,
    pub text: String,
}

/// Two people of the demo, and what their tickets are about.
pub struct Writer<'a> {
    service: &'a Service,
    customer: String,
    engineer: String,
    project: i64,
    product: i64,
}

impl<'a> Writer<'a> {
    pub fn new(service: &'a Service) -> Self {
        let customer = service.token("customer@helpdesk.example");
        let engineer = service.token("engineer@helpdesk.example");
        let list = |path: &str, token: &str| {
            let bearer = format!("Bearer {token}");
            let path = format!("/api/v1{path}");
            service.client.send("GET", &path, &[("authorization", &bearer)], None).expect(200)
        };
        let projects = list("/projects?limit=100", &customer);
        let project = &projects.items()[0];
        let products = list("/products?limit=100", &customer);
        let direction = &project["direction"]["id"];
        let product = products.items().iter().find(|it| it["direction"]["id"] == *direction);
        let (project, product) = (id_of(project), id_of(product.unwrap()));
        Self { service, customer, engineer, project, product }
    }

    /// Sends a file, files a ticket with it, comments on it and takes it on.
    pub fn files_ticket(&self, number: usize) -> Story {
        let text = format!("Абонент {number} не регистрируется на шлюзе после обновления.");
        let form = form("file", "журнал.txt", text.as_bytes());
        let multipart = "multipart/form-data; boundary=BOUNDARY";
        let key = format!("{number}-upload");
        let upload = self.until_done("/uploads", &self.customer, multipart, &key, &form);
        let send = |path: &str, token: &str, body: Value| {
            let key = format!("{number}-{}", path.rsplit('/').next().unwrap_or_default());
            self.until_done(path, token, "application/json", &key, body.to_string().as_bytes())
        };
        let ticket = send(
            "/tickets",
            &self.customer,
            json!({
                "project_id": self.project, "product_id": self.product, "tracker": "bug",
                "priority": "medium", "subject": format!("Нет регистрации абонента {number}"),
                "description": text, "software_version": "3.20.1",
                "connection_scheme": "SIP-транк через SBC", "addresses": "10.0.0.1",
                "steps": "Перезапустить шлюз.", "cause": "Обновление.",
                "expected_result": "Абонент зарегистрирован.",
                "attachments": [{ "upload_id": upload.word("id") }],
            }),
        )
        .id();
        let path = format!("/tickets/{ticket}");
        let comment = json!({ "body": format!("Журнал абонента {number} приложен.") });
        let comment = send(&format!("{path}/comments"), &self.customer, comment).id();
        send(&format!("{path}/transitions"), &self.engineer, json!({ "to": "in_progress" }));
        Story { ticket, comment, text }
    }

    fn until_done(&self, path: &str, token: &str, kind: &str, key: &str, body: &[u8]) -> Response {
        let (path, bearer) = (format!("/api/v1{path}"), format!("Bearer {token}"));
        let headers =
            [("authorization", &*bearer), ("content-type", kind), ("idempotency-key", key)];
        loop {
            match self.service.client.try_send("POST", &path, &headers, body) {
                Some(done) if done.status < 300 => return done,
                Some(response)
                    if response.status != 503 && response.code() != "request_in_progress" =>
                {
                    panic!("{path}: {}", response.text)
                }
                Some(_) | None => sleep(Duration::from_millis(20)),
            }
        }
    }
}

fn id_of(item: &Value) -> i64 {
    item["id"].as_i64().unwrap()
}
