//! Sends what waits in the outbox. What each kind of mail says its slice knows.

use chrono::{DateTime, Utc};
use diesel::{PgConnection, QueryResult};

use crate::db::Db;
use crate::db::clock::real_now;
use crate::mail::letter::{Composed, Letter, Links};
use crate::mail::outbox;
use crate::mail::outbox::{MailRow, Outcome};
use crate::mail::reply_address::ReplyKey;
use crate::mail::transport::Mailer;
use crate::problem::Problem;
use crate::worker::batch::Progress;

/// Puts a queued mail into words.
pub type Compose = fn(&MailRow, &Links, &Db) -> Result<Composed, Problem>;

/// Notes that a person's mail server refuses the address for good.
pub type NoteRefused = fn(i64, &str, DateTime<Utc>, &mut PgConnection) -> QueryResult<()>;

/// How this installation writes and sends mail.
#[derive(Debug)]
pub struct PostOffice {
    pub mailer: Mailer,
    pub links: Links,
    pub compose: Compose,
    pub note_refused: NoteRefused,
}

/// Sends the next mail that is due. A mail that fails is tried again later; it does not hold up
/// the others. While the server takes nothing, one is tried in a while.
pub fn send_next(post: &PostOffice, db: &Db) -> Result<Progress, Problem> {
    if post.mailer.rests() {
        return Ok(Progress::Idle);
    }
    let claimed = db.run_here(|conn| Ok(outbox::claim(conn)?))?;
    let Some(mail) = claimed else { return Ok(Progress::Idle) };
    let outcome = match (post.compose)(&mail, &post.links, db) {
        Ok(Composed::Letter(letter)) => match bounce_address(mail.id, &post.links, db) {
            Ok(bounces_to) => post.mailer.send(Letter { bounces_to, ..*letter }),
            Err(problem) => Outcome::Failed(problem.to_string()),
        },
        Ok(Composed::Dropped(why)) => Outcome::Dropped(why),
        Err(problem) => Outcome::Failed(problem.to_string()),
    };
    log_outcome(&mail, &outcome);
    db.transaction_here(|conn| {
        let now = real_now(conn)?;
        mail.record(&outcome, now, conn)?;
        match (&outcome, mail.user_id, &mail.address) {
            (Outcome::Refused(error), Some(user_id), None) if is_about_recipient(error) => {
                Ok((post.note_refused)(user_id, error, now, conn)?)
            }
            _other => Ok(()),
        }
    })?;
    Ok(Progress::Worked)
}

/// Where reports on a mail go: to an address that is signed for it, so that nobody can invent one.
fn bounce_address(mail_id: i64, links: &Links, db: &Db) -> Result<Option<String>, Problem> {
    let Some(domain) = &links.reply_domain else { return Ok(None) };
    let key = db.run_here(|conn| Ok(ReplyKey::load(conn)?))?;
    Ok(Some(key.bounce_address(mail_id, domain)))
}

/// Whether a refusal says that there is no such address, and not that the mail is unwanted.
fn is_about_recipient(error: &str) -> bool {
    ["(550)", "(551)", "(553)", "5.1."].iter().any(|it| error.contains(it))
}

fn log_outcome(mail: &MailRow, outcome: &Outcome) {
    match outcome {
        Outcome::Sent => {}
        Outcome::Dropped(why) => log::info!("mail {} is not sent: {why}", mail.id),
        Outcome::Refused(error) => log::warn!("mail {} is dead: {error}", mail.id),
        Outcome::Failed(error) | Outcome::Unreachable(error) => {
            log::warn!("mail {} failed, attempt {}: {error}", mail.id, mail.attempts);
        }
    }
}
