//! Sends what waits in the outbox.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::{Progress, Tools};
use crate::auth::secret;
use crate::clock::real_now;
use crate::db::Db;
use crate::mail::invitation::Invitation;
use crate::mail::outbox::{self, MailRow};
use crate::mail::transport::{Letter, Mailer};
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
    let Tools { db, mailer, public_url } = tools;
    let claimed = db.transaction_here(|conn| Ok(outbox::claim(real_now(conn)?, conn)?))?;
    let Some(mail) = claimed else { return Ok(Progress::Idle) };
    let outcome = invite(&mail, db, mailer, public_url);
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
fn invite(mail: &MailRow, db: &Db, mailer: &Mailer, public_url: &str) -> Result<(), String> {
    let told = |problem: Problem| problem.to_string();
    let password = secret::one_time_password();
    let hash = secret::hash(&password).map_err(told)?;
    let user = db
        .transaction_here(|conn| {
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
        })
        .map_err(told)?;
    // Somebody who has a password of their own by now, or left, needs none.
    let Some(user) = user else { return Ok(()) };
    let invitation = Invitation {
        first_name: &user.first_name,
        email: &user.email,
        password: &password,
        public_url,
    };
    mailer.send(Letter {
        id: mail.id,
        to_name: format!("{} {}", user.first_name, user.last_name),
        to: &user.email,
        subject: Invitation::subject(user.language.0),
        body: invitation.body(user.language.0),
    })
}
