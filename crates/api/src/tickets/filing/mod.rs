//! Filing a ticket (3).

pub(crate) mod check;
pub(crate) mod create;
