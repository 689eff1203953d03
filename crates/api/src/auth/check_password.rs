//! Looking at a password: whose turn it is, whether guessing is slowed, and what is counted.

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

/// A password that is about to be looked at.
pub struct Guess {
    pub attempt: Attempt,
    pub password: String,
    /// What the audit log is told if it is wrong, and the code that it is told with.
    pub entry: Entry,
    pub code: Code,
}

impl Guess {
    /// That of somebody who is signed in, for what asks for the password once more.
    pub fn of_signed_in(req: &HttpRequest, caller: &Caller, password: String) -> Self {
        Self {
            attempt: Attempt::of_signed_in(caller.user_id, ClientAddress::of(req)),
            password,
            entry: Entry::of(Trace::of(req)).by(caller),
            code: Code::ValidationFailed,
        }
    }
}

/// An account whose password was right a moment ago.
pub struct Checked {
    pub account: Account,
    /// The hash that was compared; whoever relies on it later asks whether
    /// it [is still](crate::auth::account::is_still) that.
    pub hash: Option<String>,
    /// When that was, by the real clock.
    pub at: DateTime<Utc>,
}

/// The account that is found, if the password is its own; none if there is no such account, or it
/// may not sign in, or has another password, all after the same work. What fails is counted before
/// the next one has its turn, so that guesses that come at once are seen as those that come one by
/// one. A success is told by [`Attempt::succeed`], in the transaction of what it opens.
/// Errors: `too_many_attempts` while guessing is slowed; `unavailable` where too many wait.
pub async fn check_password(
    db: &RequestDb,
    guess: Guess,
    find: impl FnOnce(&mut PgConnection) -> QueryResult<Option<Account>> + Send + 'static,
) -> Result<Option<Checked>, Problem> {
    let turn = turns::turn(guess.attempt.client()).await?;
    // On its own: what a client fails with who leaves before the answer counts, too.
    let looked_at = actix_web::rt::spawn(look_at(turn, db.clone(), guess, find));
    looked_at.await.map_err(Problem::unexpected)?
}

async fn look_at(
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
