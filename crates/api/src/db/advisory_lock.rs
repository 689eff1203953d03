//! Locks by name, which a transaction holds until it ends.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use sha2::{Digest as _, Sha256};

diesel::define_sql_function! {
    /// Waits for a lock that the transaction holds until it ends.
    fn pg_advisory_xact_lock(key: BigInt) -> Bool;
}

diesel::define_sql_function! {
    /// Takes a lock that the transaction holds until it ends, or tells that somebody has it.
    fn pg_try_advisory_xact_lock(key: BigInt) -> Bool;
}

/// Lets transactions that name the same `what` go one after the other.
pub fn advisory_lock(what: &str, conn: &mut PgConnection) -> QueryResult<()> {
    diesel::select(pg_advisory_xact_lock(lock_key(what))).execute(conn)?;
    Ok(())
}

/// Whether nobody else is at `what`; if so, it is this transaction's until it ends.
pub fn try_advisory_lock(what: &str, conn: &mut PgConnection) -> QueryResult<bool> {
    diesel::select(pg_try_advisory_xact_lock(lock_key(what))).get_result(conn)
}

fn lock_key(what: &str) -> i64 {
    let hash = Sha256::digest(what);
    hash.iter().take(8).fold(0_i64, |key, byte| (key << 8) | i64::from(*byte))
}
