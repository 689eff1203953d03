//! Slows down guessing with a growing delay: by account and network, by account, and by client.
//!
//! Guesses from elsewhere do not lock the owner out: the account's own delay does not apply in a network from
//! which the person has recently signed in or reset the password.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz};

use crate::db::clock::in_milliseconds;
use crate::db::named::Named;
use crate::http::client_address::ClientAddress;
use crate::problem::{Code, Problem};

/// Failures of one account before the first delay.
const FREE_FOR_ACCOUNT: i32 = 5;

/// Failures of one client before the first delay; many people may share an address.
const FREE_FOR_CLIENT: i32 = 50;

/// An attempt, and what it counts against.
#[derive(Debug, Clone)]
pub struct Attempt {
    client: ClientAddress,
    /// The login, if the account is not yet known.
    login: Option<String>,
    /// The account, whoever tries it.
    account: Option<String>,
    /// The account, tried by this client.
    pair: Option<String>,
    /// All accounts that this client tries.
    all: Option<String>,
}

impl Attempt {
    /// An attempt to sign in.
    pub fn to_sign_in(email_folded: &str, client: ClientAddress) -> Self {
        Self::on("account", email_folded, format!("address:{}", client.counted()), client)
    }

    /// A request for a new password of an account; counted apart, so that it does not slow down signing in.
    pub fn to_reset(email_folded: &str, client: ClientAddress) -> Self {
        Self::on("reset", email_folded, format!("reset-address:{}", client.counted()), client)
    }

    fn on(what: &str, email_folded: &str, all: String, client: ClientAddress) -> Self {
        Self {
            client,
            login: Some(email_folded.to_owned()),
            account: Some(format!("{what}:{email_folded}")),
            pair: Some(format!("{what}:{email_folded} from {}", client.network())),
            all: Some(all),
        }
    }

    /// An attempt with a token from a mail; its account is only known later.
    pub fn by_token(client: ClientAddress) -> Self {
        let all = Some(format!("reset-address:{}", client.counted()));
        Self { client, login: None, account: None, pair: None, all }
    }

    /// An attempt by a signed-in user to authenticate again; guesses by strangers do not count against it.
    pub fn of_signed_in(user_id: i64, client: ClientAddress) -> Self {
        let pair = Some(format!("signed-in:{user_id}"));
        Self { client, login: None, account: None, pair, all: None }
    }

    pub const fn client(&self) -> ClientAddress {
        self.client
    }

    fn keys(&self) -> Vec<&String> {
        [&self.account, &self.pair, &self.all].into_iter().flatten().collect()
    }

    /// Whether the attempt may be made, in one statement; returns the wall-clock time. Called just before the
    /// password is checked, so that simultaneous attempts see each other.
    /// Errors: `too_many_attempts` while a delay lasts; such an attempt does not count.
    pub fn begin(&self, conn: &mut PgConnection) -> Result<DateTime<Utc>, Problem> {
        let is_all = |key: &&String| Some(*key) == self.all.as_ref();
        let free = |key| if is_all(key) { FREE_FOR_CLIENT } else { FREE_FOR_ACCOUNT };
        let keys = self.keys();
        let begin = sql_query(include_str!("begin_attempt.sql"))
            .bind::<Array<Text>, _>(&keys)
            .bind::<Array<Integer>, _>(keys.iter().map(free).collect::<Vec<_>>())
            .bind::<Nullable<Text>, _>(&self.account)
            .bind::<Nullable<Text>, _>(&self.login)
            .bind::<Text, _>(self.client.network().to_string());
        let begun: Begun = Named(begin).get_result(conn)?;
        match u32::try_from(begun.wait) {
            Ok(0) | Err(_) => Ok(in_milliseconds(begun.now)),
            Ok(seconds) => {
                Err(Problem { retry_after: Some(seconds), ..Problem::new(Code::TooManyAttempts) })
            }
        }
    }

    /// Counts the attempt, which has failed.
    pub fn count(&self, conn: &mut PgConnection) -> QueryResult<()> {
        let count = sql_query(include_str!("count_attempt.sql"));
        Named(count.bind::<Array<Text>, _>(self.keys())).execute(conn)
    }

    /// The person has proved their identity: the account's failures are cleared, and the network becomes known.
    /// Takes the last lock of a transaction, after that of the account.
    pub fn succeed(&self, user_id: i64, conn: &mut PgConnection) -> QueryResult<()> {
        let own: Vec<&String> = [&self.account, &self.pair].into_iter().flatten().collect();
        recognise(&own, user_id, self.client, conn)
    }
}

#[derive(QueryableByName)]
struct Begun {
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
    /// Seconds.
    #[diesel(sql_type = Integer)]
    wait: i32,
}

/// The owner of an account has proved their identity by mail: all its failures are cleared, and
/// the network becomes known.
pub fn succeed_by_mail(
    user_id: i64,
    email_folded: &str,
    client: ClientAddress,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let attempts =
        [Attempt::to_sign_in(email_folded, client), Attempt::to_reset(email_folded, client)];
    let own: Vec<&String> =
        attempts.iter().flat_map(|it| [&it.account, &it.pair]).flatten().collect();
    recognise(&own, user_id, client, conn)
}

fn recognise(
    keys: &[&String],
    user_id: i64,
    client: ClientAddress,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let recognise = sql_query(include_str!("recognise.sql"))
        .bind::<Array<Text>, _>(keys)
        .bind::<BigInt, _>(user_id)
        .bind::<Text, _>(client.network().to_string());
    Named(recognise).execute(conn)
}
