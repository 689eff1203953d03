//! Sessions, refresh tokens, and the rows behind a caller.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::{Language, Role};

use crate::api_tokens::store::{revoke_all as revoke_api_tokens, scopes_of};
use crate::auth::{Caller, Credential, secret};
use crate::clock::{Now, clock_timestamp};
use crate::db::Word;
use crate::problem::Problem;
use crate::schema::{api_tokens, clock, refresh_tokens, sessions, settings as set, users};
use crate::settings;

/// However often it is refreshed, a session ends after this.
const LONGEST_SESSION: TimeDelta = TimeDelta::days(90);

/// Two tabs that refresh at the same time are no theft.
const REUSE_GRACE: TimeDelta = TimeDelta::seconds(10);

/// The account behind a caller, and the time.
#[derive(Debug, HasQuery)]
#[diesel(table_name = users)]
struct CallerRow {
    id: i64,
    role: Word<Role>,
    company_id: Option<i64>,
    language: Word<Language>,
    must_change_password: bool,
}

/// What the wall shows, how far the rules are ahead of it, and the version of the settings.
type Moment = (DateTime<Utc>, Option<i64>, Option<i32>);

impl CallerRow {
    fn with(
        self,
        credential: Credential,
        (real, ahead, version): Moment,
        conn: &mut PgConnection,
    ) -> Result<Caller, Problem> {
        let now = Now::ahead(real, ahead.unwrap_or(0));
        let rules = settings::current(version.unwrap_or(0), conn)?;
        Ok(Caller {
            user_id: self.id,
            credential,
            role: self.role.0,
            company_id: self.company_id,
            language: self.language.0,
            must_change_password: self.must_change_password,
            now: now.rules,
            real_now: now.real,
            rules,
        })
    }
}

/// The caller of a session that is still good, in one statement; where the settings have changed,
/// these are read as well.
///
/// # Errors
/// A failure of the database.
pub fn caller(session_id: i64, conn: &mut PgConnection) -> Result<Option<Caller>, Problem> {
    let found: Option<(CallerRow, Moment)> = sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(session_id))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(clock_timestamp()))
        .filter(users::is_active)
        .select((
            CallerRow::as_select(),
            (
                clock_timestamp(),
                clock::table.select(clock::ahead_ms).single_value(),
                set::table.select(set::version).single_value(),
            ),
        ))
        .first(conn)
        .optional()?;
    found.map(|(row, at)| row.with(Credential::Session(session_id), at, conn)).transpose()
}

/// The caller of a mail that came to an address which was given to a person, if the account is
/// open.
///
/// # Errors
/// A failure of the database.
pub fn caller_by_mail(user_id: i64, conn: &mut PgConnection) -> Result<Option<Caller>, Problem> {
    let found: Option<(CallerRow, Moment)> = users::table
        .filter(users::id.eq(user_id))
        .filter(users::is_active)
        .select((
            CallerRow::as_select(),
            (
                clock_timestamp(),
                clock::table.select(clock::ahead_ms).single_value(),
                set::table.select(set::version).single_value(),
            ),
        ))
        .first(conn)
        .optional()?;
    found.map(|(row, at)| row.with(Credential::Mail, at, conn)).transpose()
}

/// The caller of an API token that is still good, in one statement. Its use is noted in a
/// second one, at most once a minute.
///
/// # Errors
/// A failure of the database.
pub fn caller_of_token(hash: &[u8], conn: &mut PgConnection) -> Result<Option<Caller>, Problem> {
    type Token = (i64, Vec<String>, Option<DateTime<Utc>>);

    let found: Option<(CallerRow, Token, Moment)> = api_tokens::table
        .inner_join(users::table)
        .filter(api_tokens::hash.eq(hash))
        .filter(api_tokens::expires_at.gt(clock_timestamp()))
        .filter(users::is_active)
        .select((
            CallerRow::as_select(),
            (api_tokens::id, api_tokens::scopes, api_tokens::last_used_at),
            (
                clock_timestamp(),
                clock::table.select(clock::ahead_ms).single_value(),
                set::table.select(set::version).single_value(),
            ),
        ))
        .first(conn)
        .optional()?;
    let Some((row, (id, words, last_used_at), at)) = found else { return Ok(None) };
    let caller = row.with(Credential::ApiToken { id, scopes: scopes_of(&words) }, at, conn)?;
    let minute_ago = caller.real_now - TimeDelta::minutes(1);
    if last_used_at.is_none_or(|it| it <= minute_ago) {
        diesel::update(api_tokens::table.find(id))
            .set(api_tokens::last_used_at.eq(caller.real_now))
            .execute(conn)?;
    }
    Ok(Some(caller))
}

