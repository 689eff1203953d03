//! Who works on a ticket, watches it, and what it is linked to.

pub(crate) mod assign;
pub(crate) mod assign_auto;
pub(crate) mod balancing;
pub(crate) mod handover;
pub(crate) mod link;
pub(crate) mod watch;
