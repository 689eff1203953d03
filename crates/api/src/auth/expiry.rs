//! Deletes what nobody can use any more: tokens, tickets, sessions, counts of failed sign-ins.

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;

use crate::db::clock::real_now;
use crate::problem::Problem;
use crate::worker::batch::Progress;

/// What is deleted, and how long after its end. A batch is bounded, so that no transaction is long, and skips
/// locked rows, so that it never waits.
const EXPIRED_ROWS: &[(&str, TimeDelta)] = &[
    // An access token outlives its refresh token by a day at most.
    (
        "delete from refresh_tokens where hash in (
             select hash from refresh_tokens where expires_at < $1 limit 1000
             for update skip locked)",
        TimeDelta::days(2),
    ),
    (
        "delete from refresh_tokens where hash in (
             select hash from refresh_tokens join sessions on sessions.id = session_id
             where revoked_at < $1 or sessions.expires_at < $1 limit 1000
             for update of refresh_tokens skip locked)",
        TimeDelta::days(2),
    ),
    (
        "delete from stream_tickets where hash in (
             select hash from stream_tickets where expires_at < $1 limit 1000
             for update skip locked)",
        TimeDelta::zero(),
    ),
    // Without a refresh token a session cannot go on.
    (
        "delete from sessions where id in (
             select id from sessions where last_used_at < $1 and not exists (
                 select from refresh_tokens where session_id = sessions.id) limit 1000
             for update skip locked)",
        TimeDelta::days(2),
    ),
    (
        "delete from sign_in_attempts where key in (
             select key from sign_in_attempts where last_at < $1 limit 1000
             for update skip locked)",
        TimeDelta::days(1),
    ),
    (
        "delete from known_networks where (user_id, network) in (
             select user_id, network from known_networks where last_at < $1 limit 1000
             for update skip locked)",
        TimeDelta::days(90),
    ),
    (
        "delete from password_resets where user_id in (
             select user_id from password_resets where expires_at < $1 limit 1000
             for update skip locked)",
        TimeDelta::days(1),
    ),
    // Owners see for a while that a token has ended.
    (
        "delete from api_tokens where id in (
             select id from api_tokens where expires_at < $1 limit 1000
             for update skip locked)",
        TimeDelta::days(30),
    ),
];

/// Deletes a batch of them.
pub fn clear(conn: &mut PgConnection) -> Result<Progress, Problem> {
    let now = real_now(conn)?;
    let mut cleared = 0;
    for (statement, age) in EXPIRED_ROWS {
        let ended_before = now - *age;
        cleared +=
            diesel::sql_query(*statement).bind::<Timestamptz, _>(ended_before).execute(conn)?;
    }
    Ok(Progress::of(cleared))
}
