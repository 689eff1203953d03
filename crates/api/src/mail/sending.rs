//! Sends what waits in the outbox.

use chrono::TimeDelta;
use diesel::prelude::*;

use crate::auth::password_mail::{PasswordChanged, PasswordReset};
use crate::auth::reset;
use crate::credentials::secret;
use crate::db::clock::real_now;
use crate::db::schema::users;
use crate::inbound::rejection_mail::RefusedMail;
use crate::mail::address::AddressChanged;
use crate::mail::outbox;
use crate::mail::outbox::{Kind, MailRow, Outcome};
use crate::mail::reply_address::{ReplyKey, ReplyTo};
use crate::mail::transport::Letter;
use crate::notifications::mail;
use crate::notifications::mail::templates;
use crate::problem::Problem;
use crate::users::invitation_mail::Invitation;
use crate::users::store::UserRow;
use crate::worker::batch::{JobContext, Progress};

/// How long a one-time password is good.
const PASSWORD_LIFETIME: TimeDelta = TimeDelta::hours(24);

/// Sends the next mail that is due. A mail that fails is tried again later; it does not hold up
/// the others. While the server takes nothing, one is tried in a while.
pub fn send_next(tools: &JobContext) -> Result<Progress, Problem> {
    let db = &tools.db;
    if tools.mailer.rests() {
        return Ok(Progress::Idle);
    }
    let claimed = db.transaction_here(|conn| Ok(outbox::claim(real_now(conn)?, conn)?))?;
    let Some(mail) = claimed else { return Ok(Progress::Idle) };
    let sent = match (mail.kind.0, mail.user_id) {
        (Kind::Invitation, Some(user_id)) => invite(&mail, user_id, tools),
        (Kind::PasswordReset, Some(user_id)) => reset_password(&mail, user_id, tools),
        (Kind::PasswordChanged, Some(user_id)) => password_changed(&mail, user_id, tools),
        (Kind::AddressChanged, Some(user_id)) => address_changed(&mail, user_id, tools),
        (Kind::Notification, Some(_)) => notify(&mail, tools),
        (Kind::MailRefused, _) => refuse(&mail, tools),
        (
            Kind::Invitation
            | Kind::PasswordReset
            | Kind::PasswordChanged
            | Kind::AddressChanged
            | Kind::Notification,
            None,
        ) => Ok(Outcome::Dropped("it is to nobody")),
    };
    let outcome = sent.unwrap_or_else(|problem| Outcome::Failed(problem.to_string()));
    match &outcome {
        Outcome::Sent => {}
        Outcome::Dropped(why) => log::info!("mail {} is not sent: {why}", mail.id),
        Outcome::Refused(error) => log::warn!("mail {} is dead: {error}", mail.id),
        Outcome::Failed(error) | Outcome::Unreachable(error) => {
            log::warn!("mail {} failed, attempt {}: {error}", mail.id, mail.attempts);
        }
    }
    db.transaction_here(|conn| Ok(mail.note(&outcome, real_now(conn)?, conn)?))?;
    Ok(Progress::Worked)
}

/// Makes a one-time password, commits its hash, then sends it: a repeated attempt makes a new
/// one, and a password that somebody chose is left alone.
fn invite(mail: &MailRow, user_id: i64, tools: &JobContext) -> Result<Outcome, Problem> {
    let password = secret::one_time_password();
    let hash = secret::hash(&password)?;
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
    let Some(user) = tools.db.transaction_here(work)? else {
        return Ok(Outcome::Dropped("the person has a password, or left"));
    };
    let invitation = Invitation {
        first_name: &user.first_name,
        email: &user.email,
        password: &password,
        public_url: &tools.public_url,
    };
    let language = user.language.0;
    Ok(send(mail, &user, Invitation::subject(language), invitation.body(language), tools))
}

