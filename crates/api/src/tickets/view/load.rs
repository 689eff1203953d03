//! One ticket, as it is read.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::db::schema::{
    attachments, companies, directions, products, releases, ticket_links, ticket_texts,
    ticket_watchers, tickets, topics, users,
};
use crate::http::caller::Caller;
use crate::tickets::store::TicketRow;
use crate::tickets::store::merged::final_ticket;
use crate::tickets::store::texts::TicketTexts;
use crate::tickets::view::counted::{comments_count, unread_comments};
use crate::tickets::view::{Ticket, TicketCounts, TicketNames};
use crate::visibility;
use crate::visibility::known::Known;

impl Ticket {
    /// One ticket with everything that a response shows of it, in one statement.
    /// Errors: `NotFound` where there is none, or none that `caller` may know of.
    pub fn load(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<Self> {
        let (authors, contacts, assignees) =
            diesel::alias!(users as authors, users as contacts, users as assignees);
        let children = diesel::alias!(tickets as children);
        let viewer = &caller.viewer;
        let files = attachments::table
            .filter(attachments::ticket_id.eq(tickets::id.nullable()))
            .filter(visibility::files_of_tickets(viewer))
            .count();
        let of_it = children
            .filter(children.field(tickets::parent_id).eq(tickets::id.nullable()))
            .filter(visibility::tickets(viewer).of(children.field(tickets::id), "children"))
            .count();
        let open_children = children
            .filter(children.field(tickets::parent_id).eq(tickets::id.nullable()))
            .filter(children.field(tickets::is_open));
        let watchers = ticket_watchers::table
            .filter(ticket_watchers::ticket_id.eq(tickets::id))
            .order(ticket_watchers::user_id)
            .select(ticket_watchers::user_id);
        let others = diesel::alias!(tickets as others);
        let related = ticket_links::table
            .inner_join(others.on(others.field(tickets::id).eq(ticket_links::other_id)))
            .filter(ticket_links::ticket_id.eq(tickets::id))
            .filter(visibility::tickets(viewer).of(others.field(tickets::id), "others"))
            .order(ticket_links::other_id)
            .select(ticket_links::other_id);
        let repeating = diesel::alias!(tickets as repeating);
        let merged = repeating
            .filter(repeating.field(tickets::merged_into).eq(tickets::id.nullable()))
            .filter(visibility::tickets(viewer).of(repeating.field(tickets::id), "repeating"))
            .order(repeating.field(tickets::id))
            .select(repeating.field(tickets::id));
        let (row, texts, names, counts) = tickets::table
            .inner_join(ticket_texts::table)
            .inner_join(companies::table)
            .inner_join(directions::table)
            .left_join(products::table)
            .inner_join(authors.on(authors.field(users::id).eq(tickets::author_id)))
            .left_join(contacts.on(contacts.field(users::id).nullable().eq(tickets::contact_id)))
            .left_join(assignees.on(assignees.field(users::id).nullable().eq(tickets::assignee_id)))
            .left_join(releases::table.on(releases::id.nullable().eq(tickets::release_id)))
            .left_join(topics::table.on(topics::id.nullable().eq(tickets::topic_id)))
            .filter(tickets::id.eq(id))
            .filter(visibility::tickets(viewer))
            .select((
                TicketRow::as_select(),
                TicketTexts::as_select(),
                (
                    companies::name,
                    directions::name,
                    products::name.nullable(),
                    authors.fields((users::first_name, users::last_name, users::role)),
                    contacts.fields((users::first_name, users::last_name)).nullable(),
                    assignees.fields((users::first_name, users::last_name)).nullable(),
                    (releases::id, releases::version, releases::planned_on, releases::published_at)
                        .nullable(),
                    topics::name.nullable(),
                ),
                (
                    comments_count(caller),
                    unread_comments(caller),
                    files.single_value(),
                    of_it.single_value(),
                    exists(open_children),
                    diesel::dsl::array::<BigInt, _>(watchers),
                    diesel::dsl::array::<BigInt, _>(related),
                    diesel::dsl::array::<BigInt, _>(merged),
                ),
            ))
            .first::<(TicketRow, TicketTexts, TicketNames, TicketCounts)>(conn)?;
        let ticket = with_known_others(row.with_texts(texts), caller, conn)?;
        Self::new(ticket, names, counts, caller, conn)
    }
}

/// The ticket as it refers to others: to those that the caller may know of, and to what one was merged into in the end.
fn with_known_others(
    mut ticket: domain::ticket::Ticket,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<domain::ticket::Ticket> {
    if let Some(into) = ticket.reasons.merged_into {
        ticket.reasons.merged_into = Some(final_ticket(into, conn)?);
    }
    let reasons = ticket.reasons;
    let others = [ticket.parent_id, reasons.duplicate_of, reasons.merged_into];
    let others = others.into_iter().flatten().chain(ticket.not_duplicate_of.clone());
    let known = Known::among(others, &caller.viewer, conn)?;
    ticket.parent_id = known.only(ticket.parent_id);
    ticket.reasons.duplicate_of = known.only(reasons.duplicate_of);
    ticket.reasons.merged_into = known.only(reasons.merged_into);
    ticket.not_duplicate_of.retain(|it| known.contains(*it));
    Ok(ticket)
}
