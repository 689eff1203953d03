//! The tickets of a page, with the words that were found in them and what solved them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, SmallInt, Text, Timestamptz};
use domain::search::{SearchPlace, SearchPlan, beginning, excerpt};

use crate::db::cut::Cut;
use crate::db::schema::tickets;
use crate::http::caller::Caller;
use crate::search::results::view::{FoundIn, SearchKind, SearchResult, Solution};
use crate::tickets::view::summary::TicketSummary;
use crate::visibility;

/// How many places of a ticket are shown.
const MOST_PLACES: usize = 5;

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = BigInt)]
    ticket_id: i64,
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    comment_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    attachment_id: Option<i64>,
    #[diesel(sql_type = Text)]
    text: String,
    /// When it was written, if it is what solved the ticket.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    solved_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Bool)]
    is_confirmed: bool,
    #[diesel(sql_type = Nullable<SmallInt>)]
    rating: Option<i16>,
}

/// Tickets as results, in the order of their numbers as given.
pub fn load(
    ids: &[i64],
    plan: &SearchPlan,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Vec<SearchResult>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let page = tickets::table
        .filter(tickets::id.eq_any(ids.to_vec()))
        .filter(visibility::tickets(&caller.viewer))
        .select(tickets::id)
        .into_boxed();
    let summaries = TicketSummary::load(Cut::whole(page), caller, conn)?;
    let mut summaries: HashMap<i64, TicketSummary> =
        summaries.into_iter().map(|it| (it.id, it)).collect();
    let rows: Vec<TextRow> = visibility::statement(include_str!("texts.sql"), &caller.viewer)
        .bind::<Array<BigInt>, _>(ids)
        .load(conn)?;
    let mut texts: HashMap<i64, Vec<TextRow>> = HashMap::new();
    for row in rows {
        texts.entry(row.ticket_id).or_default().push(row);
    }
    let result = |id: &i64| {
        let ticket = summaries.remove(id)?;
        let texts = texts.remove(id).unwrap_or_default();
        let found_in = texts.iter().filter_map(|it| it.found(plan)).take(MOST_PLACES).collect();
        let solution = texts.iter().find_map(|it| it.solution(plan));
        let kind = SearchKind::Ticket;
        Some(SearchResult { kind, ticket: Some(ticket), article: None, found_in, solution })
    };
    Ok(ids.iter().filter_map(result).collect())
}

impl TextRow {
    fn found(&self, plan: &SearchPlan) -> Option<FoundIn> {
        let place = self.place.parse::<SearchPlace>().ok()?;
        let excerpt = excerpt(&self.text, plan)?.into_iter().map(Into::into).collect();
        let Self { comment_id, attachment_id, .. } = *self;
        Some(FoundIn { place, comment_id, attachment_id, excerpt })
    }

    fn solution(&self, plan: &SearchPlan) -> Option<Solution> {
        let (at, comment_id) = (self.solved_at?, self.comment_id?);
        let excerpt = excerpt(&self.text, plan).unwrap_or_else(|| beginning(&self.text));
        let excerpt = excerpt.into_iter().map(Into::into).collect();
        Some(Solution {
            comment_id,
            excerpt,
            at: at.into(),
            is_confirmed: self.is_confirmed,
            rating: self.rating,
        })
    }
}
