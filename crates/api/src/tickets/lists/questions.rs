//! The tickets behind frequent questions, as their report groups them.

use diesel::prelude::*;

use crate::db::schema::tickets;
use crate::figures::condition::InFigure;
use crate::figures::questions::{AskedTicket, COMPARED, QuestionSpan, questions};
use crate::http::caller::Caller;
use crate::tickets::lists::condition::{Condition, condition};
use crate::tickets::lists::filter::TicketFilter;

/// The tickets that ask frequent questions.
#[derive(Debug)]
pub enum Asked {
    /// Those with a topic, and these without one.
    AnyQuestion(Vec<i64>),
    /// These alone.
    OneQuestion(Vec<i64>),
}

impl Asked {
    /// Those of a span, among the tickets that the report would compare: it knows some of the filters alone.
    pub fn load(
        span: QuestionSpan,
        filter: &TicketFilter,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        let mut compared: Condition = condition(&filter.of_reports(), caller);
        if let Some(id) = span.directions_of {
            compared = Box::new(compared.and(InFigure::of_directions(id)));
        }
        let found: Vec<AskedTicket> = tickets::table
            .filter(compared)
            .filter(tickets::topic_id.is_null())
            .filter(tickets::created_at.ge(span.before))
            .filter(tickets::created_at.lt(span.to))
            .order((tickets::created_at.desc(), tickets::id.desc()))
            .limit(COMPARED)
            .select((
                tickets::id,
                tickets::product_id,
                tickets::words,
                tickets::created_at.ge(span.from),
            ))
            .load(conn)?;
        let groups = questions(&found.iter().collect::<Vec<_>>());
        let ids = |group: Vec<usize>| -> Vec<i64> {
            group.into_iter().filter_map(|it| found.get(it)).map(|it| it.id).collect()
        };
        let mut groups = groups.into_iter().map(ids);
        Ok(match span.alike_to {
            Some(id) => Self::OneQuestion(groups.find(|it| it.contains(&id)).unwrap_or_default()),
            None => Self::AnyQuestion(groups.flatten().collect()),
        })
    }

    /// That a ticket is one of them.
    pub fn condition(&self) -> Condition {
        match self {
            Self::AnyQuestion(ids) => {
                Box::new(tickets::topic_id.is_not_null().or(tickets::id.eq_any(ids.clone())))
            }
            Self::OneQuestion(ids) => Box::new(tickets::id.eq_any(ids.clone())),
        }
    }
}
