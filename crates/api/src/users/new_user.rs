//! New accounts, as rows.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{Language, Role, Sees};

use crate::credentials::email::fold_email;
use crate::db::schema::users;
use crate::problem::{Problem, map_constraint};

/// A person as they are registered.
#[derive(Debug)]
pub struct NewUser<'a> {
    pub role: Role,
    pub company_id: Option<i64>,
    pub sees: Sees,
    pub is_company_admin: bool,
    pub email: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub language: Language,
}

/// The columns of a new account.
#[derive(Debug, Insertable)]
#[diesel(table_name = users)]
pub struct NewUserRow<'a> {
    role: &'static str,
    company_id: Option<i64>,
    sees: &'static str,
    is_company_admin: bool,
    email: &'a str,
    email_folded: String,
    first_name: &'a str,
    last_name: &'a str,
    language: &'static str,
    must_change_password: bool,
    created_at: DateTime<Utc>,
}

impl<'a> NewUser<'a> {
    /// Creates the account, without a password; returns its id.
    /// Errors: `already_exists` where the address is taken.
    pub fn create(&self, now: DateTime<Utc>, conn: &mut PgConnection) -> Result<i64, Problem> {
        diesel::insert_into(users::table)
            .values(self.row(fold_email(self.email), now))
            .returning(users::id)
            .get_result(conn)
            .map_err(map_constraint)
    }

    /// The same as a row, without a password.
    pub const fn row(&self, email_folded: String, now: DateTime<Utc>) -> NewUserRow<'a> {
        NewUserRow {
            role: self.role.as_str(),
            company_id: self.company_id,
            sees: self.sees.as_str(),
            is_company_admin: self.is_company_admin,
            email: self.email,
            email_folded,
            first_name: self.first_name,
            last_name: self.last_name,
            language: self.language.as_str(),
            must_change_password: true,
            created_at: now,
        }
    }
}

/// Whether somebody has an address.
pub fn is_taken(email: &str, conn: &mut PgConnection) -> QueryResult<bool> {
    let taken = users::table.filter(users::email_folded.eq(fold_email(email)));
    diesel::select(diesel::dsl::exists(taken)).get_result(conn)
}
