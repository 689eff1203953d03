//! Brings the schema of the database up to date, under a lock.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use crate::config::hmac_key::HmacKey;
use crate::db::roles::Roles;
use crate::db::schema::history_key;
use crate::db::{Database, roles};

/// The migrations, compiled into the binary.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// The key of the lock that one migrating process holds.
const LOCK: i64 = 6_814_200;

/// How long to wait for another process that is migrating.
const LOCK_TIMEOUT: Duration = Duration::from_secs(600);

diesel::define_sql_function! {
    /// Takes a lock of the session, or returns false if somebody else has it.
    fn pg_try_advisory_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
}

diesel::define_sql_function! {
    /// Releases a lock of the session.
    fn pg_advisory_unlock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
}

/// A database that is up to date.
#[derive(Debug)]
pub struct Migrated {
    /// The migrations that were applied.
    pub names: Vec<String>,
    /// How to connect to it.
    pub database: Database,
}

/// Applies the pending migrations. `history_key` is the configured one, if any.
/// Errors: the sentence that says what failed, or that the history was made with another key.
pub fn migrate(database_url: &str, history_key: Option<&HmacKey>) -> Result<Migrated, String> {
    let sentence = |cause: &dyn std::fmt::Display| format!("migration: {cause}");
    let mut conn = PgConnection::establish(database_url).map_err(|it| sentence(&it))?;
    conn.batch_execute("set timezone = 'UTC'").map_err(|it| sentence(&it))?;
    lock(&mut conn)?;
    let migrated = under_lock(database_url, history_key, &mut conn);
    diesel::select(pg_advisory_unlock(LOCK)).execute(&mut conn).map_err(|it| sentence(&it))?;
    migrated
}

fn under_lock(
    database_url: &str,
    history_key: Option<&HmacKey>,
    conn: &mut PgConnection,
) -> Result<Migrated, String> {
    let roles = Roles::prepare(conn).map_err(|it| format!("the roles of the database: {it}"))?;
    let names = run(roles.as_ref(), conn).map_err(|it| format!("migration: {it}"))?;
    let history_key = key_of_history(history_key, conn)?;
    Ok(Migrated { names, database: Database::new(database_url.to_owned(), history_key, roles) })
}

/// Runs the migrations as the owner of the tables.
fn run(
    roles: Option<&Roles>,
    conn: &mut PgConnection,
) -> Result<Vec<String>, Box<dyn std::error::Error + Send + Sync>> {
    if let Some(roles) = roles {
        roles::act_as(&roles.owner, conn)?;
    }
    let done = conn.run_pending_migrations(MIGRATIONS)?;
    let names = done.iter().map(ToString::to_string).collect();
    if let Some(roles) = roles {
        roles.grant(conn)?;
    }
    Ok(names)
}

/// The key of the history: the configured one, or the one in the database. If both are the same, it is
/// deleted from the database.
fn key_of_history(set: Option<&HmacKey>, conn: &mut PgConnection) -> Result<HmacKey, String> {
    let failed = |cause: diesel::result::Error| format!("the key of the history: {cause}");
    let known = history_key::table.select((history_key::key, history_key::fingerprint));
    let known: Option<(Option<Vec<u8>>, Vec<u8>)> = known.first(conn).optional().map_err(failed)?;
    match (set, known) {
        (_, None) => begin_history(set, conn).map_err(failed),
        (Some(set), Some((_, fingerprint))) if set.fingerprint() != fingerprint.as_slice() => {
            Err("HELPDESK_HISTORY_KEY: the history of this database was begun with another key"
                .to_owned())
        }
        (Some(set), Some((None, _))) => Ok(set.clone()),
        (Some(set), Some((Some(_), _))) => {
            let forget = diesel::update(history_key::table);
            forget.set(history_key::key.eq(None::<Vec<u8>>)).execute(conn).map_err(failed)?;
            Ok(set.clone())
        }
        (None, Some((Some(key), _))) => Ok(HmacKey::new(&key)),
        (None, Some((None, _))) => Err("HELPDESK_HISTORY_KEY is not set, but the history of this \
            database was begun with one"
            .to_owned()),
    }
}

/// Starts the history of a new database with the configured key, which is not stored, or with a new one.
fn begin_history(set: Option<&HmacKey>, conn: &mut PgConnection) -> QueryResult<HmacKey> {
    let new = rand::random::<[u8; 32]>();
    let key = set.cloned().unwrap_or_else(|| HmacKey::new(&new));
    diesel::insert_into(history_key::table)
        .values((
            history_key::is_only.eq(true),
            history_key::key.eq(set.is_none().then_some(new.as_slice())),
            history_key::fingerprint.eq(key.fingerprint()),
        ))
        .execute(conn)?;
    Ok(key)
}

/// Polls: waiting for the lock itself would block indexes that are built concurrently.
fn lock(conn: &mut PgConnection) -> Result<(), String> {
    let started = Instant::now();
    while started.elapsed() < LOCK_TIMEOUT {
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
    // The library's own check would create its table if it is missing, which only the owner may do.
    let run: QueryResult<Vec<Run>> =
        diesel::sql_query("select version from __diesel_schema_migrations").load(conn);
    let known = MigrationSource::<Pg>::migrations(&MIGRATIONS);
    let (Ok(run), Ok(known)) = (run, known) else { return false };
    let run: HashSet<String> = run.into_iter().map(|it| it.version).collect();
    known.iter().all(|it| run.contains(&it.name().version().to_string()))
}

#[derive(QueryableByName)]
struct Run {
    #[diesel(sql_type = Text)]
    version: String,
}

#[cfg(test)]
mod tests {
    use diesel_migrations::MigrationHarness as _;

    use super::*;
    use crate::postgres::PrivatePostgres;

    /// Every migration can be reverted and applied again.
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
