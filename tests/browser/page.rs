//! A page of our own in a real browser (`make browser`).

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp, private_folder, wait_until};

const PAGE: &str = include_str!("page.html");

/// The path of the browser.
pub static CHROMIUM: LazyLock<String> =
    LazyLock::new(|| std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned()));

/// Browsers that keep to standards differ little here; this one can do without a screen.
fn chromium(folder: &Path, url: &str) -> Child {
    let profile = folder.join("profile");
    std::fs::create_dir_all(profile.join("Default")).unwrap();
    let downloads = json!({ "download": {
        "default_directory": folder, "prompt_for_download": false,
    } });
    std::fs::write(profile.join("Default/Preferences"), downloads.to_string()).unwrap();
    Command::new(CHROMIUM.as_str())
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(url)
        .env("HOME", folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Serves the page until it has reported what it saw.
fn reported(listener: &TcpListener) -> Value {
    loop {
        let (connection, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(&connection);
        let (mut lines, mut length) = (Vec::new(), 0);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap() == 0 || line.trim().is_empty() {
                break;
            }
            if let Some(it) = line.to_lowercase().strip_prefix("content-length:") {
                length = it.trim().parse().unwrap();
            }
            lines.push(line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let request = lines.first().map(String::as_str).unwrap_or_default();
        let content = if request.starts_with("GET /page") { PAGE } else { "" };
        let head =
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length:";
        (&connection)
            .write_all(format!("{head} {}\r\n\r\n{content}", content.len()).as_bytes())
            .unwrap();
        if request.starts_with("POST /seen") {
            return serde_json::from_slice(&body).unwrap();
        }
    }
}

/// In a browser, on a page of another origin: signing in, a file by its link, a preview as an image, the stream by
/// tickets, and a new ticket where the stream broke.
#[test]
#[ignore = "needs Chromium: make browser"]
fn a_browser_downloads_previews_and_follows_without_headers_of_its_own() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let app = TestApp::spawn_with(&[("HELPDESK_CORS_ORIGINS", &origin)]);
    let mut picture = Vec::new();
    image::DynamicImage::from(image::RgbImage::from_pixel(400, 200, image::Rgb([200, 0, 0])))
        .write_to(&mut std::io::Cursor::new(&mut picture), image::ImageFormat::Png)
        .unwrap();
    let (ticket, _) = app.ticket_with_file("rack.png", &picture);
    let folder = private_folder();
    let address = &app.server.client.address;
    let email = app.customer().email;
    let url = format!(
        "{origin}/page?api=http://{address}&email={email}&password={}&ticket={ticket}",
        PASSWORD.replace(' ', "%20"),
    );

    let mut browser = chromium(&folder, &url);
    let seen = reported(&listener);
    let downloaded = folder.join("rack.png");
    wait_until("the file is downloaded", || downloaded.exists());
    browser.kill().unwrap();
    browser.wait().unwrap();

    let expected = json!({
        "name": app.customer().get("/me").body["name"], "preview": [160, 80],
        "event": "ticket.commented", "next": true, "used": 2,
    });
    assert_eq!(seen, expected);
    assert!(std::fs::read(downloaded).unwrap() == picture);
    std::fs::remove_dir_all(folder).unwrap();
}
