//! `GET /me/tickets`: my page (App. 2).

use actix_web::get;
use actix_web::web::Data;
use diesel::prelude::*;
use domain::{Party, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::db::{Db, Word};
use crate::page::{DEFAULT_LIMIT, List, PageQuery, Paged};
use crate::problem::Problem;
use crate::query::Query;
use crate::schema::{ticket_watchers, tickets};
use crate::tickets::store::Condition;
use crate::tickets::summary::TicketSummary;

/// An open ticket on my page.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyTicket {
    /// The ticket.
    #[serde(flatten)]
    pub ticket: TicketSummary,
    /// Whether it waits for me: «Обратная связь» and an unconfirmed solution for customers,
    /// work that is assigned to me for support.
    pub needs_your_action: bool,
}

/// A page of my page.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyTicketPage {
    /// Those that wait for me first, the newest first among equals.
    pub items: Vec<MyTicket>,
    /// Where the next page begins; null on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// The place of a ticket on my page: whether it waits for me, and its number.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Place(bool, i64);

/// Show my page
///
/// The open tickets that I wrote, took over, watch or have assigned; those that wait for me
/// come first.
#[utoipa::path(
    tag = "me",
    operation_id = "me_tickets",
    params(PageQuery),
    responses((status = 200, description = "A page of my tickets", body = MyTicketPage)),
)]
#[get("/me/tickets")]
pub async fn list(
    db: Data<Db>,
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Paged<MyTicketPage>, Problem> {
    let list = List::new(("me/tickets", caller.user_id));
    let after = list.after(page.cursor.as_deref())?;
    let limit = page.limit.unwrap_or(DEFAULT_LIMIT);
    let reader = caller.clone();
    let work = move |conn: &mut _| load(&reader, after, limit, conn);
    let mut items: Vec<MyTicket> = db
        .run(work)
        .await?
        .into_iter()
        .map(|ticket| MyTicket { needs_your_action: waits_for(&caller, &ticket), ticket })
        .collect();
    items.sort_by_key(|it| std::cmp::Reverse((it.needs_your_action, it.ticket.id)));
    let (items, next_cursor) =
        list.page(items, limit, |it| Place(it.needs_your_action, it.ticket.id));
    Ok(Paged::new(next_cursor, |next_cursor| MyTicketPage { items, next_cursor }))
}

fn waits_for(caller: &Caller, ticket: &TicketSummary) -> bool {
    match caller.role {
        Role::Customer => ticket.needs_action_from == Party::Customer,
        Role::Engineer | Role::Admin | Role::Commercial => {
            ticket.needs_action_from == Party::Support
                && ticket.assignee.as_ref().is_some_and(|it| it.id == caller.user_id)
        }
    }
}

fn load(
    caller: &Caller,
    after: Option<Place>,
    limit: i64,
    conn: &mut PgConnection,
) -> Result<Vec<TicketSummary>, Problem> {
    let me = caller.user_id;
    let watched: Vec<i64> = ticket_watchers::table
        .filter(ticket_watchers::user_id.eq(me))
        .select(ticket_watchers::ticket_id)
        .load(conn)?;
    let mine = tickets::author_id
        .nullable()
        .eq(me)
        .or(tickets::contact_id.eq(me))
        .or(tickets::assignee_id.eq(me))
        .or(tickets::id.nullable().eq_any(watched));
    let mut ids = tickets::table
        .filter(tickets::is_open)
        .filter(mine)
        .select(tickets::id)
        .limit(limit + 1)
        .into_boxed();
    if let Some(own) = caller.company_id {
        ids = ids.filter(tickets::company_id.eq(own));
    }
    if let Some(Place(waited, id)) = after {
        let among_equals = waits(caller).eq(waited).and(tickets::id.lt(id));
        // After those that wait for me come all the others.
        ids = if waited {
            ids.filter(among_equals.or(waits(caller).eq(false)))
        } else {
            ids.filter(among_equals)
        };
    }
    let ids = ids.order((waits(caller).desc(), tickets::id.desc()));
    Ok(TicketSummary::load(ids, conn)?)
}

/// [`waits_for`], as the database computes it.
fn waits(caller: &Caller) -> Condition {
    match caller.role {
        Role::Customer => Box::new(tickets::needs_action_from.eq(Word(Party::Customer))),
        Role::Engineer | Role::Admin | Role::Commercial => {
            let is_mine = tickets::assignee_id.is_not_distinct_from(caller.user_id);
            Box::new(tickets::needs_action_from.eq(Word(Party::Support)).and(is_mine))
        }
    }
}
