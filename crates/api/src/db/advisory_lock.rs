//! Locks by name, which a transaction holds until it ends.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use sha2::{Digest as _, Sha256};

diesel::define_sql_function! {
    /// Waits for a lock that the transaction holds until it ends.
    fn pg_advisory_xact_lock(key: BigInt) -> Bool;
}

diesel::define_sql_function! {
    /// Takes a lock that the transaction holds until it ends, or returns false if somebody else has it.
    fn pg_try_advisory_xact_lock(key: BigInt) -> Bool;
}

/// Serializes the transactions that lock the same `what`.
pub fn advisory_lock(what: &str, conn: &mut PgConnection) -> QueryResult<()> {
    diesel::select(pg_advisory_xact_lock(lock_key(what))).execute(conn)?;
    Ok(())
}

/// Locks `what` until the transaction ends, unless somebody else has it; returns whether it did.
pub fn try_advisory_lock(what: &str, conn: &mut PgConnection) -> QueryResult<bool> {
    diesel::select(pg_try_advisory_xact_lock(lock_key(what))).get_result(conn)
}

fn lock_key(what: &str) -> i64 {
    let hash = Sha256::digest(what);
    hash.iter().take(8).fold(0_i64, |key, byte| (key << 8) | i64::from(*byte))
}
