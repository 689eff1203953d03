//! How tickets are shown in responses.

pub(crate) mod column;
pub(crate) mod counted;
pub(crate) mod hint;
mod load;
pub(crate) mod release;
pub(crate) mod sla;
pub(crate) mod summary;

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::Timestamp;
use domain::registration;
use domain::ticket::{AllowedActions, Details, Thing};
use domain::workflow;
use domain::{
    CloseReason, Complexity, Impact, Party, Priority, RefusalReason, Role, RootCause, Status,
    Tracker, Urgency, WaitingOn,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::string_enum::DbEnum;
use crate::http::caller::Caller;
use crate::http::refs::{Person, Ref};
use crate::names::{Names, TicketRef};
use crate::projects::view::project_name;
use crate::tickets::view::hint::Hint;
use crate::tickets::view::release::{ReleaseColumns, TicketRelease};
use crate::tickets::view::sla::{TicketSla, solved_in};

/// A ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ticket {
    /// The ticket number: 1042 is displayed as «№1042».
    pub id: i64,
    /// The version number, incremented with every change of the ticket, but not with a comment.
    pub version: i32,
    /// The project that the ticket was created in.
    pub project: Ref,
    /// The company of the project.
    pub company: Ref,
    /// The direction of the project.
    pub direction: Ref,
    /// The product; null if it is not in the catalogue.
    pub product: Option<Ref>,
    /// The name of the product as the customer gave it, if it is not in the catalogue.
    pub product_name: Option<String>,
    /// The tracker: the kind of request (3.2).
    pub tracker: Tracker,
    /// The status (2.5).
    pub status: Status,
    /// The priority (3.2).
    pub priority: Priority,
    /// The impact of the problem on the service, if the priority was derived from it.
    pub impact: Option<Impact>,
    /// How soon help is needed, if the priority was derived from it.
    pub urgency: Option<Urgency>,
    /// The complexity of the answer (2.4.2).
    pub complexity: Complexity,
    /// A short summary of the problem.
    pub subject: String,
    /// A detailed description of the problem.
    pub description: String,
    #[serde(flatten)]
    #[schema(inline)]
    pub details: Details,
    /// The serial number of the device.
    pub serial_number: Option<String>,
    /// The customer's own reference.
    pub external_ref: Option<String>,
    /// Whether the ticket was created from an e-mail, and product and priority are still assumed: naming
    /// either of them ends it.
    pub needs_details: bool,
    /// Who created the ticket, or on whose behalf it was created.
    pub author: Person,
    /// The colleague who took over from an author who has left.
    pub contact: Option<Ref>,
    /// The engineer who works on it.
    pub assignee: Option<Ref>,
    /// The ticket of which this one is a part.
    pub parent: Option<TicketRef>,
    /// Open tickets that the author has declared to be different from this one (3.4.1.4).
    pub not_duplicate_of: Vec<TicketRef>,
    /// Who has to act now.
    pub needs_action_from: Party,
    /// Why the ticket was closed.
    pub close_reason: Option<CloseReason>,
    /// Why the ticket was rejected.
    pub refusal_reason: Option<RefusalReason>,
    /// The ticket that this one duplicates.
    pub duplicate: Option<TicketRef>,
    /// The ticket in which this one goes on: the last one, if that was merged as well.
    pub merged_into: Option<TicketRef>,
    /// What the ticket waits for.
    pub waiting_on: Option<WaitingOn>,
    /// What the ticket was about, as support classified it.
    pub topic: Option<Ref>,
    /// The root cause of the problem, as support found it.
    pub root_cause: Option<RootCause>,
    /// When the customer confirmed the solution.
    pub confirmed_at: Option<Timestamp>,
    /// How satisfied the customer was, from 1 to 5.
    pub rating: Option<i16>,
    /// The date on which a waiting ticket is due for review.
    pub review_on: Option<NaiveDate>,
    /// Whether the review is due.
    pub review_due: bool,
    /// When a ticket in `feedback` will be closed, unless the customer replies or a
    /// child is open (2.5).
    pub closes_at: Option<Timestamp>,
    /// The release that the ticket waits for, or the one that was last provided in it.
    pub release: Option<TicketRelease>,
    /// When support accepted the ticket.
    pub accepted_at: Option<Timestamp>,
    /// When support first replied to the customer.
    pub first_answered_at: Option<Timestamp>,
    /// When the ticket was last resolved.
    pub resolved_at: Option<Timestamp>,
    /// When the ticket was closed or rejected.
    pub closed_at: Option<Timestamp>,
    /// When the ticket was created.
    pub created_at: Timestamp,
    /// When the ticket was last changed or commented on.
    pub updated_at: Timestamp,
    /// How long it took until the ticket was resolved, or closed without that, in working minutes.
    pub solved_in_working_minutes: Option<i64>,
    /// The deadlines for accepting and answering the ticket (2.4).
    pub sla: TicketSla,
    /// The statuses that you may move the ticket to now.
    pub allowed_transitions: Vec<Status>,
    /// What you may do to it now, besides moving it.
    pub allowed_actions: AllowedActions,
    /// The number of comments that the caller can read.
    pub comments_count: i64,
    /// The number of other people's comments that you have not read.
    pub unread_comments: i64,
    /// The number of files that the caller can see.
    pub attachments_count: i64,
    /// The number of tickets that name this one as their parent.
    pub children_count: i64,
    /// The users who are notified of changes besides the author and the assignee.
    pub watchers: Vec<Ref>,
    /// Related tickets; customers see those of their company.
    pub related: Vec<TicketRef>,
    /// The tickets that were merged into this one.
    pub merged: Vec<TicketRef>,
    /// What could be added to speed up the work (3.1, 3.2).
    pub hints: Vec<Hint>,
}

