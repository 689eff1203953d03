//! CF08, CF09: the service acts as a role that may add to the history and no more, and that owns no
//! table.

use serde_json::Value;

use crate::support::{Server, TestApp, helpdesk, on_database};

/// The roles of the template, and so of its copies.
const APP: &str = "template_of_tests_app";
const OWNER: &str = "template_of_tests_owner";

fn readiness(server: &Server) -> Value {
    server.client.send("GET", "/readyz", &[], None).expect(200).body
}

/// The role of the service lacks the privilege for a statement, whatever the triggers do.
fn must_be_denied(app: &TestApp, statement: &str) {
    app.sql(&format!(
        "set role {APP};
         do $$ begin
            begin
                {statement};
            exception when insufficient_privilege then
                if sqlerrm ~ '^(permission denied|must be owner)' then return; end if;
            end;
            raise exception 'the database let it pass';
         end $$"
    ));
}

/// CF08: the role of the service may not change, delete or empty the history, the feed or the audit log,
/// nor remove what forbids it, nor read its key.
#[test]
fn sec_cf08_the_role_of_the_service_can_only_add_to_the_history() {
    let app = TestApp::spawn();
    app.ticket("feedback");

    for statement in [
        "update events set body = body where false",
        "delete from events",
        "truncate events",
        "alter table events disable trigger events_append_only",
        "drop trigger events_append_only on events",
        "drop table events",
        "delete from feed",
        "update feed set company_id = company_id",
        "truncate feed",
        "update audit_log set code = code where false",
        "delete from audit_log",
        "truncate audit_log",
        "drop trigger audit_log_append_only on audit_log",
        "drop table audit_log",
        "create or replace function append_only() returns trigger language sql as 'select null'",
        "perform key from history_key",
        "delete from __diesel_schema_migrations",
        "create table more (id bigint)",
    ] {
        must_be_denied(&app, statement);
    }
    assert_eq!(readiness(&app.server)["append_only"], "roles");
}

/// CF09: the service acts as that role; every table belongs to another one, which cannot log in.
#[test]
fn sec_cf09_the_service_owns_no_table() {
    let app = TestApp::spawn();
    app.sql("alter table comments add column made_by text default current_user");

    app.ticket("feedback");

    assert_eq!(app.value::<String>("select distinct made_by from comments"), APP);
    let owners = "select distinct tableowner::text, rolcanlogin from pg_tables
        join pg_roles on rolname = tableowner where schemaname = 'public'";
    assert_eq!(app.value::<(String, bool)>(owners), (OWNER.to_owned(), false));
}

/// CF09: a login that may not create roles relies on the trigger, and says so; once an
/// administrator has created the roles, the next start hands the tables over.
#[test]
fn sec_cf09_roles_can_be_made_by_an_administrator() {
    let app = TestApp::spawn();
    app.sql("create role limited login password 'limited'");
    app.sql("create database limited owner limited");
    let url = app.database_url();
    let (_, query) = url.split_once('?').unwrap();
    let url = format!("postgresql://limited:limited@/limited?{query}");

    let before = Server::start(&url, &[]);
    assert_eq!(readiness(&before)["append_only"], "trigger");
    drop(before);
    app.sql(
        "create role limited_owner; create role limited_app; grant limited_owner, limited_app to limited",
    );
    let after = Server::start(&url, &[]);

    assert_eq!(readiness(&after)["append_only"], "roles");
    drop(after);
    app.sql("drop database limited with (force)");
    app.sql("drop role limited, limited_owner, limited_app");
}

/// The history keeps the key it was begun with: another one is refused at the start; the same may
/// move out of the database, and is required from then on.
#[test]
fn a7_the_history_goes_on_with_its_key() {
    let app = TestApp::spawn();
    let url = app.database_url();
    let key: String = app.value("select encode(key, 'base64') from history_key");
    let migrate = |key: &str| {
        let settings = [&on_database(&url)[..], &[("HELPDESK_HISTORY_KEY", key)]].concat();
        let done = helpdesk(&["migrate"], &settings);
        (done.status.success(), String::from_utf8(done.stderr).unwrap())
    };

    let (is_taken, output) = migrate("8Zt5SNgkqLw0Xh3mYb7RvCeKdPj2UaFo9sQi6Tn1Wz4=");
    assert!(!is_taken && output.contains("HELPDESK_HISTORY_KEY"), "{output}");
    assert!(!migrate("c2hvcnQ=").0);
    assert_eq!(app.count("select from history_key where key is null"), 0);
    assert!(migrate(&key).0);
    assert_eq!(app.count("select from history_key where key is null"), 1);
    let (is_taken, output) = migrate("");
    assert!(!is_taken && output.contains("HELPDESK_HISTORY_KEY"), "{output}");
}
