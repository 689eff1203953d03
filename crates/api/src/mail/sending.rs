//! Sends what waits in the outbox. What each kind of mail says its slice knows.

use crate::db::Db;
use crate::db::clock::real_now;
use crate::mail::letter::{Composed, Links};
use crate::mail::outbox;
use crate::mail::outbox::{MailRow, Outcome};
use crate::mail::transport::Mailer;
use crate::problem::Problem;
use crate::worker::batch::Progress;

/// Puts a queued mail into words.
pub type Compose = fn(&MailRow, &Links, &Db) -> Result<Composed, Problem>;

/// How this installation writes and sends mail.
#[derive(Debug)]
pub struct PostOffice {
    pub mailer: Mailer,
    pub links: Links,
    pub compose: Compose,
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
        Ok(Composed::Letter(letter)) => post.mailer.send(*letter),
        Ok(Composed::Dropped(why)) => Outcome::Dropped(why),
        Err(problem) => Outcome::Failed(problem.to_string()),
    };
    log_outcome(&mail, &outcome);
    db.run_here(|conn| Ok(mail.record(&outcome, real_now(conn)?, conn)?))?;
    Ok(Progress::Worked)
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
