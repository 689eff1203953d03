//! Pages in a real browser (`make browser`), which scripts open and operate.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp, free_address, private_folder};

/// Where `make browser` puts the scripts with what they need, and where pictures of the pages go.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/browser");

/// What a script prints.
fn printed(script: &str, settings: &[(&str, &str)]) -> Value {
    let output = Command::new("node")
        .arg(Path::new(FOLDER).join(format!("{script}.mjs")))
        .envs(settings.iter().copied())
        .env("PASSWORD", PASSWORD)
        .env("PICTURE", Path::new(FOLDER).join(format!("{script}.png")))
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// On a page of another origin: signing in, a file by its link, a preview as an image, the stream by tickets, and a
/// new ticket where the stream broke.
#[test]
#[ignore = "needs Chromium and Node.js: make browser"]
fn a_page_downloads_previews_and_follows_without_headers_of_its_own() {
    let front_end = free_address();
    let origin = format!("http://{front_end}");
    let app = TestApp::spawn_with(&[("HELPDESK_CORS_ORIGINS", &origin)]);
    let mut picture = Vec::new();
    image::DynamicImage::from(image::RgbImage::from_pixel(400, 200, image::Rgb([200, 0, 0])))
        .write_to(&mut std::io::Cursor::new(&mut picture), image::ImageFormat::Png)
        .unwrap();
    let (ticket, _) = app.ticket_with_file("rack.png", &picture);
    let folder = private_folder();
    let (address, email) = (&app.server.client.address, app.customer().email);
    let query = format!("api=http://{address}&email={email}&password={PASSWORD}&ticket={ticket}");

    let seen = printed(
        "page",
        &[("ORIGIN", &origin), ("QUERY", &query), ("DOWNLOADS", folder.to_str().unwrap())],
    );

    let expected = json!({
        "name": app.customer().get("/me").body["name"], "preview": [160, 80],
        "event": "ticket.commented", "next": true, "used": 2,
    });
    assert_eq!(seen, expected);
    assert!(std::fs::read(folder.join("rack.png")).unwrap() == picture);
    std::fs::remove_dir_all(folder).unwrap();
}

/// A customer signs in and files a ticket in Swagger UI, with nothing but the page.
#[test]
#[ignore = "needs Chromium and Node.js: make browser"]
fn a_ticket_is_filed_in_swagger_ui_by_mouse() {
    let app = TestApp::spawn();
    let customer = app.customer();
    let subject = "No sound towards the exchange, filed by mouse";
    let base = format!("http://{}", app.server.client.address);

    let shown =
        printed("swagger", &[("BASE", &base), ("EMAIL", &customer.email), ("SUBJECT", subject)]);

    let filed = customer.ticket(shown["id"].as_i64().unwrap());
    assert_eq!((&filed["subject"], &filed["status"]), (&subject.into(), &"new".into()));
    assert_eq!(filed["author"]["id"], customer.id);
}
