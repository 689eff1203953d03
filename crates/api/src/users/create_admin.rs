//! Accounts created by commands: the first admin.

use chrono::{TimeDelta, Utc};
use diesel::prelude::*;
use domain::hidden::has_hidden;
use domain::{Language, Role};

use crate::audit::entry::{Entry, Trace};
use crate::credentials::email::fold_email;
use crate::credentials::{hashing, secret};
use crate::db::clock::in_milliseconds;
use crate::db::schema::users;
use crate::problem::violated_constraint;
use crate::users::create::email_error;

/// The lifetime of an admin's one-time password.
const PASSWORD_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// Registers an admin; returns a one-time password, which the first sign-in must replace.
/// Errors: the sentence that says what is wrong.
pub fn create_admin(
    database_url: &str,
    email: &str,
    first_name: &str,
    last_name: &str,
) -> Result<String, String> {
    if email_error(email).is_some() {
        return Err(format!("{email} is not a valid e-mail address"));
    }
    if has_hidden(first_name.trim()) || has_hidden(last_name.trim()) {
        return Err("a name has a character that nobody sees".to_owned());
    }
    let password = secret::one_time_password();
    let hash = hashing::hash(&password).map_err(|it| it.to_string())?;
    let now = in_milliseconds(Utc::now());
    let mut conn = PgConnection::establish(database_url).map_err(|it| it.to_string())?;
    let account = diesel::insert_into(users::table)
        .values((
            users::role.eq(Role::Admin.as_str()),
            users::email.eq(email.trim()),
            users::email_folded.eq(fold_email(email)),
            users::first_name.eq(first_name.trim()),
            users::last_name.eq(last_name.trim()),
            users::language.eq(Language::Ru.as_str()),
            users::password_hash.eq(hash),
            users::password_expires_at.eq(now + PASSWORD_LIFETIME),
            users::must_change_password.eq(true),
            users::created_at.eq(now),
        ))
        .returning(users::id);
    let created = conn.transaction(|conn| {
        let id: i64 = account.get_result(conn)?;
        let entry = Entry::of(Trace::of_command("create_admin", "/users"));
        entry.with_login(&fold_email(email)).with_new_id(id).write(now, conn)
    });
    created.map_err(|error| match violated_constraint(&error) {
        Some("users_email_key") => format!("{email} is registered already"),
        Some(_) | None => error.to_string(),
    })?;
    Ok(password)
}
