//! The facts for reports, written in the same statement that changes the ticket.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Integer, Nullable, SmallInt, Text, Timestamptz};
use domain::CloseReason;
use domain::calendar::Calendar;
use domain::facts::{Course, Fact, Minutes, Outcome, outcomes};
use domain::ticket::Ticket;

use crate::db::clock::in_milliseconds;
use crate::db::named::Named;
use crate::db::schema::{clock_outcomes, ticket_facts};

/// The facts and outcomes of steps, for reports.
#[derive(Debug, Default)]
pub struct ReportFacts {
    facts: FactColumns,
    outcomes: OutcomeColumns,
}

/// Facts, column by column.
#[derive(Debug, Default)]
struct FactColumns {
    tickets: Vec<i64>,
    companies: Vec<i64>,
    projects: Vec<i64>,
    filed_at: Vec<DateTime<Utc>>,
    at: Vec<DateTime<Utc>>,
    kinds: Vec<&'static str>,
    assignees: Vec<Option<i64>>,
    minutes: Vec<Option<i32>>,
    support: Vec<Option<i32>>,
    customer: Vec<Option<i32>>,
    on_hold: Vec<Option<i32>>,
    awaiting_release: Vec<Option<i32>>,
    close_reasons: Vec<Option<&'static str>>,
    ratings: Vec<Option<i16>>,
}

/// Outcomes, column by column.
#[derive(Debug, Default)]
struct OutcomeColumns {
    tickets: Vec<i64>,
    companies: Vec<i64>,
    projects: Vec<i64>,
    assignees: Vec<Option<i64>>,
    numbers: Vec<i16>,
    kinds: Vec<&'static str>,
    states: Vec<&'static str>,
    at: Vec<DateTime<Utc>>,
    due_at: Vec<Option<DateTime<Utc>>>,
    stopped_at: Vec<Option<DateTime<Utc>>>,
    minutes: Vec<Option<i32>>,
    over_minutes: Vec<Option<i32>>,
    runs_since: Vec<Option<DateTime<Utc>>>,
}

impl ReportFacts {
    /// The facts and outcomes of a step from one state of a ticket to another.
    pub fn between(
        before: &Ticket,
        after: &Ticket,
        now: DateTime<Utc>,
        calendar: &Calendar,
    ) -> Self {
        let mut report_facts = Self::default();
        report_facts.add_facts(
            after,
            now,
            Course::from(before).facts(&after.into(), now, calendar),
        );
        // The deadlines of what comes from another system say nothing of how support kept them.
        if after.turns.is_some() {
            for outcome in outcomes(&before.clocks, &after.clocks, calendar) {
                report_facts.add_outcome(after, after.assignee_id, outcome);
            }
        }
        report_facts
    }

    /// Adds facts about a ticket.
    pub fn add_facts(&mut self, ticket: &Ticket, at: DateTime<Utc>, facts: Vec<Fact>) {
        let columns = &mut self.facts;
        for fact in facts {
            let turn = |of: fn(Minutes) -> i64| small(fact.turns.map(of));
            columns.tickets.push(ticket.id);
            columns.companies.push(ticket.company_id);
            columns.projects.push(ticket.project_id);
            columns.filed_at.push(ticket.times.created_at);
            columns.at.push(in_milliseconds(at));
            columns.kinds.push(fact.kind.as_str());
            columns.assignees.push(fact.assignee_id);
            columns.minutes.push(small(fact.minutes));
            columns.support.push(turn(|it| it.support));
            columns.customer.push(turn(|it| it.customer));
            columns.on_hold.push(turn(|it| it.on_hold));
            columns.awaiting_release.push(turn(|it| it.awaiting_release));
            columns.close_reasons.push(fact.close_reason.map(CloseReason::as_str));
            columns.ratings.push(fact.rating);
        }
    }

    /// Adds the outcome of a deadline, with the assignee at that time.
    pub fn add_outcome(&mut self, ticket: &Ticket, assignee_id: Option<i64>, outcome: Outcome) {
        let columns = &mut self.outcomes;
        columns.tickets.push(ticket.id);
        columns.companies.push(ticket.company_id);
        columns.projects.push(ticket.project_id);
        columns.assignees.push(assignee_id);
        columns.numbers.push(outcome.number);
        columns.kinds.push(outcome.kind.as_str());
        columns.states.push(outcome.state.as_str());
        columns.at.push(outcome.at);
        columns.due_at.push(outcome.due_at);
        columns.stopped_at.push(outcome.stopped_at);
        columns.minutes.push(small(outcome.minutes));
        columns.over_minutes.push(small(outcome.over_minutes));
        columns.runs_since.push(outcome.runs_since);
    }

