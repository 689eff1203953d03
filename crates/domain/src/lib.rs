//! The support regulation as values and functions.
//!
//! Nothing here reads a clock, a file, a socket or a table: what a rule needs comes as an
//! argument, and what it decides is returned. The modules are listed in reading order.

#[cfg(test)]
mod long_texts;
mod string_enum;

pub mod language;
pub mod priority;
pub mod reasons;
pub mod role;
pub mod status;
pub mod timestamp;
pub mod tracker;

pub mod calendar;
pub mod worktime;
pub mod zone;

pub mod clocks;
pub mod feedback;
pub mod queue;
pub mod sla;

pub mod needs;
pub mod release;
pub mod violation;
pub mod workflow;

pub mod facts;
pub mod ticket;
pub mod viewer;

pub mod article;
pub mod balancing;
pub mod business_number;
pub mod hidden;
pub mod impolite;
pub mod imported;
pub mod inbound;
pub mod mailed_files;
pub mod mailed_request;
pub mod notifications;
pub mod prepared;
pub mod quotation;
pub mod registration;
pub mod reports;
pub mod search;
pub mod similarity;

pub use article::{ArticleStatus, ArticleVisibility};
pub use balancing::AssignmentCause;
pub use clocks::{ClockKind, ClockState, PauseCause, StartCause};
pub use facts::FactKind;
pub use inbound::{InboundOutcome, InboundReason};
pub use language::{Language, Text};
pub use mailed_files::LeftOut;
pub use needs::{Need, TransitionFields, Visibility};
pub use notifications::NotificationKind;
pub use prepared::TemplateVariable;
pub use priority::{Complexity, Impact, Priority, Urgency};
pub use reasons::{CloseReason, DisabledReason, RefusalReason, RefusalState, RootCause, WaitingOn};
pub use role::{Actor, ActorRole, Role, Side};
pub use status::{Party, Status};
pub use ticket::EventType;
pub use timestamp::Timestamp;
pub use tracker::Tracker;
pub use viewer::{Projects, Row, Sees, Viewer};
pub use violation::{FieldCode, FieldError, Format, JsonType, RuleViolation};
