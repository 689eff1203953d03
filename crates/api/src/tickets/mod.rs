//! Tickets («Заявка»): from filing to closing.

pub mod assign;
pub mod assign_auto;
pub mod check;
pub mod confirm;
pub mod create;
pub mod edit;
pub mod history;
pub mod link;
pub mod list;
pub mod queue;
pub mod queue_next;
pub mod redact;
pub mod request;
pub mod show;
pub mod sla;
pub mod summary;
pub mod transition;
pub mod verify;
pub mod view;
pub mod watch;

pub mod adoption;
pub mod awaited;
pub mod balancing;
pub mod by;
pub mod changes;
pub mod clocks;
pub mod closing;
pub mod deadlines;
pub mod handover;
pub mod moving;
pub mod recalculation;
pub mod references;
pub mod registration;
pub mod store;
pub mod timeout;
