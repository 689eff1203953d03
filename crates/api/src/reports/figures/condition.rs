//! The condition of a figure on tickets, as SQL. Only numbers, instants and words of our own
//! vocabularies come into it.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;
use domain::FactKind;
use domain::reports::Period;

use crate::db::schema::tickets;
use crate::reports::figures::figure::{Counted, Figure};

/// What a condition goes by.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub period: Period,
    /// The day it is for support.
    pub today: NaiveDate,
    /// Since when a silent ticket is without a word.
    pub silent_since: DateTime<Utc>,
    /// Who had it then, where that is asked.
    pub engineer_id: Option<i64>,
    /// The engineer of whose directions alone it may be.
    pub directions_of: Option<i64>,
}

/// Whether a ticket is one of a figure.
#[derive(Debug, Clone)]
pub struct InFigure(String);

impl InFigure {
    pub fn new(figure: Figure, moment: &Moment) -> Self {
        let own = moment.directions_of.map(of_directions);
        let own = own.map(|it| format!(" and {it}")).unwrap_or_default();
        Self(format!("({}{own})", condition(figure, moment)))
    }
}

/// An instant in a statement.
pub fn instant(at: DateTime<Utc>) -> String {
    format!("timestamptz '{}'", at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// Whether a ticket is of one of an engineer's directions.
pub fn of_directions(engineer_id: i64) -> String {
    format!(
        "tickets.direction_id in (select direction_id from direction_engineers \
         where user_id = {engineer_id})"
    )
}

/// Whether a row with a time lies in a period.
pub fn within(row: &str, period: Period) -> String {
    format!("{row}.at >= {} and {row}.at < {}", instant(period.from), instant(period.to))
}

/// Kinds of facts as a list.
pub fn kinds(kinds: &[FactKind]) -> String {
    let quoted: Vec<String> = kinds.iter().map(|it| format!("'{it}'")).collect();
    format!("({})", quoted.join(", "))
}

/// Open, and without a public word of support since an instant.
pub fn silent(since: DateTime<Utc>) -> String {
    let since = instant(since);
    format!(
        "tickets.is_open and tickets.created_at < {since} and not exists (
             select from comments as said join users as speaker on speaker.id = said.author_id
             where said.ticket_id = tickets.id and not said.is_internal
               and said.created_at >= {since} and speaker.role in ('engineer', 'admin'))"
    )
}

/// Waits, and should have been looked at before a day.
pub fn review_overdue(today: NaiveDate) -> String {
    format!("tickets.is_open and tickets.review_on < date '{today}'")
}

fn condition(figure: Figure, moment: &Moment) -> String {
    let engineer = moment.engineer_id.map(|it| format!(" and fact.assignee_id = {it}"));
    let engineer = engineer.unwrap_or_default();
    let span = within("fact", moment.period);
    let happened = |of: &str| {
        format!(
            "tickets.id in (select fact.ticket_id from ticket_facts as fact \
             where {of} and {span}{engineer})"
        )
    };
    match figure.counted() {
        Counted::Happened(of) => happened(&format!("fact.kind in {}", kinds(of))),
        Counted::Measured(kind) => {
            happened(&format!("fact.kind = '{kind}' and fact.minutes is not null"))
        }
        Counted::TimedOut => {
            happened("fact.kind = 'closed' and fact.close_reason = 'feedback_timeout'")
        }
        Counted::Rated(None) => happened("fact.kind = 'rated'"),
        Counted::Rated(Some(value)) => {
            happened(&format!("fact.kind = 'rated' and fact.rating = {value}"))
        }
        Counted::OpenAtStart => open_at(moment.period.from),
        Counted::OpenAtEnd => open_at(moment.period.to),
        Counted::Outcome(kind, states) => {
            let span = within("outcome", moment.period);
            let states = states.join("', '");
            format!(
                "tickets.id in (select outcome.ticket_id from clock_outcomes as outcome \
                 where outcome.kind = '{kind}' and outcome.state in ('{states}') and {span})"
            )
        }
        Counted::OnHold(waiting_on) => {
            format!("tickets.status = 'on_hold' and tickets.waiting_on = '{waiting_on}'")
        }
        Counted::ReviewOverdue => review_overdue(moment.today),
        Counted::Silent => silent(moment.silent_since),
    }
}

/// Open at an instant: open now with nothing that changed it since, or finished by
/// what came first since.
fn open_at(at: DateTime<Utc>) -> String {
    let at = instant(at);
    let changed = format!("fact.kind in ('closed', 'rejected', 'reopened') and fact.at >= {at}");
    format!(
        "tickets.id in (
             select it.id from tickets as it
             where it.is_open and it.created_at < {at} and not exists (
                 select from ticket_facts as fact where fact.ticket_id = it.id and {changed})
             union all
             select first.ticket_id from (
                 select distinct on (fact.ticket_id) fact.ticket_id, fact.kind
                 from ticket_facts as fact where {changed} and fact.filed_at < {at}
                 order by fact.ticket_id, fact.at) as first
             where first.kind <> 'reopened')"
    )
}

impl Expression for InFigure {
    type SqlType = Bool;
}

impl<G> ValidGrouping<G> for InFigure {
    type IsAggregate = diesel::expression::is_aggregate::No;
}

impl<Q> AppearsOnTable<Q> for InFigure where tickets::id: AppearsOnTable<Q> {}

impl<Q> SelectableExpression<Q> for InFigure where tickets::id: SelectableExpression<Q> {}

impl QueryId for InFigure {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for InFigure {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        out.push_sql(&self.0);
        Ok(())
    }
}
