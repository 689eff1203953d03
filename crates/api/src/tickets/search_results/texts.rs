//! The results of a page, with the words that were found in them and what solved them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, SmallInt, Text, Timestamptz};
use domain::Viewer;
use domain::search::{Excerpts, SearchPlace, SearchPlan, beginning};

use crate::articles::from_ticket::SOLUTION;
use crate::db::any_of::AnyOf;
use crate::db::cut::Cut;
use crate::db::named::Named;
use crate::db::schema::tickets;
use crate::http::caller::Caller;
use crate::search::find::candidates::Hit;
use crate::search::find::tsquery::Places;
use crate::tickets::search_results::articles;
use crate::tickets::search_results::view::{FoundIn, SearchKind, SearchResult, Solution};
use crate::tickets::view::summary::TicketSummary;
use crate::visibility;

/// The maximum number of places shown for a ticket.
const MAX_PLACES: usize = 5;

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
    /// When it was written, if it solved the ticket.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    solved_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Bool)]
    is_confirmed: bool,
    #[diesel(sql_type = Nullable<SmallInt>)]
    rating: Option<i16>,
}

/// What was found as results, in the order as given.
pub fn load(
    hits: &[Hit],
    plan: &SearchPlan,
    places: &Places,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Vec<SearchResult>> {
    let (mut tickets, mut articles) = (Vec::new(), Vec::new());
    for hit in hits {
        match hit {
            Hit::Ticket(id) => tickets.push(*id),
            Hit::Article(id) => articles.push(*id),
        }
    }
    let mut tickets = load_tickets(&tickets, plan, places, caller, conn)?;
    let mut articles = articles::load(&articles, plan, caller, conn)?;
    let results = hits.iter().filter_map(|it| match it {
        Hit::Ticket(id) => tickets.remove(id),
        Hit::Article(id) => articles.remove(id),
    });
    Ok(results.collect())
}

fn load_tickets(
    ids: &[i64],
    plan: &SearchPlan,
    places: &Places,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<HashMap<i64, SearchResult>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let page = tickets::table
        .filter(tickets::id.eq(AnyOf(ids.to_vec())))
        .filter(visibility::tickets(&caller.viewer))
        .select(tickets::id)
        .into_boxed();
    let summaries = TicketSummary::load(Cut::whole(page), caller, conn)?;
    let mut texts: HashMap<i64, Vec<TextRow>> = HashMap::new();
    for row in texts_of(ids, plan, caller, conn)? {
        texts.entry(row.ticket_id).or_default().push(row);
    }
    let mut excerpts = Excerpts::of(plan);
    let result = |ticket: TicketSummary| {
        let texts = texts.remove(&ticket.id).unwrap_or_default();
        let named = texts.iter().filter(|it| it.is_in(places));
        let found_in = named.filter_map(|it| it.found(&mut excerpts)).take(MAX_PLACES).collect();
        let solution = texts.iter().find_map(|it| it.solution(&mut excerpts));
        let (id, kind) = (ticket.id, SearchKind::Ticket);
        (id, SearchResult { kind, ticket: Some(ticket), article: None, found_in, solution })
    };
    Ok(summaries.into_iter().map(result).collect())
}

/// What the caller may read of some tickets.
fn texts_of(
    ids: &[i64],
    plan: &SearchPlan,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<Vec<TextRow>> {
    let table = match caller.viewer {
        Viewer::Support => "search_of_support",
        Viewer::Company { .. } | Viewer::Nobody => "search_of_customers",
    };
    let statement = include_str!("texts.sql").replace("{solution}", SOLUTION);
    let in_files = Places(vec![SearchPlace::Files]);
    let criteria: Vec<String> =
        plan.criteria.iter().map(|it| in_files.tsquery(&it.expression)).collect();
    let statement =
        visibility::statement(&statement.replace("search_of_readers", table), &caller.viewer)
            .bind::<Array<BigInt>, _>(ids)
            .bind::<Text, _>(criteria.join(" | "));
    Named(statement).load(conn)
}

impl TextRow {
    fn is_in(&self, places: &Places) -> bool {
        let place = self.place.parse::<SearchPlace>();
        places.0.is_empty() || place.is_ok_and(|it| places.0.contains(&it))
    }

    fn found(&self, excerpts: &mut Excerpts<'_>) -> Option<FoundIn> {
        let place = self.place.parse::<SearchPlace>().ok()?;
        let excerpt = excerpts.excerpt(&self.text)?.into_iter().map(Into::into).collect();
        let Self { comment_id, attachment_id, .. } = *self;
        Some(FoundIn { place, comment_id, attachment_id, excerpt })
    }

    fn solution(&self, excerpts: &mut Excerpts<'_>) -> Option<Solution> {
        let (at, comment_id) = (self.solved_at?, self.comment_id?);
        let excerpt = excerpts.excerpt(&self.text).unwrap_or_else(|| beginning(&self.text));
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
