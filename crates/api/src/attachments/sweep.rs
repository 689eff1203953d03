//! What is swept: uploads that nobody used, and bytes that no row has.

use std::time::Duration;

use actix_web::rt::Runtime;
use futures_util::StreamExt as _;

use crate::attachments::store::keys;
use crate::db::clock;
use crate::problem::Problem;
use crate::uploads::store::{forget_expired, unused};
use crate::worker::batch::{JobContext, Progress};

/// So many rows or objects are looked at in one portion.
const BATCH_SIZE: usize = 100;

/// Bytes that no row has are left alone for so long: their upload may be under way.
const GRACE: Duration = Duration::from_secs(24 * 3600);

/// Sweeps a portion of the uploads that have expired, with their bytes. The rows go first: bytes
/// that stay behind are found by [`orphans`].
///
/// # Errors
/// A failure of the database or of the storage.
pub fn expired(tools: &JobContext) -> Result<Progress, Problem> {
    let keys = tools.db.transaction_here(|conn| {
        let now = clock::real_now(conn)?;
        Ok(forget_expired(now, BATCH_SIZE as i64, conn)?)
    })?;
    if keys.is_empty() {
        return Ok(Progress::Idle);
    }
    let runtime = Runtime::new().map_err(Problem::unexpected)?;
    runtime.block_on(async {
        for key in &keys {
            tools.storage.remove(key).await?;
        }
        Ok(Progress::Worked)
    })
}

/// Sweeps bytes without a row, older than a day, half-written ones included; reports rows without
/// bytes. Several processes at it do no harm.
///
/// # Errors
/// A failure of the database or of the storage.
pub fn orphans(tools: &JobContext) -> Result<Progress, Problem> {
    let drafts = tools.storage.sweep_drafts(GRACE).map_err(Problem::unavailable)?;
    let runtime = Runtime::new().map_err(Problem::unexpected)?;
    let swept = runtime.block_on(sweep_objects(tools))?;
    if drafts + swept > 0 {
        log::info!("swept {swept} files without a row and {drafts} half-written ones");
    }
    runtime.block_on(report_the_missing(tools))?;
    Ok(Progress::Idle)
}

async fn sweep_objects(tools: &JobContext) -> Result<usize, Problem> {
    let mut swept = 0;
    let mut portions = tools.storage.list().chunks(BATCH_SIZE);
    while let Some(portion) = portions.next().await {
        let listed = portion.into_iter().collect::<Result<Vec<_>, Problem>>()?;
        let old = listed.into_iter().filter(|it| it.age > GRACE).map(|it| it.key).collect();
        for key in tools.db.transaction_here(|conn| Ok(unused(old, conn)?))? {
            tools.storage.remove(&key).await?;
            swept += 1;
        }
    }
    Ok(swept)
}

async fn report_the_missing(tools: &JobContext) -> Result<(), Problem> {
    let mut after = 0;
    loop {
        let rows = tools.db.transaction_here(|conn| Ok(keys(after, BATCH_SIZE as i64, conn)?))?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        after = *last;
        for (id, key) in rows {
            if !tools.storage.has(&key).await? {
                log::error!("attachment {id} has no bytes in the storage");
            }
        }
    }
}
