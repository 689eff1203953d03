//! The rows of presence: a person has one for each ticket that they look at.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Timestamptz};
use domain::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::named::Named;
use crate::db::schema::{ticket_presence, users};
use crate::http::refs::Ref;

/// How long somebody is present after their last sign of life.
pub const VALID: TimeDelta = TimeDelta::seconds(30);

/// The maximum number of people shown.
const MAX_SHOWN: i64 = 100;

/// Who else of support is at a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketPresence {
    /// At most 100 people, the latest first; you are not among them.
    pub people: Vec<PresentPerson>,
    /// For how many seconds a sign of life is valid: renew yours before.
    #[schema(example = 30)]
    pub valid_seconds: i64,
}

/// Somebody of support who is at a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresentPerson {
    /// The engineer or admin who is there.
    pub person: Ref,
    /// Whether they are writing a comment.
    pub is_writing: bool,
    /// When they last gave a sign of life.
    pub seen_at: Timestamp,
}

impl TicketPresence {
    /// The others who are at a ticket at an instant of real time.
    pub fn of_others(
        ticket_id: i64,
        user_id: i64,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        type Row = (i64, String, String, bool, DateTime<Utc>);
        let rows: Vec<Row> = ticket_presence::table
            .inner_join(users::table)
            .filter(ticket_presence::ticket_id.eq(ticket_id))
            .filter(ticket_presence::user_id.ne(user_id))
            .filter(ticket_presence::seen_at.gt(now - VALID))
            .order((ticket_presence::seen_at.desc(), users::id))
            .limit(MAX_SHOWN)
            .select((
                users::id,
                users::first_name,
                users::last_name,
                ticket_presence::is_writing,
                ticket_presence::seen_at,
            ))
            .load(conn)?;
        let people = rows.into_iter().map(|(id, first, last, is_writing, seen_at)| PresentPerson {
            person: Ref::person(id, &first, &last),
            is_writing,
            seen_at: seen_at.into(),
        });
        Ok(Self { people: people.collect(), valid_seconds: VALID.num_seconds() })
    }
}

/// Records a sign of life, in one statement, which also throws away some that are over.
pub fn record(
    ticket_id: i64,
    user_id: i64,
    is_writing: bool,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let statement = diesel::sql_query(include_str!("record.sql"))
        .bind::<BigInt, _>(ticket_id)
        .bind::<BigInt, _>(user_id)
        .bind::<Bool, _>(is_writing)
        .bind::<Timestamptz, _>(now);
    Named(statement).execute(conn)
}
