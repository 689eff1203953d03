//! The mail that brings the access data (2.1).

use diesel::prelude::*;
use domain::Text;

use crate::credentials::{hashing, secret};
use crate::db::Db;
use crate::db::clock::real_now;
use crate::db::schema::users;
use crate::mail::letter::{Composed, Links, Template};
use crate::mail::outbox::MailRow;
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
        let expires_at = calendar.working_day_ends_at(real_now(conn)?, WORKING_DAYS);
        let awaited =
            users::table.find(user_id).filter(users::must_change_password).filter(users::is_active);
        let changed = diesel::update(awaited)
            .set((
                users::password_hash.eq(&hash),
                users::password_expires_at.eq(expires_at),
                users::must_change_password.eq(true),
            ))
            .execute(conn)?;
        let user = UserRow::find(user_id, conn)?;
        Ok((changed > 0).then_some(user))
    };
    let Some(user) = db.transaction_here(work)? else {
        return Ok(Composed::Dropped("the person has a password, or left"));
    };
    let url = links.public_url.as_str();
    let values = [("{public_url}", url), ("{email}", &user.email), ("{password}", &password)];
    Ok(user.letter(mail, &INVITATION, &values).into())
}

const INVITATION: Template = Template {
    subject: Text::new(
        "Доступ к порталу технической поддержки",
        "Техникалық қолдау порталына кіру",
        "Your access to the technical-support portal",
    ),
    body: Text::new(
        "Здравствуйте, {first_name}!\n\n\
         Для вас создана учетная запись на портале технической поддержки.\n\n\
         Адрес портала: {public_url}\n\
         Логин: {email}\n\
         Одноразовый пароль:\n\n    {password}\n\n\
         Пароль действует до конца второго рабочего дня. При первом входе смените его на свой: до \
         смены пароля другие действия недоступны.\n",
        "Сәлеметсіз бе, {first_name}!\n\n\
         Сізге техникалық қолдау порталында тіркелгі жасалды.\n\n\
         Портал мекенжайы: {public_url}\n\
         Логин: {email}\n\
         Бір реттік құпиясөз:\n\n    {password}\n\n\
         Құпиясөз екінші жұмыс күнінің соңына дейін жарамды. Алғаш кіргенде оны өз құпиясөзіңізге ауыстырыңыз: оған дейін \
         басқа әрекеттер қолжетімсіз.\n",
        "Hello {first_name},\n\n\
         An account on the technical-support portal has been created for you.\n\n\
         The portal: {public_url}\n\
         Login: {email}\n\
         One-time password:\n\n    {password}\n\n\
         The password is valid until the end of the second working day. Change it when you first \
         sign in: nothing else is possible before that.\n",
    ),
};
