//! Work on every row of a table, newest first, while the service runs.

use std::sync::{Mutex, MutexGuard, PoisonError};

use diesel::prelude::*;

use crate::db::Db;
use crate::problem::Problem;

/// Rows in one transaction.
const BATCH_SIZE: i64 = 200;

/// Batches at the same time.
pub const AT_ONCE: u32 = 4;

/// Works on all rows, a batch in each transaction, some of them at the same time. `before` finds the ids below an id,
/// at most as many as it is asked for, the greatest first; `report_progress` is called with the count
/// so far after each batch.
/// Errors: the first of a batch; those that have begun are finished.
pub(crate) fn newest_first(
    db: &Db,
    before: impl Fn(i64, i64, &mut PgConnection) -> QueryResult<Vec<i64>> + Sync,
    work: impl Fn(&[i64], &mut PgConnection) -> Result<(), Problem> + Sync,
    report_progress: impl FnMut(usize) + Send,
) -> Result<usize, Problem> {
    let last = Mutex::new(i64::MAX);
    let progress = Mutex::new((0, report_progress));
    let next = || -> Result<Vec<i64>, Problem> {
        let mut last = lock(&last);
        let ids = db.run_here(|conn| Ok(before(*last, BATCH_SIZE, conn)?))?;
        *last = ids.last().copied().unwrap_or(i64::MIN);
        Ok(ids)
    };
    let work_on = || -> Result<(), Problem> {
        loop {
            let ids = next()?;
            if ids.is_empty() {
                return Ok(());
            }
            db.transaction_here(|conn| work(&ids, conn))?;
            let (done, report_progress) = &mut *lock(&progress);
            *done += ids.len();
            report_progress(*done);
        }
    };
    let work_or_stop = || work_on().inspect_err(|_| *lock(&last) = i64::MIN);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work_or_stop)).collect();
        let ends = workers.into_iter().map(|it| {
            it.join().unwrap_or_else(|_| Err(Problem::unexpected("a thread of the walk panicked")))
        });
        ends.collect::<Result<(), Problem>>()
    })?;
    Ok(lock(&progress).0)
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The numbers of the tickets below one.
pub(crate) fn tickets_before(id: i64, most: i64, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    use crate::db::schema::tickets::dsl;

    dsl::tickets.filter(dsl::id.lt(id)).order(dsl::id.desc()).limit(most).select(dsl::id).load(conn)
}
