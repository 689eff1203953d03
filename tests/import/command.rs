//! The command `helpdesk import redmine`, as tests run it.

use std::path::PathBuf;

use crate::support::{REDMINE_KEY, Redmine, TestApp, helpdesk, private_folder};

/// The result of a command: its exit code and output.
pub struct CommandOutput {
    pub code: i32,
    pub out: String,
    pub err: String,
}

pub fn made_folder() -> PathBuf {
    let folder = private_folder();
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the import with further options.
pub fn import(app: &TestApp, redmine: &Redmine, options: &[&str]) -> CommandOutput {
    import_with(app, redmine, REDMINE_KEY, include_str!("map.toml"), options)
}

pub fn import_with(
    app: &TestApp,
    redmine: &Redmine,
    key: &str,
    map: &str,
    options: &[&str],
) -> CommandOutput {
    let (database, storage, url) = (app.database_url(), app.server.storage_url(), redmine.url());
    let file = made_folder().join("map.toml");
    std::fs::write(&file, map).unwrap();
    let settings = [
        ("DATABASE_URL", database.as_str()),
        ("HELPDESK_JWT_KEYS", crate::support::JWT_KEYS),
        ("HELPDESK_STORAGE_URL", storage.as_str()),
        ("HELPDESK_REDMINE_KEY", key),
    ];
    let file = file.display().to_string();
    let fixed = ["import", "redmine", "--url", &url, "--map", &file, "--patience", "0"];
    let done = helpdesk(&[&fixed, options].concat(), &settings);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    CommandOutput {
        code: done.status.code().unwrap(),
        out: text(&done.stdout),
        err: text(&done.stderr),
    }
}

/// The same, which has to succeed.
#[track_caller]
pub fn imported(app: &TestApp, redmine: &Redmine, options: &[&str]) -> String {
    let output = import(app, redmine, options);
    assert_eq!(output.code, 0, "{}{}", output.out, output.err);
    output.out
}
