//! The mail that brings the access data (2.1).

use chrono::TimeDelta;
use diesel::prelude::*;
use domain::{Language, Text};

use crate::credentials::{hashing, secret};
use crate::db::Db;
use crate::db::clock::real_now;
use crate::db::schema::users;
use crate::mail::letter::{Composed, Links};
use crate::mail::outbox::MailRow;
use crate::problem::Problem;
use crate::users::store::UserRow;

/// How long a one-time password is good.
const PASSWORD_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// Makes a one-time password, commits its hash, then sends it: a repeated attempt makes a new
/// one, and a password that somebody chose is left alone.
pub fn compose(mail: &MailRow, user_id: i64, links: &Links, db: &Db) -> Result<Composed, Problem> {
    let password = secret::one_time_password();
    let hash = hashing::hash(&password)?;
    let work = |conn: &mut PgConnection| {
        let expires_at = real_now(conn)? + PASSWORD_LIFETIME;
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
    let invitation = Invitation {
        first_name: &user.first_name,
        email: &user.email,
        password: &password,
        public_url: &links.public_url,
    };
    let language = user.language.0;
    Ok(user.letter(mail, Invitation::subject(language), invitation.body(language)).into())
}

/// What an invitation says, beside the words of its language.
#[derive(Debug)]
pub struct Invitation<'a> {
    /// First name of the person.
    pub first_name: &'a str,
    /// The address with which to sign in.
    pub email: &'a str,
    pub password: &'a str,
    /// Where the API is.
    pub public_url: &'a str,
}

const SUBJECT: Text = Text::new(
    "Доступ к порталу технической поддержки",
    "Техникалық қолдау порталына кіру",
    "Your access to the technical-support portal",
);

const BODY: Text = Text::new(
    "Здравствуйте, {first_name}!\n\n\
     Для вас создана учетная запись на портале технической поддержки.\n\n\
     Адрес портала: {public_url}\n\
     Логин: {email}\n\
     Одноразовый пароль:\n\n    {password}\n\n\
     Пароль действует 24 часа. При первом входе смените его на свой: до смены пароля другие \
     действия недоступны.\n",
    "Сәлеметсіз бе, {first_name}!\n\n\
     Сізге техникалық қолдау порталында тіркелгі жасалды.\n\n\
     Портал мекенжайы: {public_url}\n\
     Логин: {email}\n\
     Бір реттік құпиясөз:\n\n    {password}\n\n\
     Құпиясөз 24 сағат жарамды. Алғаш кіргенде оны өз құпиясөзіңізге ауыстырыңыз: оған дейін \
     басқа әрекеттер қолжетімсіз.\n",
    "Hello {first_name},\n\n\
     An account on the technical-support portal has been created for you.\n\n\
     The portal: {public_url}\n\
     Login: {email}\n\
     One-time password:\n\n    {password}\n\n\
     The password is valid for 24 hours. Change it when you first sign in: nothing else is \
     possible before that.\n",
);

impl Invitation<'_> {
    pub const fn subject(language: Language) -> &'static str {
        SUBJECT.text_in(language)
    }

    pub fn body(&self, language: Language) -> String {
        BODY.text_in(language)
            .replace("{public_url}", self.public_url)
            .replace("{email}", self.email)
            .replace("{password}", self.password)
            .replace("{first_name}", self.first_name)
    }
}
