//! The columns of tickets, in the groups in which they change together.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use domain::similarity::Fingerprint;
use domain::ticket::Ticket;

use crate::db::json::DbJson;
use crate::db::schema::tickets;
use crate::db::string_enum::DbEnum;

/// Columns to set; a column without a value becomes null.
pub trait Columns: AsChangeset<Target = tickets::table, Changeset: QueryFragment<Pg>> {}

impl<T: AsChangeset<Target = tickets::table, Changeset: QueryFragment<Pg>>> Columns for T {}

/// What changes with every visible change.
pub fn revision(ticket: &Ticket) -> impl Columns {
    (tickets::version.eq(ticket.version), tickets::updated_at.eq(ticket.times.updated_at))
}

/// What every step may change, even without a transition.
pub fn step(ticket: &Ticket) -> impl Columns {
    (
        tickets::is_answer_due.eq(ticket.is_answer_due),
        tickets::needs_action_from.eq(DbEnum(ticket.needs_action_from())),
        tickets::first_answered_at.eq(ticket.times.first_answered_at),
        tickets::confirmed_at.eq(ticket.confirmation.at),
        tickets::rating.eq(ticket.confirmation.rating),
        tickets::release_id.eq(ticket.release_id),
    )
}

/// What follows from entering a status.
pub fn entry(ticket: &Ticket) -> impl Columns {
    (
        tickets::status.eq(DbEnum(ticket.status)),
        tickets::assignee_id.eq(ticket.assignee_id),
        tickets::close_reason.eq(ticket.reasons.close.map(DbEnum)),
        tickets::refusal_reason.eq(ticket.reasons.refusal.map(DbEnum)),
        tickets::duplicate_of.eq(ticket.reasons.duplicate_of),
        tickets::merged_into.eq(ticket.reasons.merged_into),
        tickets::waiting_on.eq(ticket.reasons.waiting_on.map(DbEnum)),
        tickets::topic_id.eq(ticket.topic_id),
        tickets::root_cause.eq(ticket.root_cause.map(DbEnum)),
        tickets::review_on.eq(ticket.review.on),
        tickets::release_planned_on.eq(ticket.release_planned_on),
        tickets::feedback_since.eq(ticket.feedback.since),
        tickets::closes_at.eq(ticket.feedback.closes_at),
        tickets::remind_at.eq(ticket.feedback.remind_at),
        tickets::accepted_at.eq(ticket.times.accepted_at),
        tickets::resolved_at.eq(ticket.times.resolved_at),
        tickets::closed_at.eq(ticket.times.closed_at),
        tickets::turns.eq(ticket.turns.map(DbJson)),
    )
}

/// What an edit changes besides the texts.
pub fn fields(ticket: &Ticket) -> impl Columns {
    (
        tickets::project_id.eq(ticket.project_id),
        tickets::direction_id.eq(ticket.direction_id),
        tickets::topic_id.eq(ticket.topic_id),
        tickets::product_id.eq(ticket.product.id),
        tickets::product_name.eq(ticket.product.name.as_deref()),
        tickets::tracker.eq(DbEnum(ticket.tracker)),
        tickets::priority.eq(DbEnum(ticket.grade.priority)),
        tickets::complexity.eq(DbEnum(ticket.grade.complexity)),
        tickets::parent_id.eq(ticket.parent_id),
        tickets::external_ref.eq(ticket.external_ref.as_deref()),
        tickets::needs_details.eq(ticket.needs_details),
        tickets::serial_number.eq(ticket.serial_number.as_deref()),
        tickets::release_id.eq(ticket.release_id),
        tickets::release_planned_on.eq(ticket.release_planned_on),
        tickets::review_on.eq(ticket.review.on),
    )
}

/// The part of the texts in the row: the subject, and the fingerprint for near duplicates.
pub fn subject(ticket: &Ticket) -> impl Columns {
    (tickets::subject.eq(&ticket.texts.subject), tickets::words.eq(words(ticket)))
}

/// The fingerprint by which near duplicates of a ticket are found.
pub fn words(ticket: &Ticket) -> Vec<i32> {
    Fingerprint::of(&ticket.texts.subject, &ticket.texts.description).as_slice().to_vec()
}

/// The topic and the root cause.
pub fn classification(ticket: &Ticket) -> impl Columns {
    (tickets::topic_id.eq(ticket.topic_id), tickets::root_cause.eq(ticket.root_cause.map(DbEnum)))
}

/// The assignee and the contact.
pub fn people(ticket: &Ticket) -> impl Columns {
    (tickets::assignee_id.eq(ticket.assignee_id), tickets::contact_id.eq(ticket.contact_id))
}

/// The clocks, and what lists and jobs read of them.
pub fn clocks(ticket: &Ticket) -> impl Columns {
    (
        tickets::clocks.eq(DbJson(ticket.clocks.clone())),
        tickets::clocks_version.eq(ticket.deadlines.settings_version),
        tickets::due_at.eq(ticket.deadlines.due_at),
        tickets::alert_at.eq(ticket.deadlines.alert_at),
        tickets::queue_rank.eq(ticket.deadlines.queue_rank),
    )
}

/// The reminders that were sent.
pub fn reminders(ticket: &Ticket) -> impl Columns {
    (
        tickets::remind_at.eq(ticket.feedback.remind_at),
        tickets::review_notified_on.eq(ticket.review.reminded_on),
    )
}
