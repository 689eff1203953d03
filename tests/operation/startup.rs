//! How processes start together on one database.

use crate::support::{Server, TestApp, at_once};

/// Processes that start at once on an empty database migrate it once.
#[test]
fn two_processes_migrate_at_once() {
    let app = TestApp::spawn();
    let all = "select version from __diesel_schema_migrations order by 1";
    let migrations = || app.rows::<String>(all);
    let before = migrations();

    app.sql("drop schema public cascade; create schema public");
    let url = app.database_url();
    let servers = at_once(3, |_| Server::start(&url, &[]));

    assert_eq!(migrations(), before);
    let migrated = servers.iter().map(|it| it.log().matches("migrated:").count()).sum::<usize>();
    assert_eq!(migrated, before.len());
}

/// A second process serves the same database.
#[test]
fn two_processes_share_a_database() {
    let app = TestApp::spawn();

    let second = Server::start(&app.database_url(), &[]);
    let ready = second.client.send("GET", "/readyz", &[], None);

    assert_eq!(ready.status, 200);
    assert_eq!(app.customer().get("/me").status, 200);
}
