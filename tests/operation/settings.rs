//! Settings at the edge: https, the documentation, and who may write where the service reads
//! (CF01, CF05, CF06).

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::support::{JWT_KEYS, Response, TestApp, helpdesk, private_folder};

const HSTS: &str = "strict-transport-security";

fn get(app: &TestApp, path: &str) -> Response {
    app.server.client.send_unchecked("GET", path, &[], None)
}

/// CF01: with the setting, every response tells browsers to use https only.
#[test]
fn sec_cf01_https_alone_can_be_asked_for() {
    let outcome = TestApp::spawn_with(&[("HELPDESK_HSTS", "31536000")]);
    let untold = TestApp::spawn();

    for path in ["/livez", "/api/v1/me", "/api/v1/reference", "/docs/", "/no/such"] {
        assert_eq!(get(&outcome, path).header(HSTS), "max-age=31536000", "{path}");
        assert_eq!(get(&untold, path).header(HSTS), "", "{path}");
    }
    for wrong in ["on", "-1", "0", "1y"] {
        let refused = helpdesk(&["serve"], &[("HELPDESK_HSTS", wrong)]);
        assert!(!refused.status.success(), "{wrong}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("--hsts"), "{wrong}");
    }
}

/// CF05: the documentation is served unless it is switched off.
#[test]
fn sec_cf05_the_documentation_can_be_switched_off() {
    let off = TestApp::spawn_with(&[("HELPDESK_DOCS", "false")]);
    let on = TestApp::spawn_with(&[("HELPDESK_DOCS", "")]);

    for path in ["/docs/", "/docs/swagger-ui.css", "/openapi.json"] {
        assert_eq!(get(&on, path).status, 200, "{path}");
        assert_eq!(get(&off, path).expect(404).code(), "not_found", "{path}");
    }
    get(&off, "/problems/not_found").expect(200);
}

/// CF06: the start refuses a data folder, and files with keys, that other users may write to.
#[test]
fn sec_cf06_files_that_others_may_write_are_refused() {
    let database = ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");
    let storage = ("HELPDESK_STORAGE_URL", "file:///tmp");
    let folder = private_folder();
    let key = folder.join("key");
    fs::create_dir(&folder).unwrap();
    fs::write(&key, JWT_KEYS).unwrap();
    let outcome = |path: &Path, mode: u32| {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        let data = ("HELPDESK_DATA_DIR", folder.to_str().unwrap());
        let keys = ("HELPDESK_JWT_KEYS_FILE", key.to_str().unwrap());
        let refused = helpdesk(&["serve"], &[database, storage, data, keys]);
        assert_eq!(refused.status.code(), Some(1));
        String::from_utf8(refused.stderr).unwrap()
    };

    for (path, closed) in [(&folder, 0o755), (&key, 0o644)] {
        for mode in [0o777, 0o775, 0o757] {
            let outcome = outcome(path, mode);
            assert!(outcome.contains(path.to_str().unwrap()), "{outcome}");
            assert!(outcome.contains(&format!("mode {mode:04o}")), "{outcome}");
            assert_eq!(outcome.lines().count(), 1, "{outcome}");
        }
        // What is closed stops nothing: the next obstacle is the database, which is not there.
        assert!(!outcome(path, closed).contains("mode"));
    }
}
