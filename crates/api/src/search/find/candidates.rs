//! Tickets that may be results: the newest ones with the rarest words, with how well each matches every criterion.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Float, Nullable, Text, Timestamptz};
use domain::Viewer;
use domain::search::{Candidate, SearchPlan};
use serde::{Deserialize, Serialize};

use crate::db::schema::tickets;
use crate::search::find::closeness::{Compared, UNPACKED, candidate, compared, push_closeness};
use crate::search::find::hits::{Hits, Met};
use crate::search::find::tsquery::Places;

/// Tickets that the caller may read and that match the filters.
pub type Ids = tickets::BoxedQuery<'static, Pg, BigInt>;

/// The same, with what their order depends on.
type Tickets = tickets::BoxedQuery<'static, Pg, (BigInt, Timestamptz, Bool, Bool)>;

/// How many candidates a list of tickets takes.
pub const MAX_LISTED: i64 = 1000;

/// How many candidates are ranked.
pub const MAX_RANKED: i64 = 200;

/// The extent of what is searched.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// The number of tickets in the reader's vocabulary.
    pub tickets: u64,
    /// The greatest ticket number.
    pub newest: i64,
    /// Whether there are articles.
    pub has_articles: bool,
}

/// What the statement looks for.
struct Search {
    table: &'static str,
    /// Alternative conditions, the most wanted first; the hits of each come newest first.
    conditions: Vec<String>,
    compared: Vec<Compared>,
    tickets: Tickets,
    most: i64,
}

#[derive(QueryableByName)]
struct Row {
    /// Of all candidates.
    #[diesel(sql_type = BigInt)]
    hits: i64,
    /// None where there is no candidate, as what follows.
    #[diesel(sql_type = Nullable<BigInt>)]
    ticket_id: Option<i64>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    created_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Bool>)]
    is_solved: Option<bool>,
    #[diesel(sql_type = Nullable<Bool>)]
    is_confirmed: Option<bool>,
    #[diesel(sql_type = Nullable<Array<Float>>)]
    closeness: Option<Vec<f32>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Hit {
    Article(i64),
    Ticket(i64),
}

/// What may be a result.
pub struct Found {
    pub hit: Hit,
    /// When it was created, or published.
    pub at: DateTime<Utc>,
    pub candidate: Candidate,
}

/// Candidates, and whether there may be more.
pub struct Candidates {
    pub rows: Vec<Found>,
    pub is_all: bool,
}

/// Finds the tickets that are candidates of a plan, at most `most`.
pub fn load(
    plan: &SearchPlan,
    extent: &Extent,
    places: &Places,
    viewer: &Viewer,
    (ids, most): (Ids, i64),
    conn: &mut PgConnection,
) -> QueryResult<Candidates> {
    let nothing = Candidates { rows: Vec::new(), is_all: true };
    let table = match viewer {
        Viewer::Support => "search_of_support",
        Viewer::Company { .. } => "search_of_customers",
        Viewer::Nobody => return Ok(nothing),
    };
    let Some(hits) = Hits::of(plan, extent, places, viewer, most) else { return Ok(nothing) };
    let tickets = ids.select((
        tickets::id,
        tickets::created_at,
        sql("tickets.status in ('resolved', 'closed') as is_solved"),
        sql("tickets.confirmed_at is not null as is_confirmed"),
    ));
    let compared = compared(plan, places);
    let mut search = Search { table, conditions: Vec::new(), compared, tickets, most };
    let mut reach = hits.reach();
    let (rows, is_whole) = loop {
        let (conditions, is_whole) = hits.within(reach);
        search.conditions = conditions;
        let rows: Vec<Row> = (&search).load(conn)?;
        let candidates = rows.iter().filter(|it| it.ticket_id.is_some()).count();
        let met = Met { hits: rows.first().map_or(0, |it| it.hits), candidates };
        match hits.further(reach, met, most) {
            Some(further) => reach = further,
            None => break (rows, is_whole),
        }
    };
    let count = rows.len();
    let found = rows.into_iter().enumerate();
    let found = found.filter_map(|(place, it)| it.found(plan, places, (place, count)));
    let rows: Vec<Found> = found.collect();
    Ok(Candidates { is_all: is_whole && (rows.len() as i64) < most, rows })
}

impl Row {
    /// The candidate, in its place among so many; the newest are first.
    fn found(self, plan: &SearchPlan, places: &Places, place: (usize, usize)) -> Option<Found> {
        let ticket_id = self.ticket_id?;
        Some(Found {
            hit: Hit::Ticket(ticket_id),
            at: self.created_at?,
            candidate: Candidate {
                is_numbered: plan.criteria.iter().any(|it| it.number == Some(ticket_id)),
                is_solved: self.is_solved?,
                is_confirmed: self.is_confirmed?,
                ..candidate(plan, places, &self.closeness?, place)
            },
        })
    }
}

impl QueryFragment<Pg> for Search {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql("with hit as materialized (");
        for (turn, condition) in self.conditions.iter().enumerate() {
            out.push_sql(if turn > 0 {
                " union all select ticket_id, "
            } else {
                "select ticket_id, "
            });
            out.push_sql(&turn.to_string());
            out.push_sql(" as turn from ");
            out.push_sql(self.table);
            out.push_sql(" where vector @@ ");
            out.push_bind_param::<Text, _>(condition)?;
            out.push_sql("::tsquery");
        }
        out.push_sql(
            // In order first, so that no more tickets are looked at than are taken.
            "), candidate as materialized (select ticket_id, created_at, is_solved, is_confirmed from (
                 select ticket_id, min(turn) as turn from hit group by ticket_id
                 order by turn, ticket_id desc offset 0
             ) as hit join (",
        );
        QueryFragment::<Pg>::walk_ast(&self.tickets, out.reborrow())?;
        out.push_sql(") as ticket on ticket.id = ticket_id order by turn, ticket_id desc limit ");
        out.push_bind_param::<BigInt, _>(&self.most)?;
        out.push_sql(
            ") select (select count(*) from hit) as hits, found.*
             from (select) as one left join (select candidate.*, ",
        );
        push_closeness(&self.compared, &mut out)?;
        out.push_sql(" from candidate cross join lateral (select ");
        out.push_sql(UNPACKED);
        out.push_sql(" from ");
        out.push_sql(self.table);
        out.push_sql(
            " as its where its.ticket_id = candidate.ticket_id offset 0) as its) as found on true
             order by ticket_id desc",
        );
        Ok(())
    }
}

impl diesel::query_builder::Query for Search {
    type SqlType = diesel::sql_types::Untyped;
}

impl QueryId for Search {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<PgConnection> for &Search {}
