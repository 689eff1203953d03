//! How guessing is slowed: by account and by address, with a delay that grows.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::db::schema::sign_in_attempts;
use crate::http::client_address::ClientAddress;
use crate::problem::{Code, Problem};

/// Failures of one account before the first delay.
const FREE_FOR_ACCOUNT: i32 = 5;

/// Failures from one address before the first delay; many people may share one.
const FREE_FOR_ADDRESS: i32 = 50;

/// The longest delay: nobody locks another out for longer.
const MAX_DELAY: TimeDelta = TimeDelta::minutes(15);

/// The accounts and addresses that an attempt counts against.
#[derive(Debug, Clone)]
pub struct Attempt {
    account: Option<String>,
    address: String,
}

impl Attempt {
    /// An attempt on an account from an address.
    pub fn new(email_folded: &str, address: ClientAddress) -> Self {
        let account = Some(format!("account:{email_folded}"));
        Self { account, address: format!("address:{}", address.counted()) }
    }

    /// A request for a new password of an account; counted apart, so that it does not stand in
    /// the way of signing in.
    pub fn to_reset(email_folded: &str, address: ClientAddress) -> Self {
        let account = Some(format!("reset:{email_folded}"));
        Self { account, address: format!("reset-address:{}", address.counted()) }
    }

    /// An attempt with a token that came by mail: which account it is for shows later.
    pub fn by_token(address: ClientAddress) -> Self {
        Self { account: None, address: format!("reset-address:{}", address.counted()) }
    }

    /// Counts the attempt as failed before the password is looked at, so that attempts that
    /// come at once count as well.
    ///
    /// # Errors
    /// `too_many_attempts` while a delay lasts; such an attempt does not count.
    pub fn begin(&self, now: DateTime<Utc>, conn: &mut PgConnection) -> Result<(), Problem> {
        let keys: Vec<&String> = self.account.iter().chain([&self.address]).collect();
        let known: Vec<(String, i32, DateTime<Utc>)> = sign_in_attempts::table
            .filter(sign_in_attempts::key.eq_any(&keys))
            .select((sign_in_attempts::key, sign_in_attempts::failures, sign_in_attempts::last_at))
            .order(sign_in_attempts::key)
            .for_update()
            .load(conn)?;
        // Who waited here for others of the same instant brings a time before theirs: without a
        // delay that must hold up nobody.
        let free_at = known.iter().filter_map(|(key, failures, last_at)| {
            let is_address = *key == self.address;
            let free = if is_address { FREE_FOR_ADDRESS } else { FREE_FOR_ACCOUNT };
            let delay = delay(*failures, free);
            (delay > TimeDelta::zero()).then(|| *last_at + delay)
        });
        if let Some(wait) = free_at.max().map(|it| it - now).filter(|it| *it > TimeDelta::zero()) {
            let seconds = u32::try_from(wait.num_seconds()).unwrap_or(0) + 1;
            return Err(Problem {
                retry_after: Some(seconds),
                ..Problem::new(Code::TooManyAttempts)
            });
        }
        let rows: Vec<_> = keys
            .iter()
            .map(|key| {
                let earlier = known.iter().find(|(it, ..)| it == *key);
                // After a quiet time as long as the longest delay the count begins anew.
                let failures = earlier
                    .filter(|(.., last_at)| now - *last_at < MAX_DELAY * 2)
                    .map_or(0, |(_, failures, _)| *failures);
                (
                    sign_in_attempts::key.eq(*key),
                    sign_in_attempts::failures.eq(failures + 1),
                    sign_in_attempts::last_at.eq(now),
                )
            })
            .collect();
        diesel::insert_into(sign_in_attempts::table)
            .values(rows)
            .on_conflict(sign_in_attempts::key)
            .do_update()
            .set((
                sign_in_attempts::failures.eq(excluded(sign_in_attempts::failures)),
                sign_in_attempts::last_at.eq(excluded(sign_in_attempts::last_at)),
            ))
            .execute(conn)?;
        Ok(())
    }

    /// Forgets the failures after a success: all of the account, one of the address.
    pub fn succeed(&self, conn: &mut PgConnection) -> QueryResult<()> {
        if let Some(account) = &self.account {
            diesel::delete(sign_in_attempts::table.find(account)).execute(conn)?;
        }
        diesel::update(sign_in_attempts::table.find(&self.address))
            .set(sign_in_attempts::failures.eq(sign_in_attempts::failures - 1))
            .execute(conn)?;
        Ok(())
    }
}

/// Forgets what was counted against an account: its owner has shown up.
pub fn forget(email_folded: &str, conn: &mut PgConnection) -> QueryResult<usize> {
    let keys = [format!("account:{email_folded}"), format!("reset:{email_folded}")];
    diesel::delete(sign_in_attempts::table.filter(sign_in_attempts::key.eq_any(keys))).execute(conn)
}

/// One second after the free ones, doubled with each further failure.
fn delay(failures: i32, free: i32) -> TimeDelta {
    match u32::try_from(failures - free) {
        Err(_) | Ok(0) => TimeDelta::zero(),
        Ok(beyond) => TimeDelta::seconds(1_i64 << (beyond - 1).min(20)).min(MAX_DELAY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AU04: the delay grows, and ends at a quarter of an hour.
    #[test]
    fn sec_au04_the_delay_grows_to_a_quarter_of_an_hour() {
        let seconds: Vec<i64> =
            [0, 5, 6, 7, 8, 15, 16, 1000].iter().map(|it| delay(*it, 5).num_seconds()).collect();

        assert_eq!(seconds, [0, 0, 1, 2, 4, 512, 900, 900]);
    }
}
