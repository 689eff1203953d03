//! Converts a stored ticket into that of the domain, and back.

use domain::sla::Grade;
use domain::ticket::{
    Confirmation, Deadlines, Details, Feedback, Head, Product, Reasons, Review, Texts, Ticket,
    Times,
};

use crate::tickets::store::TicketRow;
use crate::tickets::store::texts::TicketTexts;

/// Without its long texts: enough for actions that neither read nor write them.
impl From<TicketRow> for Ticket {
    fn from(row: TicketRow) -> Self {
        Self {
            id: row.id,
            version: row.version,
            company_id: row.company_id,
            project_id: row.project_id,
            direction_id: row.direction_id,
            product: Product { id: row.product_id, name: row.product_name },
            tracker: row.tracker.0,
            status: row.status.0,
            grade: Grade { priority: row.priority.0, complexity: row.complexity.0 },
            impact: row.impact.map(|it| it.0),
            urgency: row.urgency.map(|it| it.0),
            texts: Texts { subject: row.subject, ..Texts::default() },
            serial_number: row.serial_number,
            external_ref: row.external_ref,
            needs_details: row.needs_details,
            author_id: row.author_id,
            contact_id: row.contact_id,
            assignee_id: row.assignee_id,
            parent_id: row.parent_id,
            not_duplicate_of: row.not_duplicate_of,
            reasons: Reasons {
                close: row.close_reason.map(|it| it.0),
                refusal: row.refusal_reason.map(|it| it.0),
                duplicate_of: row.duplicate_of,
                merged_into: row.merged_into,
                waiting_on: row.waiting_on.map(|it| it.0),
            },
            confirmation: Confirmation { at: row.confirmed_at, rating: row.rating },
            topic_id: row.topic_id,
            root_cause: row.root_cause.map(|it| it.0),
            is_answer_due: row.is_answer_due,
            review: Review { on: row.review_on, reminded_on: row.review_notified_on },
            release_id: row.release_id,
            release_planned_on: row.release_planned_on,
            feedback: Feedback {
                since: row.feedback_since,
                closes_at: row.closes_at,
                remind_at: row.remind_at,
            },
            clocks: row.clocks.0,
            turns: row.turns.map(|it| it.0),
            deadlines: Deadlines {
                due_at: row.due_at,
                alert_at: row.alert_at,
                queue_rank: row.queue_rank,
                settings_version: row.clocks_version,
            },
            times: Times {
                created_at: row.created_at,
                updated_at: row.updated_at,
                accepted_at: row.accepted_at,
                first_answered_at: row.first_answered_at,
                resolved_at: row.resolved_at,
                closed_at: row.closed_at,
            },
            head: Head { seq: row.head_seq, hash: row.head_hash },
        }
    }
}

impl TicketRow {
    pub fn with_texts(self, texts: TicketTexts) -> Ticket {
        let mut ticket = Ticket::from(self);
        ticket.texts.description = texts.description;
        ticket.texts.details = Details {
            software_version: texts.software_version,
            connection_scheme: texts.connection_scheme,
            addresses: texts.addresses,
            steps: texts.steps,
            cause: texts.cause,
            expected_result: texts.expected_result,
        };
        ticket
    }
}

impl From<&Texts> for TicketTexts {
    fn from(texts: &Texts) -> Self {
        let Texts { description, details, .. } = texts.clone();
        Self {
            description,
            software_version: details.software_version,
            connection_scheme: details.connection_scheme,
            addresses: details.addresses,
            steps: details.steps,
            cause: details.cause,
            expected_result: details.expected_result,
        }
    }
}
