//! Accounts, as far as signing in needs them, and their passwords.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::users;

/// An account, as far as signing in needs it.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = users)]
pub struct Account {
    pub id: i64,
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
    pub fn by_email(email_folded: &str, conn: &mut PgConnection) -> QueryResult<Option<Self>> {
        Self::query().filter(users::email_folded.eq(email_folded)).first(conn).optional()
    }

    pub fn find(id: i64, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query().filter(users::id.eq(id)).first(conn)
    }

    /// The hash that a password is compared with now; none if the account may not sign in.
    pub fn usable_hash(&self, now: DateTime<Utc>) -> Option<String> {
        let is_expired = self.password_expires_at.is_some_and(|it| it <= now);
        self.password_hash.clone().filter(|_| self.is_active && !is_expired)
    }
}

/// Sets a password that its owner chose, if the present one is still the one that was checked;
/// returns whether it was.
pub fn replace_password(
    user_id: i64,
    checked: Option<&str>,
    hash: &str,
    conn: &mut PgConnection,
) -> QueryResult<bool> {
    let unchanged = users::table
        .filter(users::id.eq(user_id))
        .filter(users::is_active)
        .filter(users::password_hash.is_not_distinct_from(checked));
    Ok(diesel::update(unchanged).set(own_password(hash)).execute(conn)? == 1)
}

/// Whether an account still has the password that was just checked; the account is
/// locked until the transaction ends.
pub fn is_still(user_id: i64, checked: Option<&str>, conn: &mut PgConnection) -> QueryResult<bool> {
    let account = Account::query().filter(users::id.eq(user_id)).for_no_key_update();
    let account: Option<Account> = account.first(conn).optional()?;
    Ok(account.is_some_and(|it| it.is_active && it.password_hash.as_deref() == checked))
}

/// Sets a password that its owner chose.
pub fn set_password(user_id: i64, hash: &str, conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::update(users::table.find(user_id)).set(own_password(hash)).execute(conn)
}

#[derive(AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
struct OwnPassword<'a> {
    password_hash: &'a str,
    password_expires_at: Option<DateTime<Utc>>,
    must_change_password: bool,
}

const fn own_password(hash: &str) -> OwnPassword<'_> {
    OwnPassword { password_hash: hash, password_expires_at: None, must_change_password: false }
}

/// Replaces the hash of a password by a stronger hash of the same password (AU02).
pub fn renew_hash(user_id: i64, hash: &str, conn: &mut PgConnection) -> QueryResult<usize> {
    diesel::update(users::table.find(user_id)).set(users::password_hash.eq(hash)).execute(conn)
}
