//! What becomes of the tickets of somebody who leaves, is away, or changes roles.

pub(crate) mod absence;
pub(crate) mod deactivate;
pub(crate) mod update_user;
