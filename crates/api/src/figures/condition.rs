//! The condition of a figure on tickets, as SQL. Only numbers, instants and words of our own
//! vocabularies come into it.

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;
use domain::FactKind;
use domain::calendar::{Calendar, Weekday};
use domain::reports::{AGES, Period, Span, no_older_than};
use domain::zone::Zone;

use crate::db::schema::tickets;
use crate::figures::figure::{Counted, Figure, OpenKind};
use crate::figures::questions::QuestionSpan;

/// What a condition goes by.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    pub span: Span,
    pub calendar: &'a Calendar,
    pub now: DateTime<Utc>,
    /// Since when a silent ticket has been without a word.
    pub silent_since: DateTime<Utc>,
    /// Who had it then, or said something, where that is asked.
    pub engineer_id: Option<i64>,
    /// The engineer of whose directions alone it may be.
    pub directions_of: Option<i64>,
    /// On which day of the week and in which hour it was filed, where that is asked.
    pub weekday: Option<Weekday>,
    pub hour: Option<u8>,
    /// Of a ticket whose question is wanted.
    pub alike_to: Option<i64>,
}

impl Moment<'_> {
    fn period(&self) -> Period {
        self.span.period(self.calendar)
    }

    fn questions(&self) -> QuestionSpan {
        let Period { from, to } = self.period();
        let before = self.span.previous().period(self.calendar).from;
        let (alike_to, directions_of) = (self.alike_to, self.directions_of);
        QuestionSpan { from, to, before, alike_to, directions_of }
    }
}

/// Whether a ticket is one of a figure.
#[derive(Debug, Clone)]
pub struct InFigure {
    sql: String,
    /// For a figure of questions: it also has to ask one of these.
    pub questions: Option<QuestionSpan>,
}

impl InFigure {
    pub fn new(figure: Figure, moment: &Moment<'_>) -> Self {
        let own = moment.directions_of.map(of_directions);
        let filed = |part: &str| part_of_time("tickets.created_at", part, moment.calendar);
        let weekday =
            moment.weekday.and_then(number).map(|it| format!("{} = {it}", filed("isodow")));
        let hour = moment.hour.map(|it| format!("{} = {it}", filed("hour")));
        let parts = [Some(condition(figure, moment)), own, weekday, hour].into_iter().flatten();
        let parts: Vec<String> = parts.map(|it| format!("({it})")).collect();
        let sql = format!("({})", parts.join(" and "));
        let questions = figure.counted() == Counted::Asked;
        Self { sql, questions: questions.then(|| moment.questions()) }
    }

    /// Whether it takes as long as a report to find its tickets.
    pub const fn is_costly(&self) -> bool {
        self.questions.is_some()
    }

    /// Whether a ticket is of one of an engineer's directions.
    pub fn of_directions(engineer_id: i64) -> Self {
        Self { sql: of_directions(engineer_id), questions: None }
    }
}

/// The number of a weekday, from Monday on: 1 to 7.
fn number(weekday: Weekday) -> Option<usize> {
    Weekday::ALL.iter().position(|it| *it == weekday).map(|it| it + 1)
}

/// A part of a time (`isodow`, `hour`) as the clock of the calendar's zone shows it.
pub fn part_of_time(time: &str, part: &str, calendar: &Calendar) -> String {
    format!("extract({part} from {})::integer", local_time(time, calendar))
}

/// The date of a time in the calendar's zone.
pub fn local_date(time: &str, calendar: &Calendar) -> String {
    format!("({})::date", local_time(time, calendar))
}

fn local_time(time: &str, calendar: &Calendar) -> String {
    let zone = match calendar.zone() {
        Zone::Fixed(offset) => format!("interval '{offset}'"),
        Zone::Named(name) => format!("'{name}'"),
    };
    format!("{time} at time zone {zone}")
}

/// Whether a time within a span is outside support's working hours: support has closed as often
/// as it has opened by then.
pub fn outside_hours(time: &str, span: Span, calendar: &Calendar) -> String {
    let days = span.from.iter_days().take_while(|it| *it < span.to);
    let hours = days.filter_map(|it| calendar.hours_of(it));
    let changes: Vec<String> =
        hours.flat_map(|(opens, closes)| [instant(opens), instant(closes)]).collect();
    match changes.is_empty() {
        true => "true".to_owned(),
        false => format!("width_bucket({time}, array[{}]) % 2 = 0", changes.join(", ")),
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
        "tickets.is_open and tickets.created_at < {since} and tickets.id not in (
             select comment.ticket_id from comments as comment where not comment.is_internal
               and comment.created_at >= {since} and {OF_SUPPORT})"
    )
}

/// Waits, and should have been reviewed before the given day.
pub fn review_overdue(today: NaiveDate) -> String {
    format!("tickets.is_open and tickets.review_on < date '{today}'")
}

