//! What the figures of reports count: each has one condition, which the report counts by and the list
//! of tickets shows.

pub(crate) mod condition;
pub(crate) mod figure;
pub(crate) mod query;
pub(crate) mod questions;

use domain::{FieldCode, FieldError, RuleViolation};

use crate::problem::{Place, Problem};

pub(crate) fn in_query(name: &str, code: FieldCode) -> Problem {
    Problem { place: Place::Query, ..Problem::invalid(vec![FieldError::new(name, code)]) }
}

/// What a rule says of parameters.
pub(crate) fn of_query(violation: RuleViolation) -> Problem {
    Problem { place: Place::Query, ..Problem::from(violation) }
}
