//! The filters of a list as a condition on tickets.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::{Party, Priority};

use crate::db::schema::{attachments, ticket_watchers, tickets};
use crate::http::caller::Caller;
use crate::tickets::lists::filter::{StatusFilter, TicketFilter};
use crate::tickets::lists::id_or_none::IdOrNone;
use crate::tickets::view::counted::has_unread;
use crate::visibility;

/// A condition on the tickets of a list.
pub type Condition = crate::db::Condition<tickets::table>;

/// Filters of one kind; absent ones have no effect.
type Filters = Vec<Option<Condition>>;

/// That a column has one of some values. A single value is compared with `=`, so that an index in the order of
/// the list can be used.
macro_rules! one_of {
    ($column:expr, $values:expr) => {
        $values.map(|mut values| -> Condition {
            let last = values.pop();
            match last {
                Some(only) if values.is_empty() => Box::new($column.eq(only)),
                last => {
                    values.extend(last);
                    Box::new($column.eq_any(values))
                }
            }
        })
    };
}

/// The same for a column that may be null; `None` stands for null.
macro_rules! one_of_or_none {
    ($column:expr, $values:expr) => {
        $values.map(|values: Vec<Option<i64>>| -> Condition {
            let is_none: Option<Condition> =
                values.contains(&None).then(|| Box::new($column.is_null()) as _);
            let ids: Vec<i64> = values.into_iter().flatten().collect();
            let ids = (is_none.is_none() || !ids.is_empty()).then_some(ids);
            match (is_none, one_of!($column.assume_not_null(), ids)) {
                (Some(is_none), Some(these)) => Box::new(is_none.or(these)),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => Box::new(false.into_sql::<Bool>()),
            }
        })
    };
}

/// That the caller may read a ticket, and that it matches every filter.
pub fn condition(filter: &TicketFilter, caller: &Caller) -> Condition {
    let readable: Condition = Box::new(visibility::tickets(&caller.viewer));
    let filters = [
        of_words(filter),
        of_places(filter),
        of_people(filter, caller),
        of_state(filter, caller),
        of_beginning(filter),
        of_end(filter),
    ];
    filters.into_iter().flatten().flatten().fold(readable, |all, it| Box::new(all.and(it)))
}

