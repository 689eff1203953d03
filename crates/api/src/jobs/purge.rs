//! Throws away what is kept for a while only.

use super::portion::{Progress, Tools, alone};
use crate::clock::real_now;
use crate::idempotency;
use crate::problem::Problem;

/// Throws away a portion of the answers that are kept for repeated requests.
///
/// # Errors
/// A failure of the database.
pub fn idempotent_answers(tools: &Tools) -> Result<Progress, Problem> {
    alone("idempotent_answers", &tools.db, |conn| {
        let gone = idempotency::store::purge(real_now(conn)?, conn)?;
        Ok(if gone == 0 { Progress::Idle } else { Progress::Worked })
    })
}
