//! Checking a password: waiting for a turn, slowing down guesses, and counting failures.

use actix_web::HttpRequest;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::audit::entry::{Entry, Trace};
use crate::auth::account::Account;
use crate::auth::throttle::Attempt;
use crate::credentials::turns;
use crate::credentials::turns::Turn;
use crate::http::caller::Caller;
use crate::http::client_address::ClientAddress;
use crate::http::request_db::RequestDb;
use crate::problem::{Code, Problem};

/// A password to be checked.
pub struct Guess {
    pub attempt: Attempt,
    pub password: String,
    /// The audit entry if it is wrong, and its problem code.
    pub entry: Entry,
    pub code: Code,
}

impl Guess {
    /// The password of a signed-in user, for operations that ask for it again.
    pub fn of_signed_in(req: &HttpRequest, caller: &Caller, password: String) -> Self {
        Self {
            attempt: Attempt::of_signed_in(caller.user_id, ClientAddress::of(req)),
            password,
            entry: Entry::of(Trace::of(req)).by(caller),
            code: Code::ValidationFailed,
        }
    }
}

/// An account whose password has just been verified.
pub struct Checked {
    pub account: Account,
    /// The hash that was compared; before relying on it later, ask whether
    /// it [is still current](crate::auth::account::is_still).
    pub hash: Option<String>,
    /// When that was, by the real clock.
    pub at: DateTime<Utc>,
}

/// The account, if the password is right; none if there is no such account, it may not sign in, or the password
/// is wrong, each after the same amount of work. A failure is counted before the next attempt has its turn, so
/// that simultaneous guesses count like successive ones. A success is recorded by [`Attempt::succeed`], in the
/// transaction of what it opens.
/// Errors: `too_many_attempts` while guessing is slowed; `unavailable` where too many wait.
pub async fn check_password(
    db: &RequestDb,
    guess: Guess,
    find: impl FnOnce(&mut PgConnection) -> QueryResult<Option<Account>> + Send + 'static,
) -> Result<Option<Checked>, Problem> {
    let turn = turns::turn(guess.attempt.client()).await?;
    // In a transaction of its own: a failure counts even if the client leaves before the response.
    let verified = actix_web::rt::spawn(verify_in_turn(turn, db.clone(), guess, find));
    verified.await.map_err(Problem::unexpected)?
}

async fn verify_in_turn(
    turn: Turn,
    db: RequestDb,
    guess: Guess,
    find: impl FnOnce(&mut PgConnection) -> QueryResult<Option<Account>> + Send + 'static,
) -> Result<Option<Checked>, Problem> {
    let Guess { attempt, password, entry, code } = guess;
    let begun = attempt.clone();
    let (at, account) = db.run(move |conn| Ok((begun.begin(conn)?, find(conn)?))).await?;
    let hash = account.as_ref().and_then(|it| it.usable_hash(at));
    let (turn, is_right) = turn.compare(password, hash.clone()).await?;
    if is_right {
        return Ok(account.map(|account| Checked { account, hash, at }));
    }
    let failed = move |conn: &mut PgConnection| {
        attempt.count(conn)?;
        Ok(entry.rejected(code).write_once_a_minute(at, conn)?)
    };
    db.run(failed).await?;
    drop(turn);
    Ok(None)
}
