//! What a list adds to its tickets on request.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::max;
use diesel::prelude::*;
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::db::schema::{attachments, comments, tickets, users};
use crate::http::caller::Caller;
use crate::http::refs::{Person, PersonColumns};
use crate::tickets::view::summary::TicketSummary;
use crate::visibility;

/// What to add to a list and to its tickets.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Include {
    /// Additional members of each ticket, comma-separated.
    #[param(style = Form, explode = false, nullable = false, max_items = 2)]
    pub include: Option<Vec<Inclusion>>,
    /// Whether to count all tickets of the list.
    #[param(nullable = false)]
    pub total: Option<bool>,
}

/// A member of the tickets of a list that is included on request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Inclusion {
    /// The newest comment that you can read.
    LastComment,
    /// The numbers of files and children.
    Counts,
}

/// A ticket in a list, with what `include` names.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedTicket {
    /// The ticket.
    #[serde(flatten)]
    pub ticket: TicketSummary,
    /// The newest comment that you can read, if `include` names it and there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last_comment: Option<LastComment>,
    /// The number of files that you can see, if `include` names `counts`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub attachments_count: Option<i64>,
    /// The number of tickets that name this one as their parent, if `include` names `counts`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub children_count: Option<i64>,
}

/// The newest comment of a ticket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LastComment {
    /// The number by which paths and other objects refer to it.
    pub id: i64,
    /// The author of the comment.
    pub author: Person,
    /// The text; empty once it has been redacted.
    pub body: String,
    /// Whether this is an internal note, which only staff can see.
    pub internal: bool,
    /// When it was created.
    pub created_at: Timestamp,
}

/// Adds to the tickets of a page what was asked for, one statement each.
pub fn with_included(
    page: Vec<TicketSummary>,
    include: &Include,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Vec<ListedTicket>> {
    let is_included = |it: Inclusion| include.include.as_ref().is_some_and(|all| all.contains(&it));
    let ids: Vec<i64> = page.iter().map(|it| it.id).collect();
    let mut last_comments = match is_included(Inclusion::LastComment) {
        true => last_comments(&ids, caller, conn)?,
        false => HashMap::new(),
    };
    let counts = match is_included(Inclusion::Counts) {
        true => Some(counts(&ids, caller, conn)?),
        false => None,
    };
    let count = |id: i64| counts.as_ref().map(|it| it.get(&id).copied().unwrap_or_default());
    let listed = page.into_iter().map(|ticket| ListedTicket {
        last_comment: last_comments.remove(&ticket.id),
        attachments_count: count(ticket.id).map(|(files, _)| files),
        children_count: count(ticket.id).map(|(_, children)| children),
        ticket,
    });
    Ok(listed.collect())
}

type CommentRow = (i64, i64, Option<PersonColumns>, String, bool, DateTime<Utc>);

fn last_comments(
    ids: &[i64],
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<HashMap<i64, LastComment>> {
    let newest = diesel::alias!(comments as newest);
    let (of, id) = (newest.field(comments::ticket_id), newest.field(comments::id));
    let last = newest
        .filter(of.eq_any(ids))
        .filter(visibility::comments(&caller.viewer).of(id, "newest"))
        .group_by(of)
        .select(max(id).assume_not_null());
    let rows: Vec<CommentRow> = comments::table
        .left_join(users::table)
        .filter(comments::id.eq_any(last))
        .select((
            comments::id,
            comments::ticket_id,
            (users::id, users::first_name, users::last_name, users::role).nullable(),
            comments::body,
            comments::is_internal,
            comments::created_at,
        ))
        .load(conn)?;
    let shown = rows.into_iter().map(|(id, ticket_id, author, body, internal, created_at)| {
        let author = Person::of(author, caller.language);
        (ticket_id, LastComment { id, author, body, internal, created_at: created_at.into() })
    });
    Ok(shown.collect())
}

/// The numbers of files and children that the caller can see.
fn counts(
    ids: &[i64],
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<HashMap<i64, (i64, i64)>> {
    let children = diesel::alias!(tickets as children);
    let files = attachments::table
        .filter(attachments::ticket_id.eq(tickets::id.nullable()))
        .filter(visibility::files_of_tickets(&caller.viewer))
        .count();
    let of_it = children
        .filter(children.field(tickets::parent_id).eq(tickets::id.nullable()))
        .filter(visibility::tickets(&caller.viewer).of(children.field(tickets::id), "children"))
        .count();
    let rows: Vec<(i64, Option<i64>, Option<i64>)> = tickets::table
        .filter(tickets::id.eq_any(ids))
        .select((tickets::id, files.single_value(), of_it.single_value()))
        .load(conn)?;
    let counted = |(id, files, children): (i64, Option<i64>, Option<i64>)| {
        (id, (files.unwrap_or(0), children.unwrap_or(0)))
    };
    Ok(rows.into_iter().map(counted).collect())
}
