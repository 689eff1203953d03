//! Mail that waits: written in the transaction of its cause, sent by a job.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamptz};

use crate::db::Word;
use crate::schema::{mails, users};

/// Nobody else sends a mail for this long after somebody began to; longer than all the steps
/// together for which the transport waits for a server.
const LEASE: TimeDelta = TimeDelta::minutes(10);

/// After this many attempts a mail is dead.
const LAST_ATTEMPT: i32 = 10;

/// A mail that is due.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = mails)]
pub struct MailRow {
    /// Its id, part of the Message-ID.
    pub id: i64,
    /// What it is about.
    pub kind: Word<Kind>,
    /// To whom.
    pub user_id: i64,
    /// How often it was tried, this time included.
    pub attempts: i32,
}

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The access data of somebody who was registered (2.1).
    Invitation,
    /// The token with which a forgotten password is replaced.
    PasswordReset,
    /// The password is another one now.
    PasswordChanged,
}

impl Kind {
    const ALL: &'static [Self] = &[Self::Invitation, Self::PasswordReset, Self::PasswordChanged];

    /// The word as the database spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
            Self::PasswordChanged => "password_changed",
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().copied().find(|it| it.as_str() == word);
        found.ok_or_else(|| format!("{word} is no kind of mail"))
    }
}

/// Queues an invitation: the one-time password is made when it is sent, so that nothing secret
/// lies in the queue. An earlier one that is still waiting is given up.
pub fn invite(user_id: i64, now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<usize> {
    queue(Kind::Invitation, user_id, now, conn)
}

/// Queues a mail to a person, in place of one of the kind that still waits. For an id that
/// nobody has it does the same work in vain.
pub fn queue(
    kind: Kind,
    user_id: i64,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    let earlier = mails::table
        .filter(mails::user_id.eq(user_id))
        .filter(mails::kind.eq(Word(kind)))
        .filter(mails::sent_at.is_null())
        .filter(mails::dead_at.is_null());
    diesel::update(earlier).set(mails::dead_at.eq(now)).execute(conn)?;
    let at = now.into_sql::<Timestamptz>();
    users::table
        .find(user_id)
        .select((Word(kind).into_sql::<Text>(), users::id, at, at))
        .insert_into(mails::table)
        .into_columns((mails::kind, mails::user_id, mails::due_at, mails::created_at))
        .execute(conn)
}

/// Takes the next mail that is due, for the length of a lease.
pub fn claim(now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<Option<MailRow>> {
    let due: Option<i64> = mails::table
        .filter(mails::sent_at.is_null())
        .filter(mails::dead_at.is_null())
        .filter(mails::due_at.le(now))
        .order(mails::due_at)
        .select(mails::id)
        .for_update()
        .skip_locked()
        .first(conn)
        .optional()?;
    let Some(id) = due else { return Ok(None) };
    diesel::update(mails::table.find(id))
        .set((mails::attempts.eq(mails::attempts + 1), mails::due_at.eq(now + LEASE)))
        .returning(MailRow::as_returning())
        .get_result(conn)
        .map(Some)
}

impl MailRow {
    /// Notes that it has been sent.
    pub fn sent(&self, now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::update(mails::table.find(self.id)).set(mails::sent_at.eq(now)).execute(conn)
    }

    /// Notes that it has not: tried again after a pause that doubles, or given up.
    pub fn failed(
        &self,
        error: &str,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> QueryResult<usize> {
        let pause = TimeDelta::seconds(15 << self.attempts.clamp(0, LAST_ATTEMPT));
        let dead_at = (self.attempts >= LAST_ATTEMPT).then_some(now);
        diesel::update(mails::table.find(self.id))
            .set((
                mails::last_error.eq(error),
                mails::due_at.eq(now + pause),
                mails::dead_at.eq(dead_at),
            ))
            .execute(conn)
    }
}
