//! The schema of the database, brought up to date under a lock.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

/// The migrations, compiled into the binary.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// The key of the lock that one migrating process holds.
const LOCK: i64 = 6_814_200;

/// How long another process may migrate before this one gives up.
const PATIENCE: Duration = Duration::from_secs(600);

diesel::define_sql_function! {
    /// Takes a lock of the session, or tells that somebody has it.
    fn pg_try_advisory_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
}

diesel::define_sql_function! {
    /// Gives a lock of the session back.
    fn pg_advisory_unlock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
}

/// Runs what has not been run yet; answers the names.
///
/// # Errors
/// The sentence that says what failed.
pub fn migrate(database_url: &str) -> Result<Vec<String>, String> {
    let told = |cause: &dyn std::fmt::Display| format!("migration: {cause}");
    let mut conn = PgConnection::establish(database_url).map_err(|it| told(&it))?;
    conn.batch_execute("set timezone = 'UTC'").map_err(|it| told(&it))?;
    lock(&mut conn)?;
    let run = conn.run_pending_migrations(MIGRATIONS);
    let names = run.map(|done| done.iter().map(ToString::to_string).collect());
    let names = names.map_err(|it| told(&it));
    diesel::select(pg_advisory_unlock(LOCK)).execute(&mut conn).map_err(|it| told(&it))?;
    names
}

/// Asks again and again: a wait inside the lock itself would block indexes that are built
/// concurrently.
fn lock(conn: &mut PgConnection) -> Result<(), String> {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let is_ours = diesel::select(pg_try_advisory_lock(LOCK)).get_result::<bool>(conn);
        if is_ours.map_err(|cause| format!("migration: {cause}"))? {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Err("migration: another process has been migrating for ten minutes".to_owned())
}

/// Whether the database has the schema that this binary knows.
pub fn is_current(conn: &mut PgConnection) -> bool {
    conn.has_pending_migration(MIGRATIONS).is_ok_and(|it| !it)
}

#[cfg(test)]
mod tests {
    use diesel_migrations::MigrationHarness as _;

    use super::*;
    use crate::postgres::PrivatePostgres;

    /// Every migration can be taken back and made again.
    #[test]
    fn migrations_go_up_down_and_up() {
        let folder = std::env::temp_dir().join(format!("helpdesk-up-down-{}", std::process::id()));
        let server = PrivatePostgres::start(&folder).expect("a server");
        let mut conn = PgConnection::establish(&server.url()).expect("a connection");

        conn.run_pending_migrations(MIGRATIONS).expect("up");
        conn.revert_all_migrations(MIGRATIONS).expect("down");
        conn.run_pending_migrations(MIGRATIONS).expect("up again");

        assert!(is_current(&mut conn));
        drop((conn, server));
        std::fs::remove_dir_all(&folder).expect("the folder is removed");
    }
}
