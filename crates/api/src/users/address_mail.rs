//! The mail to the old address after a change (AU07).

use crate::db::Db;
use crate::mail::outbox::MailRow;
use crate::mail::outgoing::{Composed, Links};
use crate::mail::texts::Texts;
use crate::problem::Problem;
use crate::users::store::UserRow;

/// Notifies the old address of the change. It does not reveal the new one:
/// nobody knows who reads at the old one.
pub fn compose(mail: &MailRow, user_id: i64, links: &Links, db: &Db) -> Result<Composed, Problem> {
    let user = db.transaction_here(|conn| Ok(UserRow::find(user_id, conn)?))?;
    let texts = &Texts::of(user.language.0).address_changed;
    Ok(user.mail_from_texts(mail, (&texts.subject, &texts.body), &[], links)?.into())
}
