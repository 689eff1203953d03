//! The mail with the access data (2.1).

use chrono::TimeDelta;
use diesel::prelude::*;

use crate::credentials::{hashing, secret};
use crate::db::Db;
use crate::db::clock::real_now;
use crate::db::schema::users;
use crate::http::local_time;
use crate::mail::outbox::MailRow;
use crate::mail::outgoing::{Composed, Links};
use crate::mail::texts::Texts;
use crate::problem::Problem;
use crate::settings;
use crate::users::store::UserRow;

/// A one-time password is good until the end of the second working day (AU05): whoever is invited on
/// a Friday evening still gets in on Monday.
const WORKING_DAYS: u16 = 2;

/// Makes a one-time password, commits its hash, then sends it: a repeated attempt makes a new
/// one, and a password that somebody chose is left alone.
pub fn compose(mail: &MailRow, user_id: i64, links: &Links, db: &Db) -> Result<Composed, Problem> {
    let password = secret::one_time_password();
    let hash = hashing::hash(&password)?;
    let work = |conn: &mut PgConnection| {
        let calendar = &settings::latest(conn)?.calendar;
        let now = real_now(conn)?;
        let expires_at = calendar.working_day_ends_at(now, WORKING_DAYS);
        let awaited =
            users::table.find(user_id).filter(users::must_change_password).filter(users::is_active);
        let changed = diesel::update(awaited)
            .set((
                users::password_hash.eq(&hash),
                users::password_expires_at.eq(expires_at),
                users::must_change_password.eq(true),
                users::invited_at.eq(now),
            ))
            .execute(conn)?;
        let user = UserRow::find(user_id, conn)?;
        // It is valid to the very end of that day.
        let last = calendar.day(expires_at - TimeDelta::seconds(1));
        Ok((changed > 0).then_some((user, local_time::date(last))))
    };
    let Some((user, until)) = db.transaction_here(work)? else {
        return Ok(Composed::Dropped("the person has a password, or left"));
    };
    let texts = &Texts::of(user.language.0).invitation;
    let values = [
        ("email", user.email.as_str()),
        ("password", &password),
        ("link", links.invite()),
        ("until", &until),
    ];
    Ok(user.mail_from_texts(mail, (&texts.subject, &texts.body), &values, links)?.into())
}
