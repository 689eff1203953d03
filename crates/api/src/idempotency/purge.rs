//! Throws away what is kept for a while only.

use crate::db::clock::real_now;
use crate::idempotency;
use crate::problem::Problem;
use crate::worker::batch::{JobContext, Progress, run_exclusively};

/// Throws away a portion of the answers that are kept for repeated requests.
pub fn idempotent_answers(tools: &JobContext) -> Result<Progress, Problem> {
    run_exclusively("idempotent_answers", &tools.db, |conn| {
        let gone = idempotency::store::purge(real_now(conn)?, conn)?;
        Ok(if gone == 0 { Progress::Idle } else { Progress::Worked })
    })
}
