//! Who works on a ticket, watches it, what it is linked to, and into which it is merged.

pub(crate) mod assign;
pub(crate) mod assign_auto;
pub(crate) mod balancing;
pub(crate) mod handover;
pub(crate) mod link;
pub(crate) mod merge;
pub(crate) mod watch;