fn of_words(filter: &TicketFilter) -> Filters {
    let trackers = filter.tracker.as_ref().map(|it| it.iter().map(|it| it.as_str()).collect());
    // As in the indexes.
    let ranks = filter.priority.as_ref().map(|it| it.iter().map(|it| rank(*it)).collect());
    vec![
        filter.status.as_deref().map(of_status),
        one_of!(tickets::tracker, trackers.map(|it: Vec<&'static str>| it)),
        one_of!(tickets::priority_rank, ranks.map(|it: Vec<i16>| it)),
    ]
}

/// The place of a priority in an order, as `priority_rank` has it.
const fn rank(priority: Priority) -> i16 {
    match priority {
        Priority::Critical => 1,
        Priority::High => 2,
        Priority::Medium => 3,
        Priority::Low => 4,
    }
}

/// Stated explicitly if all are open: the working indexes contain open tickets only.
fn of_status(statuses: &[StatusFilter]) -> Condition {
    let words: Vec<&'static str> = statuses.iter().map(|it| it.as_str()).collect();
    let has_open = statuses.contains(&StatusFilter::Open);
    let has_final = statuses.iter().any(|it| it.is_final());
    match (has_open, has_final) {
        (true, false) => Box::new(tickets::is_open),
        (true, true) => Box::new(tickets::is_open.or(tickets::status.eq_any(words))),
        (false, false) => Box::new(tickets::is_open.and(tickets::status.eq_any(words))),
        (false, true) => Box::new(tickets::status.eq_any(words)),
    }
}

fn of_places(filter: &TicketFilter) -> Filters {
    let number = |it: &String| it.trim().to_owned();
    vec![
        one_of!(tickets::project_id, filter.project_id.clone()),
        one_of!(tickets::company_id, filter.company_id.clone()),
        one_of!(tickets::direction_id, filter.direction_id.clone()),
        one_of_or_none!(tickets::product_id, filter.product_id.as_deref().map(ids_or_none)),
        one_of_or_none!(tickets::topic_id, filter.topic_id.as_deref().map(ids_or_none)),
        filter
            .parent_id
            .map(|it| -> Condition { Box::new(tickets::parent_id.assume_not_null().eq(it)) }),
        filter
            .release_id
            .map(|it| -> Condition { Box::new(tickets::release_id.assume_not_null().eq(it)) }),
        filter
            .external_ref
            .as_ref()
            .map(number)
            .map(|it| -> Condition { Box::new(tickets::external_ref.assume_not_null().eq(it)) }),
        filter
            .serial_number
            .as_ref()
            .map(number)
            .map(|it| -> Condition { Box::new(tickets::serial_number.assume_not_null().eq(it)) }),
    ]
}

fn ids_or_none(values: &[IdOrNone]) -> Vec<Option<i64>> {
    values.iter().map(|it| it.id()).collect()
}

fn of_people(filter: &TicketFilter, caller: &Caller) -> Filters {
    let author = filter.author_id.as_deref().and_then(|it| person(it, caller));
    let assignees = filter.assignee_id.as_deref();
    let assignees = assignees.map(|it| it.iter().map(|it| person(it, caller)).collect());
    vec![
        one_of_or_none!(tickets::assignee_id, assignees),
        author.map(|it| -> Condition { Box::new(tickets::author_id.eq(it)) }),
        filter.watcher_id.as_ref().map(|_| -> Condition {
            let watched = ticket_watchers::table
                .filter(ticket_watchers::user_id.eq(caller.user_id))
                .select(ticket_watchers::ticket_id);
            Box::new(tickets::id.eq_any(watched))
        }),
    ]
}

/// The person that a filter names; none for `none`.
fn person(name: &str, caller: &Caller) -> Option<i64> {
    if name == "me" { Some(caller.user_id) } else { name.parse().ok() }
}

fn of_state(filter: &TicketFilter, caller: &Caller) -> Filters {
    let (now, today) = (caller.now, caller.rules.calendar.day(caller.now));
    let review_on = tickets::review_on.assume_not_null();
    vec![
        filter.overdue.map(|it| match it {
            // Clocks run on open tickets only, which have indexes of their own.
            true => Box::new(tickets::is_open.and(tickets::due_at.lt(now))) as Condition,
            false => Box::new(tickets::due_at.ge(now)),
        }),
        filter.review_due.map(|it| match it {
            true => Box::new(review_on.le(today)) as Condition,
            false => Box::new(tickets::review_on.is_null().or(review_on.gt(today))),
        }),
        filter.answered.map(|it| match it {
            true => Box::new(tickets::first_answered_at.is_not_null()) as Condition,
            false => Box::new(tickets::first_answered_at.is_null()),
        }),
        filter.needs_action_from.map(|it| match it {
            // Only on finished tickets nobody has to act.
            Party::Nobody => Box::new(tickets::needs_action_from.eq(it.as_str())) as Condition,
            Party::Support | Party::Customer => {
                Box::new(tickets::is_open.and(tickets::needs_action_from.eq(it.as_str())))
            }
        }),
        filter.unread.map(|it| match it {
            true => Box::new(has_unread(caller)) as Condition,
            false => Box::new(not(has_unread(caller))),
        }),
        filter.has_files.map(|is_wanted| -> Condition {
            let files = attachments::table
                .filter(attachments::ticket_id.eq(tickets::id.nullable()))
                .filter(visibility::files_of_tickets(&caller.viewer));
            match is_wanted {
                true => Box::new(exists(files)),
                false => Box::new(not(exists(files))),
            }
        }),
    ]
}

fn of_beginning(filter: &TicketFilter) -> Filters {
    use tickets::{created_at, updated_at};

    vec![
        filter.created_after.map(|it| Box::new(created_at.gt(it)) as Condition),
        filter.created_before.map(|it| Box::new(created_at.lt(it)) as Condition),
        filter.updated_after.map(|it| Box::new(updated_at.gt(it)) as Condition),
        filter.updated_before.map(|it| Box::new(updated_at.lt(it)) as Condition),
    ]
}

fn of_end(filter: &TicketFilter) -> Filters {
    let resolved_at = tickets::resolved_at.assume_not_null();
    let closed_at = tickets::closed_at.assume_not_null();
    let waiting_on = tickets::waiting_on.assume_not_null();
    let close_reason = tickets::close_reason.assume_not_null();
    let refusal_reason = tickets::refusal_reason.assume_not_null();
    let rating = tickets::rating.assume_not_null();
    vec![
        filter.resolved_after.map(|it| Box::new(resolved_at.gt(it)) as Condition),
        filter.resolved_before.map(|it| Box::new(resolved_at.lt(it)) as Condition),
        filter.closed_after.map(|it| Box::new(closed_at.gt(it)) as Condition),
        filter.closed_before.map(|it| Box::new(closed_at.lt(it)) as Condition),
        filter.waiting_on.map(|it| Box::new(waiting_on.eq(it.as_str())) as Condition),
        filter.close_reason.map(|it| Box::new(close_reason.eq(it.as_str())) as Condition),
        filter.refusal_reason.map(|it| Box::new(refusal_reason.eq(it.as_str())) as Condition),
        filter.rating.map(|it| Box::new(rating.eq(it)) as Condition),
    ]
}
