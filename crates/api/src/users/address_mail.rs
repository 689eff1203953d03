//! The mail to an address that is a person's no more (AU07).

use crate::db::Db;
use crate::mail::letter::{Composed, Links};
use crate::mail::outbox::MailRow;
use crate::mail::texts::Texts;
use crate::problem::Problem;
use crate::users::store::UserRow;

/// Notifies the old address that the person has another one now. It does not tell the new address:
/// nobody knows who reads at the old one.
pub fn compose(mail: &MailRow, user_id: i64, links: &Links, db: &Db) -> Result<Composed, Problem> {
    let user = db.transaction_here(|conn| Ok(UserRow::find(user_id, conn)?))?;
    let texts = &Texts::of(user.language.0).address_changed;
    Ok(user.letter(mail, (&texts.subject, &texts.body), &[], links)?.into())
}
