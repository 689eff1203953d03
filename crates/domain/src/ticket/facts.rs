//! What an action has to know apart from the ticket itself.

use chrono::{DateTime, NaiveDate, Utc};

use crate::role::Actor;
use crate::sla::Rules;
use crate::violation::FieldError;

/// Who does something, when, and under which settings.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// In what capacity.
    pub actor: Actor,
    /// The person; none: the system.
    pub user_id: Option<i64>,
    /// When, by the clock of the rules.
    pub now: DateTime<Utc>,
    /// The rules of time in force then.
    pub rules: &'a Rules,
}

/// Facts about other things. An action reads only what it refers to or what its rule needs; the rest
/// may keep its default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The children that are neither closed nor rejected; needed for closing.
    pub open_children: Vec<i64>,
    /// Whether `duplicate_of` names a ticket of the same company.
    pub is_duplicate_known: bool,
    /// Whether that was rejected, directly or through others, because it repeats this one.
    pub is_duplicate_circular: bool,
    /// Whether `confirmation_comment_id` names a public comment of the customer on this ticket, written since it
    /// last came back into work.
    pub is_confirmation_by_customer: bool,
    /// The given release of the ticket's product, or the one that it waited for before and is
    /// to wait for again.
    pub release: Option<Release>,
    /// Whether `topic_id` names an active topic of the ticket's direction.
    pub is_topic_known: bool,
    /// Whether the engineer named may be the assignee.
    pub is_assignee_eligible: bool,
    /// The project that an edit moves the ticket to.
    pub place: Option<Place>,
    /// The ticket that this one is to be merged into, if there is one of the same company.
    pub merge_target: Option<MergeTarget>,
    /// Whether the given parent would make the ticket its own ancestor.
    pub is_parent_circular: bool,
    /// Errors about other references, which are also looked up for a new ticket.
    pub missing: Vec<FieldError>,
    /// What is wrong with the files.
    pub wrong_files: Vec<FieldError>,
}

/// A release, as far as tickets depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release {
    /// Its id.
    pub id: i64,
    /// The planned date of publication.
    pub planned_on: Option<NaiveDate>,
    /// Whether it is out.
    pub is_published: bool,
}

/// Another ticket of the company, as far as merging depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergeTarget {
    /// Whether it is neither closed nor rejected.
    pub is_open: bool,
    /// The ticket that it was merged into itself.
    pub merged_into: Option<i64>,
}

/// Where a ticket is filed (App. 1, «Компания - Направление»).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the API")]
pub struct Place {
    pub project_id: i64,
    pub company_id: i64,
    pub direction_id: i64,
}
