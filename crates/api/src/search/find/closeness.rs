//! How well a document matches what was typed: what it is compared with, in SQL, and what comes of it.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::AstPass;
use diesel::sql_types::Text;
use domain::search::{Candidate, Expression, SearchPlan};

use crate::search::find::tsquery::Places;

/// The maximum number of pairs of adjacent words.
const MAX_PAIRS: usize = 8;

/// What candidates are compared with.
pub enum Compared {
    /// No document has it.
    Nothing,
    /// One of several lexemes: a document has it if its rank is not 0.
    Choice(String),
    /// A condition, and the choice by which a document that meets it is ranked: by the condition itself PostgreSQL
    /// would compare each place of each word with all places of the others.
    Condition { condition: String, choice: String },
    /// Whether two criteria are adjacent.
    Pair(String),
}

impl Compared {
    fn with(expression: &Expression, places: &Places) -> Self {
        let choice = places.tsquery(&expression.choice());
        // A rank takes words in all places into account.
        if places.0.is_empty() && expression.is_choice() {
            Self::Choice(choice)
        } else {
            Self::Condition { condition: places.tsquery(expression), choice }
        }
    }
}

/// The criteria of a plan, then pairs of those that were typed one after the other.
pub fn compared(plan: &SearchPlan, places: &Places) -> Vec<Compared> {
    let own = plan.criteria.iter().map(|it| match it.is_absent {
        true => Compared::Nothing,
        false => Compared::with(&it.expression, places),
    });
    let pairs = plan.criteria.windows(2).take(MAX_PAIRS).map(|it| match it {
        [one, next] if !one.is_absent && !next.is_absent => {
            let both = [one, next].map(|it| it.expression.clone());
            Compared::Pair(places.tsquery(&Expression::Adjacent(both.into())))
        }
        _ => Compared::Nothing,
    });
    own.chain(pairs).collect()
}

/// A document's vector, unpacked once for all that it is compared with: an array holds nothing packed.
pub const UNPACKED: &str = "(array[vector])[1] as vector";

/// Pushes an array with how well a row matches each of what it is compared with.
pub fn push_closeness<'b>(
    compared: &'b [Compared],
    out: &mut AstPass<'_, 'b, Pg>,
) -> QueryResult<()> {
    let push_rank = |of: &'b String, out: &mut AstPass<'_, 'b, Pg>| {
        out.push_sql("ts_rank('{0.3, 0.3, 0.5, 1}', vector, ");
        out.push_bind_param::<Text, _>(of)?;
        out.push_sql("::tsquery)");
        QueryResult::Ok(())
    };
    out.push_sql("array[");
    for (number, compared) in compared.iter().enumerate() {
        out.push_sql(if number > 0 { ", " } else { "" });
        match compared {
            Compared::Nothing => out.push_sql("0"),
            Compared::Choice(it) => push_rank(it, out)?,
            Compared::Condition { condition, choice } => {
                out.push_sql("case when vector @@ ");
                out.push_bind_param::<Text, _>(condition)?;
                out.push_sql("::tsquery then ");
                push_rank(choice, out)?;
                out.push_sql(" else 0 end");
            }
            Compared::Pair(it) => {
                out.push_sql("(vector @@ ");
                out.push_bind_param::<Text, _>(it)?;
                out.push_sql("::tsquery)::integer");
            }
        }
    }
    out.push_sql("]::real[] as closeness");
    Ok(())
}

/// The candidate for a row at this place, newest first, among this many.
pub fn candidate(
    plan: &SearchPlan,
    places: &Places,
    closeness: &[f32],
    (place, count): (usize, usize),
) -> Candidate {
    let (own, paired) = closeness.split_at(plan.criteria.len());
    // PostgreSQL divides by the number of operands.
    let sizes = plan.criteria.iter().map(|it| it.expression.operands().len() * places.variants());
    let closeness: Vec<f64> =
        own.iter().zip(sizes).map(|(it, size)| f64::from(*it) * size as f64).collect();
    Candidate {
        closeness,
        are_adjacent: paired.iter().map(|it| *it > 0.0).collect(),
        is_numbered: false,
        is_solved: true,
        is_confirmed: true,
        freshness: 1.0 - place as f64 / count.max(1) as f64,
    }
}
