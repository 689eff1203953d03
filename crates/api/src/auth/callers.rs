//! The rows behind a caller.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::{Language, Role};

use crate::api_tokens::store::scopes_of;
use crate::db::clock::{Now, clock_timestamp};
use crate::db::schema::{api_tokens, clock, sessions, settings as set, users};
use crate::db::string_enum::DbEnum;
use crate::http::caller::{Caller, Credential, GrantedBy};
use crate::problem::Problem;
use crate::settings;
use crate::visibility::people::ViewerRow;

/// The account behind a caller, and the time.
#[derive(Debug, HasQuery)]
#[diesel(table_name = users)]
struct CallerRow {
    id: i64,
    role: DbEnum<Role>,
    is_company_admin: bool,
    #[diesel(embed)]
    viewer: ViewerRow,
    language: DbEnum<Language>,
    must_change_password: bool,
    #[diesel(embed)]
    at: Moment,
}

/// The time, and the version of the settings by which it counts.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = users)]
struct Moment {
    #[diesel(select_expression = clock_timestamp())]
    real: DateTime<Utc>,
    /// How far the clock of the rules is ahead of it, in milliseconds.
    #[diesel(select_expression = clock::table.select(clock::ahead_ms).single_value())]
    ahead_ms: Option<i64>,
    #[diesel(select_expression = set::table.select(set::version).single_value())]
    version: Option<i32>,
}

impl CallerRow {
    fn with(self, credential: Credential, conn: &mut PgConnection) -> Result<Caller, Problem> {
        let now = Now::ahead(self.at.real, self.at.ahead_ms.unwrap_or(0));
        let rules = settings::current(self.at.version.unwrap_or(0), conn)?;
        Ok(Caller {
            user_id: self.id,
            credential,
            role: self.role.0,
            is_company_admin: self.is_company_admin,
            viewer: self.viewer.viewer(),
            language: self.language.0,
            must_change_password: self.must_change_password,
            now: now.rules,
            real_now: now.real,
            rules,
        })
    }
}

/// The caller of a session that is still valid, in one statement; if the settings have changed, they
/// are read as well.
pub fn caller(session_id: i64, conn: &mut PgConnection) -> Result<Option<Caller>, Problem> {
    let found: Option<(CallerRow, DateTime<Utc>)> = sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(session_id))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(clock_timestamp()))
        .filter(users::is_active)
        .select((CallerRow::as_select(), sessions::authenticated_at))
        .first(conn)
        .optional()?;
    let session = |authenticated_at| Credential::Session { id: session_id, authenticated_at };
    found.map(|(row, at)| row.with(session(at), conn)).transpose()
}

/// The caller whose link or ticket was made with this, if it is still valid.
pub fn caller_of_grant(
    granted_by: GrantedBy,
    conn: &mut PgConnection,
) -> Result<Option<Caller>, Problem> {
    match granted_by {
        GrantedBy::Session(id) => caller(id, conn),
        GrantedBy::ApiToken(id) => {
            let hash = api_tokens::table.find(id).select(api_tokens::hash);
            let hash: Option<Vec<u8>> = hash.first(conn).optional()?;
            hash.map_or(Ok(None), |it| caller_of_token(&it, conn))
        }
    }
}

/// The caller behind a mail to an address that was issued to a person, if the account is active.
pub fn caller_by_mail(user_id: i64, conn: &mut PgConnection) -> Result<Option<Caller>, Problem> {
    let found: Option<CallerRow> = users::table
        .filter(users::id.eq(user_id))
        .filter(users::is_active)
        .select(CallerRow::as_select())
        .first(conn)
        .optional()?;
    found.map(|row| row.with(Credential::Mail, conn)).transpose()
}

/// The caller of an API token that is still valid, in one statement. Its use is recorded in a
/// second one, at most once a minute.
pub fn caller_of_token(hash: &[u8], conn: &mut PgConnection) -> Result<Option<Caller>, Problem> {
    type Token = (i64, Vec<String>, Option<DateTime<Utc>>);

    let found: Option<(CallerRow, Token)> = api_tokens::table
        .inner_join(users::table)
        .filter(api_tokens::hash.eq(hash))
        .filter(api_tokens::expires_at.gt(clock_timestamp()))
        .filter(users::is_active)
        .select((
            CallerRow::as_select(),
            (api_tokens::id, api_tokens::scopes, api_tokens::last_used_at),
        ))
        .first(conn)
        .optional()?;
    let Some((row, (id, words, last_used_at))) = found else { return Ok(None) };
    let caller = row.with(Credential::ApiToken { id, scopes: scopes_of(&words) }, conn)?;
    let minute_ago = caller.real_now - TimeDelta::minutes(1);
    if last_used_at.is_none_or(|it| it <= minute_ago) {
        diesel::update(api_tokens::table.find(id))
            .set(api_tokens::last_used_at.eq(caller.real_now))
            .execute(conn)?;
    }
    Ok(Some(caller))
}

/// Whether the caller is still the same: signed in, with the same role and the same visibility.
pub fn is_unchanged(caller: &Caller, conn: &mut PgConnection) -> QueryResult<bool> {
    let same = users::table
        .filter(users::id.eq(caller.user_id))
        .filter(users::is_active)
        .filter(users::role.eq(DbEnum(caller.role)))
        .filter(users::must_change_password.eq(caller.must_change_password));
    let eyes = ViewerRow::as_select();
    let found = match caller.credential {
        Credential::Session { id, .. } => same
            .inner_join(sessions::table)
            .filter(sessions::id.eq(id))
            .filter(sessions::revoked_at.is_null())
            .filter(sessions::expires_at.gt(clock_timestamp()))
            .select(eyes)
            .first(conn),
        Credential::ApiToken { id, .. } => same
            .inner_join(api_tokens::table)
            .filter(api_tokens::id.eq(id))
            .filter(api_tokens::expires_at.gt(clock_timestamp()))
            .select(eyes)
            .first(conn),
        Credential::Mail => same.select(eyes).first(conn),
    };
    let found: Option<ViewerRow> = found.optional()?;
    Ok(found.is_some_and(|it| it.viewer() == caller.viewer))
}
