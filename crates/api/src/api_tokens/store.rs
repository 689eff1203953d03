//! The rows of personal tokens.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::api_tokens::legacy_key::map_constraint;
use crate::db::schema::api_tokens;
use crate::http::scope::Scope;
use crate::problem::{Code, Problem};

/// The maximum number of tokens of a person.
pub const MAX_API_TOKENS: i64 = 50;

/// A personal token as it is stored; its hash is not part of it.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = api_tokens)]
pub struct ApiTokenRow {
    pub id: i64,
    /// The name that the owner gave the token.
    pub name: String,
    scopes: Vec<String>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A token to create.
#[derive(Debug)]
pub struct NewApiToken<'a> {
    pub user_id: i64,
    /// The name that the owner gave the token.
    pub name: &'a str,
    /// What it may be used for.
    pub scopes: &'a [Scope],
    pub lifetime: TimeDelta,
    /// The hash of the secret.
    pub hash: Vec<u8>,
}

impl ApiTokenRow {
    /// What it may be used for.
    pub fn scopes(&self) -> Vec<Scope> {
        scopes_of(&self.scopes)
    }

    /// A person's tokens, the newest first; there are never more than [`MAX_API_TOKENS`].
    pub fn all_of(user_id: i64, conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        Self::query()
            .filter(api_tokens::user_id.eq(user_id))
            .order(api_tokens::id.desc())
            .limit(MAX_API_TOKENS)
            .load(conn)
    }

    /// One of a person's tokens.
    pub fn find(id: i64, user_id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        let own = api_tokens::id.eq(id).and(api_tokens::user_id.eq(user_id));
        Self::query().filter(own).first(conn)
    }

    /// A new token. The owner's row must be locked, so that two at once do not exceed the maximum.
    /// Errors: `too_many_api_tokens`; a secret that is known already.
    pub fn create(
        new: NewApiToken<'_>,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> Result<Self, Problem> {
        let own = api_tokens::table.filter(api_tokens::user_id.eq(new.user_id));
        if own.select(count_star()).first::<i64>(conn)? >= MAX_API_TOKENS {
            return Err(Problem::new(Code::TooManyApiTokens));
        }
        let scopes: Vec<&str> = new.scopes.iter().map(|it| it.as_str()).collect();
        let row = diesel::insert_into(api_tokens::table)
            .values((
                api_tokens::user_id.eq(new.user_id),
                api_tokens::name.eq(new.name.trim()),
                api_tokens::hash.eq(new.hash),
                api_tokens::scopes.eq(scopes),
                api_tokens::created_at.eq(now),
                api_tokens::expires_at.eq(now + new.lifetime),
            ))
            .returning(Self::as_returning())
            .get_result(conn)
            .map_err(map_constraint)?;
        Ok(row)
    }

    /// Removes a person's token.
    /// Errors: `NotFound` where the person has no such token.
    pub fn revoke(id: i64, user_id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        let own = api_tokens::table.find(id).filter(api_tokens::user_id.eq(user_id));
        diesel::delete(own).returning(Self::as_returning()).get_result(conn)
    }
}

/// The scopes with these names; a name that is no longer a scope permits nothing.
pub fn scopes_of(words: &[String]) -> Vec<Scope> {
    words.iter().filter_map(|it| it.parse().ok()).collect()
}

/// Removes all tokens of a person.
pub fn revoke_all(user_id: i64, conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::delete(api_tokens::table.filter(api_tokens::user_id.eq(user_id))).execute(conn)
}