fn condition(figure: Figure, moment: &Moment<'_>) -> String {
    let period = moment.period();
    let had = |column: &str| match moment.engineer_id {
        Some(id) => format!("{column} = {id}"),
        None => format!("{column} is not null"),
    };
    let has_fact = |of: &str| {
        format!(
            "tickets.id in (select fact.ticket_id from ticket_facts as fact where {of} and {})",
            within("fact", period)
        )
    };
    match figure.counted() {
        Counted::ReportFacts(of) => has_fact(&format!("fact.kind in {}", kinds(of))),
        Counted::Worked(of) => {
            has_fact(&format!("fact.kind in {} and {}", kinds(of), had("fact.assignee_id")))
        }
        Counted::PublicComment => {
            let public_support_comment = public_support_comment(period);
            let by = had("comment.author_id");
            format!(
                "tickets.id in (select comment.ticket_id from comments as comment where {public_support_comment} and {by})"
            )
        }
        Counted::Measured(kind) => {
            has_fact(&format!("fact.kind = '{kind}' and fact.minutes is not null"))
        }
        Counted::TimedOut => {
            has_fact("fact.kind = 'closed' and fact.close_reason = 'feedback_timeout'")
        }
        Counted::Rated(None) => has_fact("fact.kind = 'rated'"),
        Counted::Rated(Some(value)) => {
            has_fact(&format!("fact.kind = 'rated' and fact.rating = {value}"))
        }
        Counted::OpenAtStart => open_at(period.from),
        Counted::OpenAtEnd => open_at(period.to),
        Counted::Aged(place) => aged(place, period.to, moment),
        Counted::Outcome(kind, states) => {
            let span = within("outcome", period);
            let states = states.join("', '");
            format!(
                "tickets.id in (select outcome.ticket_id from clock_outcomes as outcome \
                 where outcome.kind = '{kind}' and outcome.state in ('{states}') and {span})"
            )
        }
        Counted::OnHold(waiting_on) => {
            format!("tickets.status = 'on_hold' and tickets.waiting_on = '{waiting_on}'")
        }
        Counted::ReviewOverdue => review_overdue(moment.calendar.day(moment.now)),
        Counted::Silent => silent(moment.silent_since),
        Counted::AwaitingUnnamed => {
            "tickets.status = 'awaiting_release' and tickets.release_id is null".to_owned()
        }
        Counted::FiledOutsideHours => {
            let outside = outside_hours("fact.at", moment.span, moment.calendar);
            has_fact(&format!("fact.kind = 'filed' and {outside}"))
        }
        Counted::Asked => {
            let (from, to) = (instant(period.from), instant(period.to));
            format!("tickets.created_at >= {from} and tickets.created_at < {to}")
        }
        Counted::Open(kind) => format!("tickets.is_open and {}", open(kind, moment.now)),
    }
}

/// Whether somebody of support wrote a comment.
const OF_SUPPORT: &str =
    "comment.author_id in (select id from users where role in ('engineer', 'admin'))";

/// Whether a comment is what support said to a customer in a period.
pub fn public_support_comment(period: Period) -> String {
    format!(
        "not comment.is_internal and comment.created_at >= {} and comment.created_at < {} and {OF_SUPPORT}",
        instant(period.from),
        instant(period.to),
    )
}

/// What holds of an open ticket now.
pub fn open(kind: OpenKind, now: DateTime<Utc>) -> String {
    let (at, soon) = (instant(now), instant(now + TimeDelta::hours(1)));
    match kind {
        OpenKind::Any => "true".to_owned(),
        OpenKind::Overdue => format!("tickets.due_at < {at}"),
        OpenKind::DueWithinTheHour => {
            format!("tickets.due_at >= {at} and tickets.due_at < {soon}")
        }
        OpenKind::Assigned => "tickets.assignee_id is not null".to_owned(),
        OpenKind::AssignedOverdue => {
            format!("tickets.assignee_id is not null and tickets.due_at < {at}")
        }
        OpenKind::Unassigned => "tickets.assignee_id is null".to_owned(),
        OpenKind::WaitingForCustomer => "tickets.needs_action_from = 'customer'".to_owned(),
    }
}

/// Open at an instant, and of an age by then; what is still to come has no age.
fn aged(place: usize, at: DateTime<Utc>, moment: &Moment<'_>) -> String {
    let known = at.min(moment.now);
    let since = |place: usize| {
        let days = AGES.get(place)?;
        Some(instant(no_older_than(*days, known, moment.calendar)))
    };
    let oldest = since(place).map(|it| format!(" and tickets.created_at >= {it}"));
    let youngest = place.checked_sub(1).and_then(since);
    let youngest = youngest.map(|it| format!(" and tickets.created_at < {it}"));
    let ages = [oldest, youngest].into_iter().flatten().collect::<String>();
    format!("{}{ages}", open_at(at))
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
                 order by fact.ticket_id, fact.at, fact.id) as first
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
        out.push_sql(&self.sql);
        Ok(())
    }
}
