//! `--discard-import`: an import thrown away, with the bytes of its files.

use diesel::prelude::*;

use crate::db::Database;
use crate::import::run::sentence;
use crate::import::writer::{discard, rows};
use crate::problem::Problem;
use crate::storage::Storage;

/// Errors: the sentence that says why it stays.
pub fn discard_all(system: &str, database: &Database, storage: &Storage) -> Result<String, String> {
    let mut conn = database.connect()?;
    let locked = rows::try_lock(&mut conn).map_err(|it| it.to_string())?;
    if !locked {
        return Err("another import is running".to_owned());
    }
    let done = conn.transaction(|conn| discard::all(system, conn));
    let (count, keys) = done.map_err(|it: Problem| sentence(&it))?;
    remove(&keys, storage)?;
    Ok(format!("{count} tickets and {} files that were imported are gone", keys.len()))
}

/// Deletes the bytes that no row refers to any more.
pub fn remove(keys: &[String], storage: &Storage) -> Result<(), String> {
    if keys.is_empty() {
        return Ok(());
    }
    let runtime = actix_web::rt::Runtime::new().map_err(|it| it.to_string())?;
    runtime.block_on(async {
        for key in keys {
            storage.remove(key).await.map_err(|it| sentence(&it))?;
        }
        Ok(())
    })
}
