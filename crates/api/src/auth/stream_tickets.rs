//! Tickets with which the `EventSource` of a browser opens a stream, once.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::auth::callers::caller_of_grant;
use crate::credentials::secret;
use crate::db::clock::clock_timestamp;
use crate::db::schema::stream_tickets;
use crate::http::caller::{Caller, GrantedBy};
use crate::problem::Problem;

/// How long a ticket can be used. The stream that it opens goes on.
const LIFETIME: TimeDelta = TimeDelta::minutes(1);

/// A new ticket, and when it expires. Its stream ends with the access token that the ticket was made with.
pub fn issue(
    granted_by: GrantedBy,
    stream_ends_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<(String, DateTime<Utc>)> {
    let (ticket, hash) = secret::random_token("hd_st_");
    let (session_id, api_token_id) = match granted_by {
        GrantedBy::Session(id) => (Some(id), None),
        GrantedBy::ApiToken(id) => (None, Some(id)),
    };
    let expires_at = now + LIFETIME;
    diesel::insert_into(stream_tickets::table)
        .values((
            stream_tickets::hash.eq(hash),
            stream_tickets::session_id.eq(session_id),
            stream_tickets::api_token_id.eq(api_token_id),
            stream_tickets::expires_at.eq(expires_at),
            stream_tickets::stream_ends_at.eq(stream_ends_at),
        ))
        .execute(conn)?;
    Ok((ticket, expires_at))
}

/// Whose stream it is, and when it ends, if it does.
type Stream = (Caller, Option<DateTime<Utc>>);

/// Uses a ticket up; none for a ticket that is unknown, used or expired, or whose session or token has ended.
pub fn used(hash: &[u8], conn: &mut PgConnection) -> Result<Option<Stream>, Problem> {
    type Used = (Option<i64>, Option<i64>, Option<DateTime<Utc>>);

    let valid = stream_tickets::table
        .filter(stream_tickets::hash.eq(hash))
        .filter(stream_tickets::expires_at.gt(clock_timestamp()));
    let used: Option<Used> = diesel::delete(valid)
        .returning((
            stream_tickets::session_id,
            stream_tickets::api_token_id,
            stream_tickets::stream_ends_at,
        ))
        .get_result(conn)
        .optional()?;
    let Some((session_id, api_token_id, ends_at)) = used else { return Ok(None) };
    let granted_by =
        session_id.map(GrantedBy::Session).or_else(|| api_token_id.map(GrantedBy::ApiToken));
    let Some(granted_by) = granted_by else { return Ok(None) };
    Ok(caller_of_grant(granted_by, conn)?.map(|it| (it, ends_at)))
}
