//! 3.1-3.3: how a request becomes a ticket.

use crate::balancing::AssignmentCause;
use crate::clocks::Clocks;
use crate::facts::Turns;
use crate::priority::{Complexity, Urgency};
use crate::registration;
use crate::sla::Grade;
use crate::status::Status;
use crate::tracker::Tracker;
use crate::violation::RuleViolation;

use super::change::Change;
use super::event::{Applied, Event};
use super::event_type::EventType;
use super::facts::{Context, Place};
use super::text::Texts;
use super::{Confirmation, Deadlines, Feedback, Head, Product, Reasons, Review, Ticket, Times};

/// A validated request, with the initial state of its ticket.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub struct Filing {
    pub place: Place,
    pub product: Product,
    pub tracker: Tracker,
    /// Priority, or impact and urgency.
    pub grade: registration::Grade,
    pub texts: Texts,
    pub serial_number: Option<String>,
    pub external_ref: Option<String>,
    pub needs_details: bool,
    pub author_id: i64,
    pub assignee_id: Option<i64>,
    pub parent_id: Option<i64>,
    pub watcher_ids: Vec<i64>,
    pub not_duplicate_of: Vec<i64>,
    /// Why the system assigned it.
    pub cause: Option<AssignmentCause>,
}

impl Ticket {
    /// A new ticket, which gets its number when it is stored; its acceptance clock is running (2.4.1).
    /// Errors: a request with neither or both of priority and impact.
    pub fn file(filing: Filing, context: &Context<'_>) -> Result<Applied, RuleViolation> {
        let (now, rules) = (context.now, context.rules);
        let priority =
            filing.grade.priority().map_err(|error| RuleViolation::Invalid(vec![error]))?;
        let grade = Grade { priority, complexity: Complexity::Normal };
        let clocks = Clocks::filed(now, rules);
        let trimmed = |it: Option<String>| it.map(|it| it.trim().to_owned());
        let subject = filing.texts.subject.trim().to_owned();
        let ticket = Self {
            id: 0,
            version: 1,
            company_id: filing.place.company_id,
            project_id: filing.place.project_id,
            direction_id: filing.place.direction_id,
            product: Product { id: filing.product.id, name: trimmed(filing.product.name) },
            tracker: filing.tracker,
            status: Status::New,
            grade,
            impact: filing.grade.impact,
            urgency: filing.grade.urgency.or(filing.grade.impact.map(|_| Urgency::Normal)),
            texts: Texts { subject, ..filing.texts },
            serial_number: trimmed(filing.serial_number),
            external_ref: trimmed(filing.external_ref),
            needs_details: filing.needs_details,
            author_id: filing.author_id,
            contact_id: None,
            assignee_id: filing.assignee_id,
            parent_id: filing.parent_id,
            not_duplicate_of: filing.not_duplicate_of,
            reasons: Reasons::default(),
            confirmation: Confirmation::default(),
            is_answer_due: false,
            review: Review::default(),
            release_id: None,
            release_planned_on: None,
            topic_id: None,
            root_cause: None,
            feedback: Feedback::default(),
            deadlines: Deadlines::of(&clocks, grade, rules),
            clocks,
            turns: Some(Turns::filed(now)),
            times: Times {
                created_at: now,
                updated_at: now,
                accepted_at: None,
                first_answered_at: None,
                resolved_at: None,
                closed_at: None,
            },
            head: Head::default(),
        };
        let changes = Change::of_filing(&ticket, &filing.watcher_ids);
        let event = Event { cause: filing.cause, ..Event::new(EventType::Created, changes) };
        Ok(Applied { ticket, event: Some(event) })
    }
}
