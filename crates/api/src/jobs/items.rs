//! What waits for jobs, as queries whose rows are counted.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::QueryFragment;

use crate::db;
use crate::db::schema::{feed, tickets, webhook_deliveries};
use crate::events::consumer::is_unread_by;
use crate::tickets::store::Condition;

/// A query whose rows are items of work.
pub type Items = Box<dyn QueryFragment<Pg>>;

/// Tickets of which something is true.
pub fn of_tickets(condition: Condition) -> Items {
    Box::new(tickets::table.filter(condition).select(tickets::id))
}

/// Messages to webhooks of which something is true.
pub fn deliveries(condition: db::Condition<webhook_deliveries::table>) -> Items {
    Box::new(webhook_deliveries::table.filter(condition).select(webhook_deliveries::id))
}

/// The events that a consumer has not dealt with yet.
pub fn unread(consumer: &'static str) -> Items {
    Box::new(feed::table.filter(is_unread_by(consumer)).select(feed::position))
}
