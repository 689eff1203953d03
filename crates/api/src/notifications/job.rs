//! Tells people of what happened.

use crate::db::advisory_lock;
use crate::notifications::fan_out::fan_out;
use crate::problem::Problem;
use crate::worker::batch::{JobContext, Progress, run_exclusively};

/// The name of the job.
pub const NAME: &str = "notifications";

/// Tells people of the next events, unless another worker is at it.
pub fn tell(tools: &JobContext) -> Result<Progress, Problem> {
    run_exclusively(NAME, &tools.db, fan_out)
}

/// The same; where another worker is at it, after that one.
pub fn tell_in_turn(tools: &JobContext) -> Result<Progress, Problem> {
    tools.db.transaction_here(|conn| {
        advisory_lock(&format!("job/{NAME}"), conn)?;
        fan_out(conn)
    })
}
