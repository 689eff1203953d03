//! Operations on accounts that go beyond the directory: they affect sessions and tickets.

pub(crate) mod absence;
pub(crate) mod company;
pub(crate) mod deactivate;
pub(crate) mod invite;
pub(crate) mod planned_absence;
pub(crate) mod reactivate;
pub(crate) mod update;
