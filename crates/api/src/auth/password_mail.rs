//! The mails about a password: how to set a new one, and that it has been changed.

use diesel::prelude::*;

use crate::auth::reset;
use crate::db::Db;
use crate::mail::outbox::MailRow;
use crate::mail::outgoing::{Composed, Links};
use crate::mail::texts::Texts;
use crate::problem::Problem;
use crate::users::store::UserRow;

/// Makes the token with which a password is replaced, commits its hash, then sends it: a
/// repeated attempt makes a new one, which voids the one before.
pub fn compose_reset(
    mail: &MailRow,
    user_id: i64,
    links: &Links,
    db: &Db,
) -> Result<Composed, Problem> {
    let work = |conn: &mut PgConnection| {
        let user = UserRow::find(user_id, conn)?;
        let token = user.is_active.then(|| reset::create_token(user.id, conn)).transpose()?;
        Ok(token.map(|token| (user, token)))
    };
    let Some((user, token)) = db.transaction_here(work)? else {
        return Ok(Composed::Dropped("the person left"));
    };
    let texts = &Texts::of(user.language.0).password_reset;
    let link = links.reset(&token);
    let values = [("token", token.as_str()), ("link", &link)];
    Ok(user.mail_from_texts(mail, (&texts.subject, &texts.body), &values, links)?.into())
}

/// Notifies somebody that the password has been changed.
pub fn compose_changed(
    mail: &MailRow,
    user_id: i64,
    links: &Links,
    db: &Db,
) -> Result<Composed, Problem> {
    let user = db.transaction_here(|conn| Ok(UserRow::find(user_id, conn)?))?;
    let texts = &Texts::of(user.language.0).password_changed;
    let values = [("link", links.portal())];
    Ok(user.mail_from_texts(mail, (&texts.subject, &texts.body), &values, links)?.into())
}
