//! 3.3, clause 1 and advantage 5: the assignee and the contact of a ticket.

use crate::balancing::AssignmentCause;
use crate::status::Status;
use crate::violation::{FieldCode, RuleViolation};

use super::Ticket;
use super::action::{HandOver, Step};
use super::case::Case;
use super::event::{Applied, Reason};
use super::event_type::EventType;

impl Case<'_> {
    /// Somebody assigns or unassigns a ticket. Assigning does not accept it: a new ticket stays new.
    pub(super) fn assign(
        self,
        assignee_id: Option<i64>,
        reason: Option<String>,
    ) -> Result<Applied, RuleViolation> {
        self.check_open()?;
        if assignee_id.is_some() && !self.facts.is_assignee_eligible {
            return Err(RuleViolation::field("/assignee_id", FieldCode::NotFound));
        }
        Ok(self.assigned(assignee_id).explained(reason.map(Reason::internal)))
    }

    /// The least loaded engineer gets a ticket.
    pub(super) fn distribute(self, assignee_id: i64) -> Result<Applied, RuleViolation> {
        self.check_open()?;
        Ok(self.assigned(Some(assignee_id)).because(AssignmentCause::Balancing))
    }

    /// An engineer takes a ticket from the head of the queue, which accepts a new one.
    pub(super) fn take(self) -> Result<Applied, RuleViolation> {
        self.check_open()?;
        let taken = match self.before.status == Status::New {
            true => self.apply_transition(Status::InProgress, Step::default())?,
            false => self.assigned(self.context.user_id),
        };
        Ok(taken.because(AssignmentCause::Queue))
    }

    /// An open ticket is handed over because its contact or assignee leaves or is absent.
    pub(super) fn hand_over(self, to: HandOver) -> Result<Applied, RuleViolation> {
        self.check_open()?;
        Ok(match to {
            HandOver::Contact(id) => {
                let after = Ticket { contact_id: Some(id), ..self.before.clone() };
                self.changed(after, EventType::Edited)
            }
            HandOver::Assignee { to, cause } => self.assigned(to).because(cause),
        })
    }

    fn assigned(self, assignee_id: Option<i64>) -> Applied {
        let after = Ticket { assignee_id, ..self.before.clone() };
        self.changed(after, EventType::Assigned)
    }
}
