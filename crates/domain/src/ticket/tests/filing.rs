//! 3.1-3.3: what a ticket begins with.

use super::fixture::{ENGINEER, Life, at, context, filing};
use crate::balancing::AssignmentCause;
use crate::priority::{Impact, Priority, Urgency};
use crate::registration;
use crate::role::Role;
use crate::status::{Party, Status};
use crate::ticket::{Change, EventType, Filing, Ticket, Values};

/// 2.4.1: a new ticket waits for support, whose hour runs.
#[test]
fn c2_4_1_a_new_ticket_waits_to_be_taken_on() {
    let life = Life::filed();

    assert_eq!(life.ticket.status, Status::New);
    assert_eq!(life.ticket.needs_action_from(), Party::Support);
    assert_eq!(life.ticket.deadlines.due_at, at("24T11:00"));
    assert_eq!(life.ticket.deadlines.alert_at, Some(at("24T10:45")));
    assert_eq!(life.ticket.deadlines.queue_rank, Some(at("24T10:00")));
}

/// Advantage 3: the priority follows from impact and urgency, and all three stay.
#[test]
fn a3_the_priority_follows_from_the_impact() {
    let life = Life::filed();
    let grade = registration::Grade { priority: None, impact: Some(Impact::Outage), urgency: None };
    let context = context(Role::Customer.into(), life.now, &life.rules);

    let filed = Ticket::file(Filing { grade, ..filing() }, &context).expect("a ticket").ticket;

    assert_eq!(filed.grade.priority, Priority::Critical);
    assert_eq!((filed.impact, filed.urgency), (Some(Impact::Outage), Some(Urgency::Normal)));
}

/// Advantage 2: history begins with what the ticket was filed with, and nothing that it has not.
#[test]
fn a2_history_begins_with_what_was_filed() {
    let life = Life::filed();
    let filing = Filing {
        assignee_id: Some(ENGINEER),
        external_ref: Some(" SD-1 ".to_owned()),
        watcher_ids: vec![8],
        cause: Some(AssignmentCause::Balancing),
        ..filing()
    };
    let context = context(Role::Customer.into(), life.now, &life.rules);

    let event = Ticket::file(filing, &context).expect("a ticket").event.expect("an event");

    assert_eq!((event.kind, event.cause), (EventType::Created, Some(AssignmentCause::Balancing)));
    let names: Vec<&str> = event.changes.iter().map(Change::field).collect();
    let expected = [
        "status",
        "project_id",
        "tracker",
        "priority",
        "complexity",
        "product_id",
        "author_id",
        "assignee_id",
        "external_ref",
        "watcher_ids",
    ];
    assert_eq!(names, expected);
    assert!(event.changes.contains(&Change::ExternalRef(Values::new("SD-1".to_owned()))));
}
