//! Sweeps uploads that nobody used, and bytes that no row refers to.

use std::time::Duration;

use actix_web::rt::Runtime;
use futures_util::StreamExt as _;

use crate::attachments::store::keys;
use crate::db::{Db, clock};
use crate::problem::Problem;
use crate::storage::Storage;
use crate::uploads::store::{delete_expired, unused};
use crate::worker::batch::Progress;

/// The number of rows or objects in a batch.
const BATCH_SIZE: usize = 100;

/// How long bytes without a row are left alone: their upload may be under way.
const MIN_AGE: Duration = Duration::from_secs(24 * 3600);

/// Sweeps a batch of the uploads that have expired, with their bytes. The rows go first: bytes
/// that stay behind are found by [`orphans`].
pub fn expired(db: &Db, storage: &Storage) -> Result<Progress, Problem> {
    let keys = db.transaction_here(|conn| {
        let now = clock::real_now(conn)?;
        Ok(delete_expired(now, BATCH_SIZE as i64, conn)?)
    })?;
    if keys.is_empty() {
        return Ok(Progress::Idle);
    }
    let runtime = Runtime::new().map_err(Problem::unexpected)?;
    runtime.block_on(async {
        for key in &keys {
            storage.remove(key).await?;
        }
        Ok(Progress::Worked)
    })
}

/// Sweeps bytes without a row, older than a day, half-written ones included; reports rows without
/// bytes. Several processes may do it at once.
pub fn orphans(db: &Db, storage: &Storage) -> Result<Progress, Problem> {
    let drafts = storage.sweep_drafts(MIN_AGE).map_err(Problem::unavailable)?;
    let runtime = Runtime::new().map_err(Problem::unexpected)?;
    let swept = runtime.block_on(sweep_objects(db, storage))?;
    if drafts + swept > 0 {
        log::info!("deleted {swept} files without a row and {drafts} incomplete ones");
    }
    runtime.block_on(report_missing(db, storage))?;
    Ok(Progress::Idle)
}

async fn sweep_objects(db: &Db, storage: &Storage) -> Result<usize, Problem> {
    let mut swept = 0;
    let mut batches = storage.list().chunks(BATCH_SIZE);
    while let Some(batch) = batches.next().await {
        let listed = batch.into_iter().collect::<Result<Vec<_>, Problem>>()?;
        let old = listed.into_iter().filter(|it| it.age > MIN_AGE).map(|it| it.key).collect();
        for key in db.transaction_here(|conn| Ok(unused(old, conn)?))? {
            storage.remove(&key).await?;
            swept += 1;
        }
    }
    Ok(swept)
}

async fn report_missing(db: &Db, storage: &Storage) -> Result<(), Problem> {
    let mut after = 0;
    loop {
        let rows = db.transaction_here(|conn| Ok(keys(after, BATCH_SIZE as i64, conn)?))?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        after = *last;
        for (id, key) in rows {
            if !storage.has(&key).await? {
                log::error!("attachment {id} has no content in the storage");
            }
        }
    }
}
