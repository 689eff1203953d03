//! A bounded batch of work, which one worker at a time runs, in all processes.

use diesel::PgConnection;

use crate::db::{Db, advisory_lock, try_advisory_lock};
use crate::problem::Problem;

/// The result of a batch of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Something was done, and there may be more.
    Worked,
    /// Everything that was found is done: what has come since may wait until there is more of it.
    Finished,
    /// There was nothing to do.
    Idle,
}

impl Progress {
    pub const fn of(items: usize) -> Self {
        if items == 0 { Self::Idle } else { Self::Worked }
    }

    /// The same, if a batch with fewer items than `most` had all of them.
    pub const fn of_batch(items: usize, most: i64) -> Self {
        match items {
            0 => Self::Idle,
            _ if (items as i64) < most => Self::Finished,
            _ => Self::Worked,
        }
    }
}

/// Does `work` in one transaction, unless another worker, in any process, is doing it.
pub fn run_exclusively(
    name: &str,
    db: &Db,
    work: impl FnOnce(&mut PgConnection) -> Result<Progress, Problem>,
) -> Result<Progress, Problem> {
    db.transaction_here(|conn| {
        if try_advisory_lock(&lock_of(name), conn)? { work(conn) } else { Ok(Progress::Idle) }
    })
}

/// The same, but waits for another worker that is doing it.
pub fn run_in_turn(
    name: &str,
    db: &Db,
    work: impl FnOnce(&mut PgConnection) -> Result<Progress, Problem>,
) -> Result<Progress, Problem> {
    db.transaction_here(|conn| {
        advisory_lock(&lock_of(name), conn)?;
        work(conn)
    })
}

/// The name of the lock that the worker of a job holds.
pub fn lock_of(name: &str) -> String {
    format!("job/{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_that_is_not_full_had_everything() {
        let progress = [0, 1, 99, 100].map(|items| Progress::of_batch(items, 100));

        assert_eq!(
            progress,
            [Progress::Idle, Progress::Finished, Progress::Finished, Progress::Worked]
        );
    }
}
