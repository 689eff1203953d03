//! Every step that changes a ticket: lock, facts, rule, save, event (2.5, 4.2).

pub(crate) mod apply;
pub(crate) mod classify;
pub(crate) mod confirm;
pub(crate) mod create_comment;
pub(crate) mod facts;
pub(crate) mod redact;
pub(crate) mod redact_comment;
pub(crate) mod settle_release;
pub(crate) mod step;
pub(crate) mod transitions;
pub(crate) mod update;
pub(crate) mod update_comment;
pub(crate) mod waive_answer;
