//! The commands besides `serve`, and wrong settings (11).

use std::process::Output;

use serde_json::Value;

use crate::support::{JWT_KEYS, TestApp, document, helpdesk, on_database};

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The document is printed for whoever generates clients, without any database.
#[test]
fn the_document_is_printed() {
    let printed = helpdesk(&["openapi"], &[]);

    assert!(printed.status.success());
    assert!(serde_json::from_str::<Value>(&stdout(&printed)).unwrap() == *document());
}

/// AU08: a command makes the first admin, whose password is printed once and must be replaced.
#[test]
fn sec_au08_the_first_admin_comes_from_a_command() {
    let app = TestApp::spawn();
    let url = app.database_url();
    let settings = on_database(&url);
    let admin = |email: &str| {
        let names = ["--first-name", "Гульнара", "--last-name", "Есенова", "--email", email];
        helpdesk(&[&["create-admin"], &names[..]].concat(), &settings)
    };

    let created = admin("root@helpdesk.example");
    let taken = admin("ROOT@helpdesk.example");
    let wrong = admin("нет адреса");

    let password = stdout(&created).trim().to_owned();
    let signed_in = app.sign_in("root@helpdesk.example", &password).expect(200);
    assert_eq!(signed_in.body["must_change_password"], true);
    assert!(!stderr(&created).contains(&password), "{}", stderr(&created));
    for refused in [taken, wrong] {
        assert_eq!(refused.status.code(), Some(1));
        assert_eq!(stdout(&refused), "");
        assert_eq!(stderr(&refused).lines().count(), 1, "{}", stderr(&refused));
    }
    assert_eq!(app.count("select from users where first_name = 'Гульнара'"), 1);
}

/// A second migration finds nothing to do.
#[test]
fn migrating_twice_changes_nothing() {
    let app = TestApp::spawn();
    let url = app.database_url();

    let settings = on_database(&url);
    let migrated = helpdesk(&["migrate"], &settings);

    assert!(migrated.status.success(), "{}", stderr(&migrated));
    assert_eq!(stdout(&migrated), "0 migrations run\n");
}

/// AU08: weak keys are refused at the start, in a message that does not repeat them.
#[test]
fn sec_au08_weak_keys_are_refused_at_the_start() {
    let database = ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");
    let weak = "k1:c2hvcnQ=";

    let without = helpdesk(&["serve"], &[database]);
    let short = helpdesk(&["serve"], &[database, ("HELPDESK_JWT_KEYS", weak)]);

    for refused in [&without, &short] {
        assert_eq!(refused.status.code(), Some(1));
        assert!(stderr(refused).contains("HELPDESK_JWT_KEYS"), "{}", stderr(refused));
        assert_eq!(stderr(refused).lines().count(), 1, "{}", stderr(refused));
    }
    assert!(!stderr(&short).contains("c2hvcnQ"), "{}", stderr(&short));
}

/// All mistakes in the settings are reported together, each with its variable.
#[test]
fn every_wrong_setting_is_named() {
    let database = ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none");

    let both = helpdesk(
        &["serve"],
        &[database, ("DATABASE_URL_FILE", "/nonexistent"), ("HELPDESK_JWT_KEYS", "x")],
    );
    let number = helpdesk(&["serve"], &[("HELPDESK_POOL", "0")]);
    let address = helpdesk(&["serve"], &[("HELPDESK_BIND", "somewhere")]);

    assert_eq!(both.status.code(), Some(1));
    assert!(stderr(&both).contains("DATABASE_URL_FILE"), "{}", stderr(&both));
    assert!(stderr(&both).contains("HELPDESK_JWT_KEYS"), "{}", stderr(&both));
    assert!(!number.status.success() && stderr(&number).contains("--pool"), "{}", stderr(&number));
    assert!(!address.status.success() && stderr(&address).contains("--bind"));
}

/// CF06: secrets have no flags, which every process on the machine could read.
#[test]
fn sec_cf06_secrets_have_no_flags() {
    let help = stdout(&helpdesk(&["serve", "--help"], &[]));

    assert!(help.contains("--bind") && help.contains("HELPDESK_BIND"), "{help}");
    for secret in ["database", "jwt", "smtp", "password"] {
        assert!(!help.to_lowercase().contains(&format!("--{secret}")), "{help}");
    }
    let refused = helpdesk(&["serve", "--jwt-keys", "x"], &[]);
    assert!(!refused.status.success());
}

/// An unreachable database is reported in one sentence, without a backtrace or its password.
#[test]
fn an_unreachable_database_is_reported_in_one_sentence() {
    let settings = [
        ("DATABASE_URL", "postgresql://someone:canary@127.0.0.1:1/none"),
        ("HELPDESK_JWT_KEYS", JWT_KEYS),
    ];

    let refused = helpdesk(&["serve"], &settings);

    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).starts_with("helpdesk: "), "{}", stderr(&refused));
    assert!(!stderr(&refused).contains("canary"), "{}", stderr(&refused));
    assert!(!stderr(&refused).contains("panicked"), "{}", stderr(&refused));
}
