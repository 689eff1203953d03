//! Which slice renders which kind of mail.

use crate::auth::password_mail;
use crate::db::Db;
use crate::inbound::rejection_mail;
use crate::mail::outbox::{Kind, MailRow};
use crate::mail::outgoing::{Composed, Links};
use crate::notifications;
use crate::problem::Problem;
use crate::reports::company_mail;
use crate::users::{address_mail, invitation_mail};

/// Renders a queued mail with the state at the time of sending.
pub fn compose(mail: &MailRow, links: &Links, db: &Db) -> Result<Composed, Problem> {
    match (mail.kind.0, mail.user_id) {
        (Kind::Invitation, Some(user_id)) => invitation_mail::compose(mail, user_id, links, db),
        (Kind::PasswordReset, Some(user_id)) => {
            password_mail::compose_reset(mail, user_id, links, db)
        }
        (Kind::PasswordChanged, Some(user_id)) => {
            password_mail::compose_changed(mail, user_id, links, db)
        }
        (Kind::AddressChanged, Some(user_id)) => address_mail::compose(mail, user_id, links, db),
        (Kind::CompanyReport, Some(user_id)) => company_mail::compose(mail, user_id, links, db),
        (Kind::Digest, Some(user_id)) => {
            notifications::mail::digest::compose(mail, user_id, links, db)
        }
        (Kind::Notification, Some(_)) => notifications::mail::compose(mail, links, db),
        (Kind::MailRefused, _) => rejection_mail::compose(mail, links, db),
        (
            Kind::Invitation
            | Kind::PasswordReset
            | Kind::PasswordChanged
            | Kind::AddressChanged
            | Kind::CompanyReport
            | Kind::Digest
            | Kind::Notification,
            None,
        ) => Ok(Composed::Dropped("it is to nobody")),
    }
}
