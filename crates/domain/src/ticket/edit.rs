//! «Editing»: what people correct, and how support regrades a ticket.

use crate::registration;
use crate::registration::{RudeTexts, Wording};
use crate::status::Status;
use crate::violation::{FieldCode, FieldError, RuleViolation, check_none, merged};

use super::Ticket;
use super::action::{Edit, TicketPatch};
use super::case::Case;
use super::change::{Change, Values};
use super::editing;
use super::event::{Applied, Event, Reason};
use super::event_type::EventType;
use super::patch::Patch;

impl Case<'_> {
    /// Edits a ticket: every field error at once, then 3.4.1 for the new text.
    pub(super) fn edit(self, edit: Edit) -> Result<Applied, RuleViolation> {
        self.check_edit(&edit)?;
        let before = self.before;
        let mut after = before.clone();
        let (reason, rude) = (edit.patch.reason.clone(), edit.rude);
        if let Some(place) = self.facts.place {
            (after.project_id, after.direction_id) = (place.project_id, place.direction_id);
            // A topic is one of the ticket's direction.
            after.topic_id = after.topic_id.filter(|_| place.direction_id == before.direction_id);
        }
        apply_patch(&mut after, edit.patch);
        self.set_release(&mut after, edit.release_id);
        if after == *before {
            return Ok(Applied::nothing(before));
        }
        check_text(before, &after, &rude)?;
        if after.grade != before.grade {
            after.recalculate_clocks(self.context);
        }
        let mut changes = Change::between(before, &after);
        let (from, to) = (before.deadlines.due_at, after.deadlines.due_at);
        if from != to {
            changes.push(Change::DueAt(Values { from: Some(from.into()), to: Some(to.into()) }));
        }
        let reason = reason.map(Reason::public);
        let event = Event { reason, ..Event::new(EventType::Edited, changes) };
        Ok(Applied::recorded(after, event, self.context.now))
    }

    /// Field errors of the form and of the rules; if both concern one field, that of the form.
    fn check_edit(self, edit: &Edit) -> Result<(), RuleViolation> {
        self.check_open()?;
        let fields: Vec<&str> = edit.fields.iter().map(String::as_str).collect();
        let mut errors = match editing::check(self.before.status, self.context.actor, &fields) {
            Err(RuleViolation::Invalid(errors)) => errors,
            closed => closed.map(|()| Vec::new())?,
        };
        if edit.names_two_products {
            errors.push(FieldError::new("/product_name", FieldCode::Conflicts("product_id")));
        }
        errors.extend(self.wrong_places());
        errors.extend(self.release_error(edit.release_id));
        check_none(merged(edit.malformed.clone(), errors))
    }

    /// If the project belongs to another company, nothing else is reported: what belongs to it
    /// must not be revealed.
    fn wrong_places(self) -> Vec<FieldError> {
        let facts = self.facts;
        if facts.place.is_some_and(|it| it.company_id != self.before.company_id) {
            return vec![FieldError::new("/project_id", FieldCode::NotFound)];
        }
        let circular = FieldError::new("/parent_id", FieldCode::Circular);
        let is_circular = facts.is_parent_circular && facts.missing.is_empty();
        is_circular.then_some(circular).into_iter().chain(facts.missing.iter().cloned()).collect()
    }

    /// A release has to belong to the ticket's product, and to be unpublished if the ticket waits for it.
    fn release_error(self, named: Patch<i64>) -> Option<FieldError> {
        let waits = self.before.status == Status::AwaitingRelease;
        let code = match (named, self.facts.release) {
            (Patch::Set(_), None) => FieldCode::NotFound,
            (Patch::Set(_), Some(it)) if waits && it.is_published => FieldCode::NotApplicable,
            (Patch::Set(_), Some(_)) | (Patch::Keep | Patch::Clear, _) => return None,
        };
        Some(FieldError::new("/release_id", code))
    }

    /// Sets the given release; a ticket with a new product loses the release of the old one.
    fn set_release(self, after: &mut Ticket, named: Patch<i64>) {
        let before = self.before;
        let has_another_product = after.product.id != before.product.id;
        let release = match named {
            Patch::Set(_) => self.facts.release,
            Patch::Clear => None,
            Patch::Keep if has_another_product && before.release_id.is_some() => None,
            Patch::Keep => return,
        };
        if release.map(|it| it.id) == before.release_id {
            return;
        }
        if before.status == Status::AwaitingRelease {
            after.wait_for(release, self.context.now, self.context.rules);
        } else {
            after.release_id = release.map(|it| it.id);
        }
    }
}

fn apply_patch(ticket: &mut Ticket, patch: TicketPatch) {
    let names_product = patch.product_id.is_some() || patch.product_name.is_some();
    ticket.needs_details &= !names_product && patch.priority.is_none();
    if let Some(it) = patch.subject {
        it.trim().clone_into(&mut ticket.texts.subject);
    }
    if let Some(it) = patch.description {
        ticket.texts.description = it;
    }
    patch.details.apply_to(&mut ticket.texts.details);
    if let Some(it) = patch.product_id {
        (ticket.product.id, ticket.product.name) = (Some(it), None);
    }
    if let Some(it) = patch.product_name {
        (ticket.product.id, ticket.product.name) = (None, Some(it.trim().to_owned()));
    }
    let trimmed = |it: String| it.trim().to_owned();
    patch.parent_id.apply_to(&mut ticket.parent_id);
    patch.external_ref.map(trimmed).apply_to(&mut ticket.external_ref);
    patch.serial_number.map(trimmed).apply_to(&mut ticket.serial_number);
    ticket.tracker = patch.tracker.unwrap_or(ticket.tracker);
    ticket.grade.priority = patch.priority.unwrap_or(ticket.grade.priority);
    ticket.grade.complexity = patch.complexity.unwrap_or(ticket.grade.complexity);
}

/// 3.4.1.1 and 3.4.1.3 hold for an edited text as they do for a new one.
fn check_text(before: &Ticket, after: &Ticket, rude: &RudeTexts) -> Result<(), RuleViolation> {
    match registration::edit_refusals(&wording(before), &wording(after), rude).first() {
        Some(reason) => Err(RuleViolation::Registration(*reason)),
        None => Ok(()),
    }
}

fn wording(ticket: &Ticket) -> Wording<'_> {
    let Ticket { texts, product, .. } = ticket;
    let details = texts.details.each().into_iter().filter_map(|(_, it)| it.as_deref());
    let others = details.chain(product.name.as_deref()).collect();
    Wording { subject: &texts.subject, description: &texts.description, others }
}