    /// Writes it without changing a ticket.
    pub fn write(&self, conn: &mut PgConnection) -> QueryResult<()> {
        if !self.is_nothing() {
            let update = diesel::sql_query("select 1");
            Named(WithFacts { update, report_facts: self }).execute(conn)?;
        }
        Ok(())
    }

    pub const fn is_nothing(&self) -> bool {
        self.facts.kinds.is_empty() && self.outcomes.numbers.is_empty()
    }
}

/// Tickets are counted in the project that they are in now: so is what happened to them before.
pub fn move_facts(ticket_id: i64, project_id: i64, conn: &mut PgConnection) -> QueryResult<()> {
    diesel::update(ticket_facts::table.filter(ticket_facts::ticket_id.eq(ticket_id)))
        .set(ticket_facts::project_id.eq(project_id))
        .execute(conn)?;
    diesel::update(clock_outcomes::table.filter(clock_outcomes::ticket_id.eq(ticket_id)))
        .set(clock_outcomes::project_id.eq(project_id))
        .execute(conn)?;
    Ok(())
}

fn small(minutes: Option<i64>) -> Option<i32> {
    minutes.map(|it| i32::try_from(it).unwrap_or(i32::MAX))
}

impl QueryFragment<Pg> for ReportFacts {
    /// Two insertions, as common table expressions.
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let Self { facts, outcomes, .. } = self;
        out.push_sql(
            "fact as (insert into ticket_facts (ticket_id, company_id, project_id, filed_at, at, kind, \
             assignee_id, minutes, support_minutes, customer_minutes, on_hold_minutes, awaiting_release_minutes, \
             close_reason, rating) select * from unnest(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&facts.tickets)?;
        for column in [&facts.companies, &facts.projects] {
            out.push_sql(", ");
            out.push_bind_param::<Array<BigInt>, _>(column)?;
        }
        for column in [&facts.filed_at, &facts.at] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Timestamptz>, _>(column)?;
        }
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&facts.kinds)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<BigInt>>, _>(&facts.assignees)?;
        for column in [
            &facts.minutes,
            &facts.support,
            &facts.customer,
            &facts.on_hold,
            &facts.awaiting_release,
        ] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Nullable<Integer>>, _>(column)?;
        }
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&facts.close_reasons)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SmallInt>>, _>(&facts.ratings)?;
        out.push_sql(
            ") as it), outcome as (insert into clock_outcomes (ticket_id, company_id, project_id, assignee_id, number, \
             kind, state, at, due_at, stopped_at, runs_since, minutes, over_minutes) select * from unnest(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&outcomes.tickets)?;
        for column in [&outcomes.companies, &outcomes.projects] {
            out.push_sql(", ");
            out.push_bind_param::<Array<BigInt>, _>(column)?;
        }
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<BigInt>>, _>(&outcomes.assignees)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SmallInt>, _>(&outcomes.numbers)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&outcomes.kinds)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&outcomes.states)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamptz>, _>(&outcomes.at)?;
        for column in [&outcomes.due_at, &outcomes.stopped_at, &outcomes.runs_since] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Nullable<Timestamptz>>, _>(column)?;
        }
        for column in [&outcomes.minutes, &outcomes.over_minutes] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Nullable<Integer>>, _>(column)?;
        }
        // The assignee at the time of a miss stays recorded.
        out.push_sql(
            ") as it on conflict (ticket_id, number) do update set stopped_at = excluded.stopped_at, \
             runs_since = excluded.runs_since, minutes = excluded.minutes, \
             over_minutes = excluded.over_minutes)",
        );
        Ok(())
    }
}

/// A change of a ticket, with its facts and outcomes for reports.
pub struct WithFacts<'a, Update> {
    pub update: Update,
    pub report_facts: &'a ReportFacts,
}

impl<Update: QueryFragment<Pg>> QueryFragment<Pg> for WithFacts<'_, Update> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("with ");
        self.report_facts.walk_ast(out.reborrow())?;
        out.push_sql(" ");
        self.update.walk_ast(out)
    }
}

impl<Update> QueryId for WithFacts<'_, Update> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Update> RunQueryDsl<PgConnection> for WithFacts<'_, Update> {}