/// Whether the caller of a moment ago would be the same now: still signed in, with the same role
/// in the same company.
///
/// # Errors
/// A failure of the database.
pub fn is_unchanged(caller: &Caller, conn: &mut PgConnection) -> QueryResult<bool> {
    let same = users::table
        .filter(users::id.eq(caller.user_id))
        .filter(users::is_active)
        .filter(users::role.eq(Word(caller.role)))
        .filter(users::company_id.is_not_distinct_from(caller.company_id))
        .filter(users::must_change_password.eq(caller.must_change_password));
    match caller.credential {
        Credential::Session(id) => {
            let good = same
                .inner_join(sessions::table)
                .filter(sessions::id.eq(id))
                .filter(sessions::revoked_at.is_null())
                .filter(sessions::expires_at.gt(clock_timestamp()));
            diesel::select(exists(good)).get_result(conn)
        }
        Credential::ApiToken { id, .. } => {
            let good = same
                .inner_join(api_tokens::table)
                .filter(api_tokens::id.eq(id))
                .filter(api_tokens::expires_at.gt(clock_timestamp()));
            diesel::select(exists(good)).get_result(conn)
        }
        Credential::Mail => diesel::select(exists(same)).get_result(conn),
    }
}

/// An account, as far as signing in needs it.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = users)]
pub struct Account {
    /// Who.
    pub id: i64,
    /// Where mail goes.
    pub email: String,
    /// None until the first one-time password has been made.
    pub password_hash: Option<String>,
    /// A one-time password is void after this.
    pub password_expires_at: Option<DateTime<Utc>>,
    /// A one-time password must be replaced.
    pub must_change_password: bool,
    /// Deactivated accounts sign in nowhere.
    pub is_active: bool,
}

impl Account {
    /// The account of an address.
    ///
    /// # Errors
    /// A failure of the database.
    pub fn by_email(email_folded: &str, conn: &mut PgConnection) -> QueryResult<Option<Self>> {
        Self::query().filter(users::email_folded.eq(email_folded)).first(conn).optional()
    }

    /// The hash that a password is compared with now; none where nobody may sign in.
    pub fn usable_hash(&self, now: DateTime<Utc>) -> Option<String> {
        let is_expired = self.password_expires_at.is_some_and(|it| it <= now);
        self.password_hash.clone().filter(|_| self.is_active && !is_expired)
    }
}

/// Where somebody signs in from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The client's name for itself.
    pub user_agent: String,
    /// The client's address.
    pub address: String,
}

/// Opens a session and its first refresh token; answers the session and the token.
///
/// # Errors
/// A failure of the database.
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
            sessions::expires_at.eq(now + LONGEST_SESSION),
        ))
        .returning(sessions::id)
        .get_result(conn)?;
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

/// What came of a refresh token.
#[derive(Debug)]
pub enum Refreshed {
    /// A new pair for the session of this user.
    Rotated {
        /// Whose session.
        user_id: i64,
        /// Which session.
        session_id: i64,
        /// The token that replaces the old one.
        token: String,
        /// The one-time password is still to be replaced.
        must_change_password: bool,
    },
    /// The token was used a while before, so that the session has been ended: somebody else has
    /// a copy.
    Reused {
        /// Whose session.
        user_id: i64,
        /// Which session.
        session_id: i64,
    },
    /// The token is void.
    Void,
}

/// Exchanges a refresh token for the next one.
///
/// # Errors
/// A failure of the database.
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
            revoke(sessions::id.eq(session_id), now, conn)?;
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
///
/// # Errors
/// A failure of the database.
pub fn revoke<C>(which: C, now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<usize>
where
    C: diesel::expression::BoxableExpression<
            sessions::table,
            diesel::pg::Pg,
            SqlType = diesel::sql_types::Bool,
        > + 'static,
{
    let which: Box<
        dyn diesel::expression::BoxableExpression<
                sessions::table,
                diesel::pg::Pg,
                SqlType = diesel::sql_types::Bool,
            >,
    > = Box::new(which);
    diesel::update(sessions::table.filter(sessions::revoked_at.is_null()).filter(which))
        .set(sessions::revoked_at.eq(now))
        .execute(conn)
}

/// Ends everything by which somebody is signed in: all sessions, all API tokens.
///
/// # Errors
/// A failure of the database.
pub fn revoke_all(user_id: i64, now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<usize> {
    revoke_api_tokens(user_id, conn)?;
    revoke(sessions::user_id.eq(user_id), now, conn)
}

/// Sets a password that its owner chose, if the present one is still the one that was checked;
/// answers whether it was.
///
/// # Errors
/// A failure of the database.
pub fn replace_password(
    user_id: i64,
    checked: Option<&str>,
    hash: &str,
    conn: &mut PgConnection,
) -> QueryResult<bool> {
    if !is_still(user_id, checked, conn)? {
        return Ok(false);
    }
    set_password(user_id, hash, conn).map(|_| true)
}

/// Whether an account still has the password that was checked a moment ago; the account is
/// locked until the transaction ends.
///
/// # Errors
/// A failure of the database.
pub fn is_still(user_id: i64, checked: Option<&str>, conn: &mut PgConnection) -> QueryResult<bool> {
    let account = Account::query().filter(users::id.eq(user_id)).for_no_key_update();
    let account: Option<Account> = account.first(conn).optional()?;
    Ok(account.is_some_and(|it| it.is_active && it.password_hash.as_deref() == checked))
}

/// Sets a password that its owner chose.
///
/// # Errors
/// A failure of the database.
pub fn set_password(user_id: i64, hash: &str, conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::update(users::table.find(user_id))
        .set((
            users::password_hash.eq(hash),
            users::password_expires_at.eq(None::<DateTime<Utc>>),
            users::must_change_password.eq(false),
        ))
        .execute(conn)
}
