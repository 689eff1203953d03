//! A bounded batch of work, and how one worker of all processes is at it.

use diesel::PgConnection;

use crate::db::{Db, advisory_lock, try_advisory_lock};
use crate::problem::Problem;

/// What a batch of work came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Something was done, and there may be more.
    Worked,
    /// There was nothing to do.
    Idle,
}

impl Progress {
    pub const fn of(items: usize) -> Self {
        if items == 0 { Self::Idle } else { Self::Worked }
    }
}

/// Does `work` in one transaction, unless another worker, of whatever process, is at it.
pub fn run_exclusively(
    name: &str,
    db: &Db,
    work: impl FnOnce(&mut PgConnection) -> Result<Progress, Problem>,
) -> Result<Progress, Problem> {
    db.transaction_here(|conn| {
        if try_advisory_lock(&lock_of(name), conn)? { work(conn) } else { Ok(Progress::Idle) }
    })
}

/// The same; where another worker is at it, after that one.
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

/// The name of the lock that whoever is at a job holds.
pub fn lock_of(name: &str) -> String {
    format!("job/{name}")
}