/// The names that a ticket shows, which are not in its row.
#[derive(Debug, Clone, Queryable)]
pub struct TicketNames {
    pub company: String,
    pub direction: String,
    pub product: Option<String>,
    /// The author's first and last name, and the role.
    pub author: (String, String, DbEnum<Role>),
    pub contact: Option<(String, String)>,
    pub assignee: Option<(String, String)>,
    /// The release that it waits for, or that was provided.
    pub release: Option<ReleaseColumns>,
    pub topic: Option<String>,
}

/// What is counted about a ticket.
#[derive(Debug, Clone, Default, Queryable)]
pub struct TicketCounts {
    comments: i64,
    unread: i64,
    attachments: Option<i64>,
    children: Option<i64>,
    /// Be it one that the reader may not know of.
    has_open_children: bool,
    pub watchers: Vec<i64>,
    related: Vec<i64>,
    merged: Vec<i64>,
}

impl TicketCounts {
    /// Those of a newly filed ticket.
    pub fn of_new(mut watchers: Vec<i64>, files: usize) -> Self {
        watchers.sort_unstable();
        watchers.dedup();
        Self { watchers, attachments: i64::try_from(files).ok(), ..Self::default() }
    }
}

impl Ticket {
    /// A ticket with its texts, as far as `caller` may see it.
    pub fn new(
        ticket: domain::ticket::Ticket,
        names: TicketNames,
        counts: TicketCounts,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        let others = Names::of(named_in(&ticket, &counts), conn)?;
        let (first, last, role) = names.author;
        let person = |id: i64, (first, last): &(String, String)| Ref::person(id, first, last);
        let (rules, today) = (&caller.rules, caller.rules.calendar.day(caller.now));
        let times = ticket.times;
        let transitions = workflow::transitions(ticket.status, caller.role).map(|it| it.to);
        let hints =
            registration::hints(&ticket.texts.details).map(|it| Hint::new(it, caller.language));
        Ok(Self {
            id: ticket.id,
            version: ticket.version,
            project: Ref::new(ticket.project_id, project_name(&names.company, &names.direction)),
            company: Ref::new(ticket.company_id, names.company),
            direction: Ref::new(ticket.direction_id, names.direction),
            product: ticket.product.id.zip(names.product).map(|(id, name)| Ref::new(id, name)),
            tracker: ticket.tracker,
            status: ticket.status,
            priority: ticket.grade.priority,
            impact: ticket.impact,
            urgency: ticket.urgency,
            complexity: ticket.grade.complexity,
            author: (ticket.author_id, first, last, role).into(),
            contact: ticket.contact_id.zip(names.contact).map(|(id, it)| person(id, &it)),
            assignee: ticket.assignee_id.zip(names.assignee).map(|(id, it)| person(id, &it)),
            parent: ticket.parent_id.and_then(|it| others.ticket(it)),
            needs_action_from: ticket.needs_action_from(),
            close_reason: ticket.reasons.close,
            refusal_reason: ticket.reasons.refusal,
            duplicate: ticket.reasons.duplicate_of.and_then(|it| others.ticket(it)),
            merged_into: ticket.reasons.merged_into.and_then(|it| others.ticket(it)),
            waiting_on: ticket.reasons.waiting_on,
            topic: ticket.topic_id.zip(names.topic).map(|(id, name)| Ref::new(id, name)),
            root_cause: ticket.root_cause,
            confirmed_at: ticket.confirmation.at.map(Timestamp),
            rating: ticket.confirmation.rating,
            review_on: ticket.review.on,
            review_due: ticket.review.on.is_some_and(|it| it <= today),
            closes_at: ticket.feedback.closes_at.map(Timestamp),
            release: names.release.map(TicketRelease::new),
            accepted_at: times.accepted_at.map(Timestamp),
            first_answered_at: times.first_answered_at.map(Timestamp),
            resolved_at: times.resolved_at.map(Timestamp),
            closed_at: times.closed_at.map(Timestamp),
            created_at: times.created_at.into(),
            updated_at: times.updated_at.into(),
            solved_in_working_minutes: solved_in(&times, ticket.status, rules),
            sla: TicketSla::new(&ticket.clocks, caller.now, rules),
            allowed_transitions: transitions.collect(),
            allowed_actions: AllowedActions::of(
                ticket.status,
                &ticket.clocks,
                counts.has_open_children,
                caller.role,
            ),
            comments_count: counts.comments,
            unread_comments: counts.unread,
            attachments_count: counts.attachments.unwrap_or(0),
            children_count: counts.children.unwrap_or(0),
            watchers: others.people(&counts.watchers),
            related: others.tickets(&counts.related),
            merged: others.tickets(&counts.merged),
            hints: hints.collect(),
            product_name: ticket.product.name,
            subject: ticket.texts.subject,
            description: ticket.texts.description,
            details: ticket.texts.details,
            serial_number: ticket.serial_number,
            external_ref: ticket.external_ref,
            needs_details: ticket.needs_details,
            not_duplicate_of: others.tickets(&ticket.not_duplicate_of),
        })
    }
}

/// The tickets and people that a ticket names by their ids.
fn named_in(ticket: &domain::ticket::Ticket, counts: &TicketCounts) -> Vec<(Thing, i64)> {
    let reasons = ticket.reasons;
    let one = [ticket.parent_id, reasons.duplicate_of, reasons.merged_into].into_iter().flatten();
    let many = [&ticket.not_duplicate_of, &counts.related, &counts.merged].into_iter().flatten();
    let tickets = one.chain(many.copied());
    let people = counts.watchers.iter().map(|it| (Thing::Person, *it));
    tickets.map(|it| (Thing::Ticket, it)).chain(people).collect()
}
