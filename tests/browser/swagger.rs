//! Swagger UI in a real browser, by mouse (`make browser`).

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::page::CHROMIUM;
use crate::support::{PASSWORD, TestApp};

/// Where `make browser` puts the script with what it needs, and where the picture goes.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/browser");

/// A customer files a ticket with nothing but the page of the document.
#[test]
#[ignore = "needs Chromium and Node.js: make browser"]
fn a_ticket_is_filed_in_swagger_ui_by_mouse() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let subject = "No sound towards the exchange, filed by mouse";

    let output = Command::new("node")
        .arg(Path::new(FOLDER).join("swagger.mjs"))
        .env("BASE", format!("http://{}", app.server.client.address))
        .env("EMAIL", &customer.email)
        .env("PASSWORD", PASSWORD)
        .env("CHROMIUM", CHROMIUM.as_str())
        .env("PICTURE", Path::new(FOLDER).join("swagger.png"))
        .env("SUBJECT", subject)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success());

    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    let filed = customer.ticket(shown["id"].as_i64().unwrap());
    assert_eq!((&filed["subject"], &filed["status"]), (&shown["subject"], &"new".into()));
    assert_eq!(filed["subject"], subject);
    assert_eq!(filed["author"]["id"], customer.id);
}
