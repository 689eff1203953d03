//! Sends queued mails. Each kind is rendered by its slice.

use chrono::{DateTime, Utc};
use diesel::{PgConnection, QueryResult};
use domain::quotation::SentWords;

use crate::db::Db;
use crate::db::clock::real_now;
use crate::mail::outbox;
use crate::mail::outbox::{MailRow, Unsent};
use crate::mail::outgoing::{Composed, Links, OutgoingMail};
use crate::mail::reply_address::ReplyKey;
use crate::mail::transport::Mailer;
use crate::problem::Problem;
use crate::worker::batch::Progress;

/// Renders a queued mail.
pub type Compose = fn(&MailRow, &Links, &Db) -> Result<Composed, Problem>;

/// Records that a mail server permanently refuses an address.
pub type RecordRejection = fn(i64, &str, DateTime<Utc>, &mut PgConnection) -> QueryResult<()>;

/// What is needed to render and send mail.
#[derive(Debug)]
pub struct PostOffice {
    pub mailer: Mailer,
    pub links: Links,
    pub compose: Compose,
    pub note_refused: RecordRejection,
}

/// Sends the next mail that is due. A mail that fails is tried again later; it does not hold up
/// the others. While the server takes nothing, one is tried from time to time.
pub fn send_next(post: &PostOffice, db: &Db) -> Result<Progress, Problem> {
    if post.mailer.is_paused() {
        return Ok(Progress::Idle);
    }
    let claimed = db.run_here(|conn| Ok(outbox::claim(conn)?))?;
    let Some(mail) = claimed else { return Ok(Progress::Idle) };
    match attempt(&mail, post, db) {
        Ok(words) => db.run_here(|conn| Ok(mail.record_sent(words.as_ref(), conn)?))?,
        Err(why) => {
            log_unsent(&mail, &why);
            db.transaction_here(|conn| {
                let now = real_now(conn)?;
                mail.record_unsent(&why, now, conn)?;
                match (&why, mail.user_id, &mail.address) {
                    (Unsent::Refused(error), Some(user_id), None) if is_about_recipient(error) => {
                        Ok((post.note_refused)(user_id, error, now, conn)?)
                    }
                    _other => Ok(()),
                }
            })?;
        }
    }
    Ok(Progress::Worked)
}

/// Renders a mail and sends it; returns the words that may be answered.
fn attempt(mail: &MailRow, post: &PostOffice, db: &Db) -> Result<Option<SentWords>, Unsent> {
    let failed = |it: Problem| Unsent::Failed(it.to_string());
    let outgoing = match (post.compose)(mail, &post.links, db).map_err(failed)? {
        Composed::Mail(outgoing) => *outgoing,
        Composed::Dropped(why) => return Err(Unsent::Dropped(why)),
    };
    let bounces_to = bounce_address(mail.id, &post.links, db).map_err(failed)?;
    let words = outgoing.reply_to.as_ref().map(|_| SentWords::of(&outgoing.body));
    post.mailer.send(OutgoingMail { bounces_to, ..outgoing })?;
    Ok(words)
}

/// The bounce address of a mail, signed so that it cannot be forged.
fn bounce_address(mail_id: i64, links: &Links, db: &Db) -> Result<Option<String>, Problem> {
    let Some(domain) = &links.reply_domain else { return Ok(None) };
    let key = db.run_here(|conn| Ok(ReplyKey::load(conn)?))?;
    Ok(Some(key.bounce_address(mail_id, domain)))
}

/// Whether a refusal concerns the address and not the mail.
fn is_about_recipient(error: &str) -> bool {
    ["(550)", "(551)", "(553)", "5.1."].iter().any(|it| error.contains(it))
}

fn log_unsent(mail: &MailRow, why: &Unsent) {
    match why {
        Unsent::Dropped(why) => log::info!("mail {} is not sent: {why}", mail.id),
        Unsent::Refused(error) => log::warn!("mail {} is dead: {error}", mail.id),
        Unsent::Failed(error) | Unsent::Unreachable(error) => {
            log::warn!("mail {} failed, attempt {}: {error}", mail.id, mail.attempts);
        }
    }
}