/// Makes the token with which a password is replaced, commits its hash, then sends it: a
/// repeated attempt makes a new one, which voids the one before.
fn reset_password(mail: &MailRow, user_id: i64, tools: &JobContext) -> Result<Outcome, Problem> {
    let work = |conn: &mut PgConnection| {
        let user = UserRow::find(user_id, conn)?;
        let token = user.is_active.then(|| reset::make(user.id, conn)).transpose()?;
        Ok(token.map(|token| (user, token)))
    };
    let Some((user, token)) = tools.db.transaction_here(work)? else {
        return Ok(Outcome::Dropped("the person left"));
    };
    let reset = PasswordReset {
        first_name: &user.first_name,
        token: &token,
        public_url: &tools.public_url,
    };
    let language = user.language.0;
    Ok(send(mail, &user, PasswordReset::subject(language), reset.body(language), tools))
}

/// Tells somebody that the password is another one now.
fn password_changed(mail: &MailRow, user_id: i64, tools: &JobContext) -> Result<Outcome, Problem> {
    let user = tools.db.transaction_here(|conn| Ok(UserRow::find(user_id, conn)?))?;
    let notice = PasswordChanged { first_name: &user.first_name, public_url: &tools.public_url };
    let language = user.language.0;
    Ok(send(mail, &user, PasswordChanged::subject(language), notice.body(language), tools))
}

/// Tells somebody at the old address that there is another one now.
fn address_changed(mail: &MailRow, user_id: i64, tools: &JobContext) -> Result<Outcome, Problem> {
    let user = tools.db.transaction_here(|conn| Ok(UserRow::find(user_id, conn)?))?;
    let notice = AddressChanged { first_name: &user.first_name, public_url: &tools.public_url };
    let language = user.language.0;
    Ok(send(mail, &user, AddressChanged::subject(language), notice.body(language), tools))
}

/// Tells somebody of what happened, if they may still know it and still want to.
fn notify(mail: &MailRow, tools: &JobContext) -> Result<Outcome, Problem> {
    let work = |conn: &mut PgConnection| {
        let loaded = mail::load(mail, conn)?;
        let key = tools.reply_domain.as_ref().map(|_| ReplyKey::load(conn)).transpose()?;
        Ok(loaded.map(|it| (it, key)))
    };
    let Some((notification, key)) = tools.db.transaction_here(work)? else {
        return Ok(Outcome::Dropped("the person may not know it, or does not want to"));
    };
    let user = &notification.user;
    let reply_to = notification.ticket_id.zip(key).zip(tools.reply_domain.as_ref());
    let reply_to = reply_to.map(|((ticket_id, key), domain)| {
        let is_internal = notification.is_internal;
        key.address(ReplyTo { ticket_id, user_id: user.id, is_internal }, domain)
    });
    let link = notification.ticket_id.and_then(|id| tools.ticket_url(id));
    let filled = notification.filled(link.unwrap_or_default(), reply_to.is_some());
    let (body, html) = templates::notification(&filled).map_err(Problem::unexpected)?;
    Ok(tools.mailer.send(Letter {
        id: mail.id,
        to_name: format!("{} {}", user.first_name, user.last_name),
        to: &user.email,
        subject: &notification.subject_line(),
        body,
        html: Some(html),
        ticket_id: notification.ticket_id,
        reply_to,
    }))
}

/// Tells whoever wrote a mail that could not be used why it could not.
fn refuse(mail: &MailRow, tools: &JobContext) -> Result<Outcome, Problem> {
    let (Some(id), Some(address)) = (mail.inbound_mail_id, mail.address.as_deref()) else {
        return Ok(Outcome::Dropped("it is to nobody"));
    };
    let work = |conn: &mut PgConnection| RefusedMail::load(id, address, conn);
    let Some(refused) = tools.db.transaction_here(work)? else {
        return Ok(Outcome::Dropped("there is nothing to say"));
    };
    Ok(tools.mailer.send(Letter {
        id: mail.id,
        to: address,
        subject: refused.subject_line(),
        body: refused.body(),
        ticket_id: refused.ticket_id,
        ..Letter::default()
    }))
}

fn send(
    mail: &MailRow,
    user: &UserRow,
    subject: &str,
    body: String,
    tools: &JobContext,
) -> Outcome {
    tools.mailer.send(Letter {
        id: mail.id,
        to_name: format!("{} {}", user.first_name, user.last_name),
        to: mail.address.as_deref().unwrap_or(&user.email),
        subject,
        body,
        ..Letter::default()
    })
}
