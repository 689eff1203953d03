//! The folder of the files is gone, or full (SV09).

use std::fs;

use serde_json::json;

use crate::support::TestApp;

/// SV09: without its storage the service files, comments and moves; what needs a file says so, and
/// works again by itself.
#[test]
fn sec_sv09_without_its_storage_everything_else_works() {
    let app = TestApp::spawn();
    let (customer, engineer) = (app.customer(), app.engineer());
    let (_, file) = app.ticket_with_file("a.log", b"abc");
    let (folder, aside) = (app.server.data_dir.join("files"), app.server.data_dir.join("aside"));
    fs::rename(&folder, &aside).unwrap();
    // Nothing can be created below a path that is not a folder.
    fs::write(&folder, "").unwrap();

    let refused = customer.uploads("b.log", b"abc");
    let missing = engineer.download(file, &[]).0;
    let ticket = customer.has_filed(app.request());
    customer.replies(ticket, "Есть новости.");
    engineer.takes(ticket);
    let health = app.server.client.send_unchecked("GET", "/readyz", &[], None).status;

    assert!([503, 507].contains(&refused.status), "{}", refused.text);
    assert!([404, 503].contains(&missing), "{missing}");
    assert_eq!(health, 200);
    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    let upload = customer.uploaded("b.log", b"abc");
    let files = json!([{ "upload_id": upload, "description": "Журнал шлюза" }]);
    let comment = json!({ "body": "Журнал.", "attachments": files });
    customer.says(ticket, comment).expect(201);
    assert_eq!(engineer.download(file, &[]).2, b"abc");
}
