//! Sessions and their refresh tokens.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::api_tokens::store::revoke_all as revoke_api_tokens;
use crate::credentials::secret;
use crate::db::Condition;
use crate::db::schema::{refresh_tokens, sessions, users};

/// The maximum lifetime of a session, however often it is refreshed.
const MAX_SESSION: TimeDelta = TimeDelta::days(90);

/// Two tabs that refresh at the same time are not a theft.
const REUSE_GRACE: TimeDelta = TimeDelta::seconds(10);

/// Where somebody signs in from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The user agent of the client.
    pub user_agent: String,
    pub address: String,
}

/// Opens a session with its first refresh token, and records that the user signed in; returns both.
pub fn open_session(
    user_id: i64,
    origin: &Origin,
    refresh_ttl: TimeDelta,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<(i64, String)> {
    let session_id = diesel::insert_into(sessions::table)
        .values((
            sessions::user_id.eq(user_id),
            sessions::user_agent.eq(&origin.user_agent),
            sessions::address.eq(&origin.address),
            sessions::created_at.eq(now),
            sessions::last_used_at.eq(now),
            sessions::authenticated_at.eq(now),
            sessions::expires_at.eq(now + MAX_SESSION),
        ))
        .returning(sessions::id)
        .get_result(conn)?;
    diesel::update(users::table.find(user_id))
        .set(users::last_signed_in_at.eq(now))
        .execute(conn)?;
    let token = issue_refresh_token(session_id, now + refresh_ttl, conn)?;
    Ok((session_id, token))
}

fn issue_refresh_token(
    session_id: i64,
    expires_at: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<String> {
    let (token, hash) = secret::random_token("hd_rt_");
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::hash.eq(hash),
            refresh_tokens::session_id.eq(session_id),
            refresh_tokens::expires_at.eq(expires_at),
        ))
        .execute(conn)?;
    Ok(token)
}

/// The result of using a refresh token.
#[derive(Debug)]
pub enum Refreshed {
    /// A new pair for the session of this user.
    Rotated {
        user_id: i64,
        session_id: i64,
        /// The token that replaces the old one.
        token: String,
        /// The one-time password has not been replaced yet.
        must_change_password: bool,
    },
    /// The token had been used before, so the session was ended: somebody else has a copy.
    Reused { user_id: i64, session_id: i64 },
    /// The token is void.
    Void,
}

/// Exchanges a refresh token for the next one.
pub fn rotate(
    token: &str,
    refresh_ttl: TimeDelta,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Refreshed> {
    let hash = secret::token_hash(token);
    let found: Option<(i64, DateTime<Utc>, Option<DateTime<Utc>>)> = refresh_tokens::table
        .find(&hash)
        .select((refresh_tokens::session_id, refresh_tokens::expires_at, refresh_tokens::used_at))
        .for_update()
        .first(conn)
        .optional()?;
    let Some((session_id, expires_at, used_at)) = found else { return Ok(Refreshed::Void) };
    if let Some(used_at) = used_at {
        if now - used_at > REUSE_GRACE {
            log::warn!("a refresh token of session {session_id} was used twice: session ended");
            revoke(Box::new(sessions::id.eq(session_id)), now, conn)?;
            let user_id = sessions::table.find(session_id).select(sessions::user_id).first(conn)?;
            return Ok(Refreshed::Reused { user_id, session_id });
        }
        return Ok(Refreshed::Void);
    }
    let owner: Option<(i64, bool)> = sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(session_id))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .filter(users::is_active)
        .select((users::id, users::must_change_password))
        .first(conn)
        .optional()?;
    let Some((user_id, must_change_password)) = owner.filter(|_| expires_at > now) else {
        return Ok(Refreshed::Void);
    };
    diesel::update(refresh_tokens::table.find(&hash))
        .set(refresh_tokens::used_at.eq(now))
        .execute(conn)?;
    diesel::update(sessions::table.find(session_id))
        .set(sessions::last_used_at.eq(now))
        .execute(conn)?;
    let token = issue_refresh_token(session_id, now + refresh_ttl, conn)?;
    Ok(Refreshed::Rotated { user_id, session_id, token, must_change_password })
}

/// Ends the sessions that a condition names.
pub fn revoke(
    which: Condition<sessions::table>,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    diesel::update(sessions::table.filter(sessions::revoked_at.is_null()).filter(which))
        .set(sessions::revoked_at.eq(now))
        .execute(conn)
}

/// Records when the person of a session last entered their password.
pub fn set_authenticated(
    session_id: i64,
    at: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    diesel::update(sessions::table.find(session_id))
        .set(sessions::authenticated_at.eq(at))
        .execute(conn)
}

/// Ends all sessions and revokes all API tokens of a user.
pub fn revoke_all(user_id: i64, now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<usize> {
    revoke_api_tokens(user_id, conn)?;
    revoke(Box::new(sessions::user_id.eq(user_id)), now, conn)
}
