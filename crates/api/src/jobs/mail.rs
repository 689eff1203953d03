//! Sends what waits in the outbox.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::{Progress, Tools};
use crate::auth::{reset, secret};
use crate::clock::real_now;
use crate::mail::invitation::Invitation;
use crate::mail::outbox::{self, Kind, MailRow};
use crate::mail::password::{PasswordChanged, PasswordReset};
use crate::mail::transport::Letter;
use crate::problem::Problem;
use crate::schema::users;
use crate::users::store::UserRow;

/// How long a one-time password is good.
const PASSWORD_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// Sends the next mail that is due. A mail that fails is tried again later; it does not hold up
/// the others.
///
/// # Errors
/// A failure of the database.
pub fn send_next(tools: &Tools) -> Result<Progress, Problem> {
    let db = &tools.db;
    let claimed = db.transaction_here(|conn| Ok(outbox::claim(real_now(conn)?, conn)?))?;
    let Some(mail) = claimed else { return Ok(Progress::Idle) };
    let outcome = match mail.kind.0 {
        Kind::Invitation => invite(&mail, tools),
        Kind::PasswordReset => reset_password(&mail, tools),
        Kind::PasswordChanged => password_changed(&mail, tools),
    };
    db.transaction_here(|conn| {
        let now = real_now(conn)?;
        match &outcome {
            Ok(()) => mail.sent(now, conn)?,
            Err(error) => {
                log::warn!("mail {} failed, attempt {}: {error}", mail.id, mail.attempts);
                mail.failed(error, now, conn)?
            }
        };
        Ok(Progress::Worked)
    })
}

/// Makes a one-time password, commits its hash, then sends it: a repeated attempt makes a new
/// one, and a password that somebody chose is left alone.
fn invite(mail: &MailRow, tools: &Tools) -> Result<(), String> {
    let password = secret::one_time_password();
    let hash = secret::hash(&password).map_err(told)?;
    let work = |conn: &mut PgConnection| {
        let expires_at = real_now(conn)? + PASSWORD_LIFETIME;
        let awaited = users::table
            .find(mail.user_id)
            .filter(users::must_change_password)
            .filter(users::is_active);
        let changed = diesel::update(awaited)
            .set((
                users::password_hash.eq(&hash),
                users::password_expires_at.eq(expires_at),
                users::must_change_password.eq(true),
            ))
            .execute(conn)?;
        let user = UserRow::find(mail.user_id, conn)?;
        Ok((changed > 0).then_some(user))
    };
    // Somebody who has a password of their own by now, or left, needs none.
    let Some(user) = tools.db.transaction_here(work).map_err(told)? else { return Ok(()) };
    let invitation = Invitation {
        first_name: &user.first_name,
        email: &user.email,
        password: &password,
        public_url: &tools.public_url,
    };
    let language = user.language.0;
    send(mail, &user, Invitation::subject(language), invitation.body(language), tools)
}

/// Makes the token with which a password is replaced, commits its hash, then sends it: a
/// repeated attempt makes a new one, which voids the one before.
fn reset_password(mail: &MailRow, tools: &Tools) -> Result<(), String> {
    let work = |conn: &mut PgConnection| {
        let user = UserRow::find(mail.user_id, conn)?;
        let token = user.is_active.then(|| reset::make(user.id, conn)).transpose()?;
        Ok(token.map(|token| (user, token)))
    };
    // Somebody who left meanwhile gets none.
    let made = tools.db.transaction_here(work).map_err(told)?;
    let Some((user, token)) = made else { return Ok(()) };
    let reset = PasswordReset {
        first_name: &user.first_name,
        token: &token,
        public_url: &tools.public_url,
    };
    let language = user.language.0;
    send(mail, &user, PasswordReset::subject(language), reset.body(language), tools)
}

/// Tells somebody that the password is another one now.
fn password_changed(mail: &MailRow, tools: &Tools) -> Result<(), String> {
    let work = |conn: &mut PgConnection| Ok(UserRow::find(mail.user_id, conn)?);
    let user = tools.db.transaction_here(work).map_err(told)?;
    let notice = PasswordChanged { first_name: &user.first_name, public_url: &tools.public_url };
    let language = user.language.0;
    send(mail, &user, PasswordChanged::subject(language), notice.body(language), tools)
}

fn send(
    mail: &MailRow,
    user: &UserRow,
    subject: &str,
    body: String,
    tools: &Tools,
) -> Result<(), String> {
    tools.mailer.send(Letter {
        id: mail.id,
        to_name: format!("{} {}", user.first_name, user.last_name),
        to: &user.email,
        subject,
        body,
    })
}

fn told(problem: Problem) -> String {
    problem.to_string()
}
