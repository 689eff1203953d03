//! `GET /me/tickets`: my page (App. 2).

use actix_web::get;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use domain::{Party, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::any_of::AnyOf;
use crate::db::cut::{Cut, size};
use crate::db::named::Named;
use crate::db::schema::tickets;
use crate::http::caller::Caller;
use crate::http::page::{Key, Page, PageQuery, Paged};
use crate::http::query::Query;
use crate::http::request_db::RequestDb;
use crate::problem::Problem;
use crate::tickets::view::summary::TicketSummary;
use crate::visibility;

/// An open ticket on your page.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyTicket {
    /// The ticket.
    #[serde(flatten)]
    pub ticket: TicketSummary,
    /// Whether the ticket waits for your action: for customers «Обратная связь» and an unconfirmed
    /// solution, for support work that is assigned to you.
    pub needs_your_action: bool,
}

/// A page of your tickets.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyTicketPage {
    /// Tickets that wait for your action first, then newest first.
    pub items: Vec<MyTicket>,
    /// Where the next page begins; null on the last page.
    pub next_cursor: Option<String>,
    /// The totals of all pages.
    pub counts: MyCounts,
}

/// The totals of your page.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct MyCounts {
    /// The number of your open tickets.
    pub open: i64,
    /// How many of those tickets wait for your action.
    pub needs_your_action: i64,
    /// The number of other people's comments on them that you have not read; at most 1000.
    #[schema(maximum = 1000)]
    pub unread_comments: i64,
}

/// The maximum number of unread comments that are counted for a page.
pub const MAX_UNREAD: i64 = 1000;

/// The place of a ticket on my page: whether it waits for me, and its number.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Position(bool, i64);

impl Key for Position {
    fn is_storable(&self) -> bool {
        true
    }
}

/// List my tickets
///
/// The open tickets that you created, took over, watch or are assigned to; those waiting for your action come
/// first. `counts` covers all pages.
#[utoipa::path(
    tag = "me",
    operation_id = "me_tickets_list",
    params(PageQuery),
    responses((status = 200, description = "A page of your tickets", body = MyTicketPage)),
)]
#[get("/me/tickets")]
pub async fn list(
    db: RequestDb,
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Paged<MyTicketPage>, Problem> {
    let page = page.bound_to(("me/tickets", caller.user_id))?;
    let work = move |conn: &mut _| {
        let (counts, items) = load(&caller, page.after, page.limit, conn)?;
        Ok((counts, page.cut(items, |it| Position(it.needs_your_action, it.ticket.id))))
    };
    let (counts, Page { items, next_cursor }) = db.run(work).await?;
    Ok(Paged::of(next_cursor, |next_cursor| MyTicketPage { items, next_cursor, counts }))
}

/// The counts, and with them a ticket of the page; none on an empty page.
#[derive(QueryableByName)]
struct MineRow {
    #[diesel(sql_type = BigInt)]
    open: i64,
    #[diesel(sql_type = BigInt)]
    waiting: i64,
    #[diesel(sql_type = BigInt)]
    all_unread: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    id: Option<i64>,
    #[diesel(sql_type = Nullable<Bool>)]
    waits: Option<bool>,
}

fn load(
    caller: &Caller,
    after: Option<Position>,
    limit: i64,
    conn: &mut PgConnection,
) -> QueryResult<(MyCounts, Vec<MyTicket>)> {
    // A customer's action may be any colleague's; support's is the assignee's.
    let (party, is_assignees) = match caller.role {
        Role::Customer => (Party::Customer, false),
        Role::Engineer | Role::Admin | Role::Commercial => (Party::Support, true),
    };
    let statement = include_str!("mine.sql")
        .replace(":size", size(limit + 1))
        .replace(":most", &MAX_UNREAD.to_string());
    let statement = visibility::statement(&statement, &caller.viewer)
        .bind::<BigInt, _>(caller.user_id)
        .bind::<Text, _>(party.as_str())
        .bind::<Bool, _>(is_assignees)
        .bind::<Nullable<Bool>, _>(after.map(|it| it.0))
        .bind::<Nullable<BigInt>, _>(after.map(|it| it.1));
    let rows: Vec<MineRow> = Named(statement).load(conn)?;
    let counts = rows.first().map_or((0, 0, 0), |it| (it.open, it.waiting, it.all_unread));
    let (open, needs_your_action, unread_comments) = counts;
    let ids: Vec<i64> = rows.iter().filter_map(|it| it.id).collect();
    let page = tickets::table.filter(tickets::id.eq(AnyOf(ids))).select(tickets::id).into_boxed();
    let mut tickets = TicketSummary::load(Cut::whole(page), caller, conn)?;
    let items = rows.iter().filter_map(|row| {
        let place = tickets.iter().position(|it| Some(it.id) == row.id)?;
        Some(MyTicket {
            ticket: tickets.swap_remove(place),
            needs_your_action: row.waits.unwrap_or(false),
        })
    });
    let items = items.collect();
    Ok((MyCounts { open, needs_your_action, unread_comments }, items))
}
