//! What the workload counts.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz};

use crate::figures::condition::{instant, public_support_comment, within};
use crate::reports::numbers::{days, median};
use crate::reports::open::PRIORITY;
use crate::reports::request::ReportRequest;
use crate::visibility;

/// The maximum number of people shown.
pub const MAX_PEOPLE: i64 = 1000;

#[derive(QueryableByName)]
pub struct Person {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Text)]
    pub first_name: String,
    #[diesel(sql_type = Text)]
    pub last_name: String,
    #[diesel(sql_type = Bool)]
    pub is_present: bool,
}

#[derive(QueryableByName)]
pub struct Open {
    #[diesel(sql_type = BigInt)]
    pub engineer_id: i64,
    #[diesel(sql_type = Text)]
    pub status: String,
    #[diesel(sql_type = Text)]
    pub priority: String,
    #[diesel(sql_type = BigInt)]
    pub number: i64,
    #[diesel(sql_type = BigInt)]
    pub overdue: i64,
}

#[derive(QueryableByName)]
pub struct Done {
    #[diesel(sql_type = BigInt)]
    pub engineer_id: i64,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = BigInt)]
    pub number: i64,
}

#[derive(QueryableByName)]
pub struct ReplyTimes {
    #[diesel(sql_type = Nullable<BigInt>)]
    pub engineer_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub median: Option<i64>,
}

#[derive(QueryableByName)]
struct Away {
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = Timestamptz)]
    since: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    until: Option<DateTime<Utc>>,
}

/// Engineers who work, and whoever else of support has or did something.
pub fn people(
    request: &ReportRequest,
    busy: Vec<i64>,
    conn: &mut PgConnection,
) -> QueryResult<Vec<Person>> {
    let whose = match request.only_engineer {
        Some(id) => format!("person.id = {id}"),
        None => "person.is_active and person.role = 'engineer' or person.id = any($3)".to_owned(),
    };
    let now = instant(request.caller.now);
    let statement = format!(
        "select person.id, person.first_name, person.last_name,
             person.absent_since is null or person.absent_since > {now}
             or coalesce(person.absent_until <= {now}, false) as is_present
         from users as person
         where person.role in ('engineer', 'admin') and ({whose})
         order by lower(person.first_name), lower(person.last_name), person.id limit {MAX_PEOPLE}"
    );
    visibility::statement(&statement, &request.viewer).bind::<Array<BigInt>, _>(busy).load(conn)
}

pub fn open(request: &ReportRequest, conn: &mut PgConnection) -> QueryResult<Vec<Open>> {
    let (condition, now) = (request.condition(), instant(request.caller.now));
    let statement = format!(
        "select tickets.assignee_id as engineer_id, tickets.status, {PRIORITY} as priority, count(*) as number,
             count(*) filter (where tickets.due_at < {now}) as overdue
         from tickets where tickets.is_open and tickets.assignee_id is not null and {condition}
         group by tickets.assignee_id, tickets.status, tickets.priority_rank"
    );
    visibility::statement(&statement, &request.viewer).load(conn)
}

pub fn done(request: &ReportRequest, conn: &mut PgConnection) -> QueryResult<Vec<Done>> {
    let statement = format!(
        "select fact.assignee_id as engineer_id, fact.kind, count(*) as number
         from ticket_facts as fact {}
         where fact.kind in ('accepted', 'solved', 'returned', 'reopened', 'handed_over')
           and fact.assignee_id is not null and {}
         group by 1, 2
         union all
         select comment.author_id, 'comment', count(*) from comments as comment {} where {} group by 1",
        request.join("fact"),
        within("fact", request.period),
        request.join_to_tickets("comment"),
        public_support_comment(request.period),
    );
    visibility::statement(&statement, &request.viewer).load(conn)
}

pub fn reply_times(
    request: &ReportRequest,
    conn: &mut PgConnection,
) -> QueryResult<Vec<ReplyTimes>> {
    let (join, span) = (request.join("outcome"), within("outcome", request.period));
    let median = median("outcome.minutes", "true");
    let statement = format!(
        "select outcome.assignee_id as engineer_id, {median} as median
         from clock_outcomes as outcome {join}
         where outcome.kind = 'response' and outcome.state in ('met', 'breached')
           and outcome.minutes is not null and outcome.assignee_id is not null and {span}
         group by grouping sets ((), (outcome.assignee_id))"
    );
    visibility::statement(&statement, &request.viewer).load(conn)
}

/// The working time of the span, up to now, in which people were absent, in days.
pub fn days_absent(
    request: &ReportRequest,
    conn: &mut PgConnection,
) -> QueryResult<BTreeMap<i64, f64>> {
    let (calendar, now) = (&request.caller.rules.calendar, request.caller.now);
    let (from, to) = (request.period.from, request.period.to.min(now));
    let statement = format!(
        "select user_id, since, until from absences
         where since < {} and coalesce(until > {}, true)",
        instant(to),
        instant(from),
    );
    let away: Vec<Away> = visibility::statement(&statement, &request.viewer).load(conn)?;
    let mut minutes = BTreeMap::<i64, i64>::new();
    for it in away {
        let until = it.until.unwrap_or(to).min(to);
        let since = it.since.max(from);
        *minutes.entry(it.user_id).or_default() += calendar.between(since, until.max(since));
    }
    let day = calendar.minutes_of_day();
    Ok(minutes.into_iter().map(|(id, it)| (id, days(it, day))).collect())
}
