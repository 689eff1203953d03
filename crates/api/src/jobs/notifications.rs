//! Tells people of what happened.

use super::portion::{Progress, Tools, alone};
use crate::db::take_turn;
use crate::notifications::fan_out::fan_out;
use crate::problem::Problem;

/// The name of the job.
pub const NAME: &str = "notifications";

/// Tells people of the next events, unless another worker is at it.
///
/// # Errors
/// A failure of the database.
pub fn tell(tools: &Tools) -> Result<Progress, Problem> {
    alone(NAME, &tools.db, fan_out)
}

/// The same; where another worker is at it, after that one.
///
/// # Errors
/// A failure of the database.
pub fn tell_in_turn(tools: &Tools) -> Result<Progress, Problem> {
    tools.db.transaction_here(|conn| {
        take_turn(&format!("job/{NAME}"), conn)?;
        fan_out(conn)
    })
}
