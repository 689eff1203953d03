//! The columns of tickets, in the groups in which they change together.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::similarity::Fingerprint;
use domain::ticket::Ticket;
use domain::{CloseReason, Complexity, Party, Priority, RefusalReason, Status, Tracker, WaitingOn};

use crate::db::schema::tickets;
use crate::db::string_enum::DbEnum;
use crate::tickets::store::clocks::StoredClocks;

/// What changes with everything that people may know of.
#[derive(AsChangeset)]
#[diesel(table_name = tickets)]
pub struct Revision {
    version: i32,
    updated_at: DateTime<Utc>,
}

/// What every step may change, also one that makes no move.
#[derive(AsChangeset)]
#[diesel(table_name = tickets, treat_none_as_null = true)]
pub struct StepColumns {
    is_answer_due: bool,
    needs_action_from: DbEnum<Party>,
    first_answered_at: Option<DateTime<Utc>>,
    confirmed_at: Option<DateTime<Utc>>,
    rating: Option<i16>,
    release_id: Option<i64>,
}

/// What follows from entering a status.
#[derive(AsChangeset)]
#[diesel(table_name = tickets, treat_none_as_null = true)]
pub struct MoveColumns {
    status: DbEnum<Status>,
    assignee_id: Option<i64>,
    close_reason: Option<DbEnum<CloseReason>>,
    refusal_reason: Option<DbEnum<RefusalReason>>,
    duplicate_of: Option<i64>,
    waiting_on: Option<DbEnum<WaitingOn>>,
    review_on: Option<NaiveDate>,
    release_planned_on: Option<NaiveDate>,
    feedback_since: Option<DateTime<Utc>>,
    closes_at: Option<DateTime<Utc>>,
    remind_at: Option<DateTime<Utc>>,
    accepted_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
}

/// What an edit changes beside the texts.
#[derive(AsChangeset)]
#[diesel(table_name = tickets, treat_none_as_null = true)]
pub struct FieldColumns<'a> {
    project_id: i64,
    direction_id: i64,
    product_id: Option<i64>,
    product_name: Option<&'a str>,
    tracker: DbEnum<Tracker>,
    priority: DbEnum<Priority>,
    complexity: DbEnum<Complexity>,
    parent_id: Option<i64>,
    external_ref: Option<&'a str>,
    serial_number: Option<&'a str>,
    release_id: Option<i64>,
    release_planned_on: Option<NaiveDate>,
    review_on: Option<NaiveDate>,
}

/// What of the texts stands in the row: the subject, and by what near duplicates are found.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = tickets)]
pub struct SubjectColumns<'a> {
    subject: &'a str,
    words: Vec<i32>,
}

/// Who works on it, and who is asked about it.
#[derive(AsChangeset)]
#[diesel(table_name = tickets, treat_none_as_null = true)]
pub struct PeopleColumns {
    assignee_id: Option<i64>,
    contact_id: Option<i64>,
}

/// What runs against support, and what lists and jobs read of it.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = tickets, treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub struct ClockColumns {
    clocks: StoredClocks,
    clocks_version: Option<i32>,
    due_at: DateTime<Utc>,
    alert_at: Option<DateTime<Utc>>,
    queue_rank: Option<DateTime<Utc>>,
}

/// Of what people were reminded.
#[derive(AsChangeset)]
#[diesel(table_name = tickets, treat_none_as_null = true)]
pub struct ReminderColumns {
    remind_at: Option<DateTime<Utc>>,
    review_notified_on: Option<NaiveDate>,
}

impl From<&Ticket> for Revision {
    fn from(ticket: &Ticket) -> Self {
        Self { version: ticket.version, updated_at: ticket.times.updated_at }
    }
}

impl From<&Ticket> for StepColumns {
    fn from(ticket: &Ticket) -> Self {
        Self {
            is_answer_due: ticket.is_reply_due,
            needs_action_from: DbEnum(ticket.needs_action_from()),
            first_answered_at: ticket.times.first_replied_at,
            confirmed_at: ticket.confirmation.at,
            rating: ticket.confirmation.rating,
            release_id: ticket.release_id,
        }
    }
}

impl From<&Ticket> for MoveColumns {
    fn from(ticket: &Ticket) -> Self {
        Self {
            status: DbEnum(ticket.status),
            assignee_id: ticket.assignee_id,
            close_reason: ticket.reasons.close.map(DbEnum),
            refusal_reason: ticket.reasons.refusal.map(DbEnum),
            duplicate_of: ticket.reasons.duplicate_of,
            waiting_on: ticket.reasons.waiting_on.map(DbEnum),
            review_on: ticket.review.on,
            release_planned_on: ticket.release_planned_on,
            feedback_since: ticket.feedback.since,
            closes_at: ticket.feedback.closes_at,
            remind_at: ticket.feedback.remind_at,
            accepted_at: ticket.times.accepted_at,
            resolved_at: ticket.times.resolved_at,
            closed_at: ticket.times.closed_at,
        }
    }
}

impl<'a> From<&'a Ticket> for FieldColumns<'a> {
    fn from(ticket: &'a Ticket) -> Self {
        Self {
            project_id: ticket.project_id,
            direction_id: ticket.direction_id,
            product_id: ticket.product.id,
            product_name: ticket.product.name.as_deref(),
            tracker: DbEnum(ticket.tracker),
            priority: DbEnum(ticket.grade.priority),
            complexity: DbEnum(ticket.grade.complexity),
            parent_id: ticket.parent_id,
            external_ref: ticket.external_ref.as_deref(),
            serial_number: ticket.serial_number.as_deref(),
            release_id: ticket.release_id,
            release_planned_on: ticket.release_planned_on,
            review_on: ticket.review.on,
        }
    }
}

impl<'a> From<&'a Ticket> for SubjectColumns<'a> {
    fn from(ticket: &'a Ticket) -> Self {
        let texts = &ticket.texts;
        let words = Fingerprint::of(&texts.subject, &texts.description).as_slice().to_vec();
        Self { subject: &texts.subject, words }
    }
}

impl From<&Ticket> for PeopleColumns {
    fn from(ticket: &Ticket) -> Self {
        Self { assignee_id: ticket.assignee_id, contact_id: ticket.contact_id }
    }
}

impl From<&Ticket> for ClockColumns {
    fn from(ticket: &Ticket) -> Self {
        Self {
            clocks: StoredClocks(ticket.clocks.clone()),
            clocks_version: ticket.deadlines.settings_version,
            due_at: ticket.deadlines.due_at,
            alert_at: ticket.deadlines.alert_at,
            queue_rank: ticket.deadlines.queue_rank,
        }
    }
}

impl From<&Ticket> for ReminderColumns {
    fn from(ticket: &Ticket) -> Self {
        Self { remind_at: ticket.feedback.remind_at, review_notified_on: ticket.review.reminded_on }
    }
}
