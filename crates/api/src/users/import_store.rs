//! What a list of people refers to, and its people as rows.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};

use crate::credentials::email::fold_email;
use crate::db::schema::{companies, users};
use crate::http::caller::Caller;
use crate::http::refs::Ref;
use crate::problem::{Problem, map_constraint};
use crate::users::new_user::NewUser;
use crate::users::store::known_to;

/// The companies of a list: each by its number, with whether it is open, and their numbers by names in lower case.
#[derive(Debug, Default)]
pub struct Companies {
    pub is_open: HashMap<i64, bool>,
    pub by_name: HashMap<String, i64>,
}

/// Finds companies by numbers and names; they stay open, or closed, until the transaction ends.
pub fn companies_of(
    ids: BTreeSet<i64>,
    names: BTreeSet<String>,
    conn: &mut PgConnection,
) -> QueryResult<Companies> {
    let names: Vec<String> = names.into_iter().collect();
    let is_named = sql::<Bool>("lower(companies.name) = any(").bind::<Array<Text>, _>(names);
    let found: Vec<(i64, String, Option<DateTime<Utc>>)> = companies::table
        .filter(companies::id.eq_any(ids).or(is_named.sql(")")))
        .order(companies::id)
        .select((companies::id, companies::name, companies::closed_at))
        .for_share()
        .load(conn)?;
    let mut companies = Companies::default();
    for (id, name, closed_at) in found {
        companies.is_open.insert(id, closed_at.is_none());
        companies.by_name.insert(name.to_lowercase(), id);
    }
    Ok(companies)
}

/// The accounts with these folded addresses; those whom the caller may know of are named.
pub fn accounts_of(
    emails: Vec<String>,
    caller: &Caller,
    conn: &mut PgConnection,
) -> QueryResult<HashMap<String, Option<Ref>>> {
    let found: Vec<(String, i64, String, String, bool)> = users::table
        .filter(users::email_folded.eq_any(emails))
        .select((
            users::email_folded,
            users::id,
            users::first_name,
            users::last_name,
            known_to(caller),
        ))
        .load(conn)?;
    let account = |(email, id, first, last, is_known): (String, i64, String, String, bool)| {
        (email, is_known.then(|| Ref::person(id, &first, &last)))
    };
    Ok(found.into_iter().map(account).collect())
}

/// Creates accounts without passwords, in the order of their addresses, in which two lists that name the same people do
/// not wait for each other; returns their ids by folded addresses.
/// Errors: a field error where an address has been taken meanwhile.
pub fn create_all(
    people: &[NewUser<'_>],
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> Result<HashMap<String, i64>, Problem> {
    let mut sorted: Vec<(String, &NewUser<'_>)> =
        people.iter().map(|it| (fold_email(it.email), it)).collect();
    sorted.sort_by(|one, other| one.0.cmp(&other.0));
    let rows: Vec<_> = sorted.into_iter().map(|(email, it)| it.row(email, now)).collect();
    let created: Vec<(String, i64)> = diesel::insert_into(users::table)
        .values(rows)
        .returning((users::email_folded, users::id))
        .get_results(conn)
        .map_err(map_constraint)?;
    Ok(created.into_iter().collect())
}
