//! The queue of mails: written in the transaction of their cause, sent by a job.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::{not, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use domain::NotificationKind;
use domain::calendar::Calendar;
use domain::quotation::SentWords;

use crate::db::Condition;
use crate::db::named::Named;
use crate::db::schema::{mails, users};
use crate::db::string_enum::{DbEnum, string_enum_columns};

/// The lease of a mail that is being sent; longer than all the steps
/// together for which the transport waits for a server.
const LEASE: TimeDelta = TimeDelta::minutes(15);

/// A mail that no server accepts for this long is dead (RFC 5321, 4.5.4.1).
const LIFETIME: TimeDelta = TimeDelta::days(5);

/// The maximum pause between two attempts at a mail, in seconds.
const MAX_PAUSE: i64 = 900;

/// The pause of a mail while the server cannot be reached, so that others are tried.
const UNREACHABLE_PAUSE: TimeDelta = TimeDelta::seconds(1);

/// A mail that is due.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = mails)]
pub struct MailRow {
    /// Its id, part of the Message-ID.
    pub id: i64,
    pub kind: DbEnum<Kind>,
    pub user_id: Option<i64>,
    /// To which address, if it is not the person's.
    pub address: Option<String>,
    /// The number of attempts, including the current one.
    pub attempts: i32,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// Of a notification: its kind.
    pub about: Option<DbEnum<NotificationKind>>,
    /// Of a notification: the event.
    pub event_id: Option<i64>,
    /// And the bulk operation that it is part of.
    pub bulk_id: Option<i64>,
    /// Or the refused request.
    pub refusal_id: Option<i64>,
    pub webhook_id: Option<i64>,
    /// For a reply: the mail that came in.
    pub inbound_mail_id: Option<i64>,
}

domain::string_enum! {
    /// What a mail is.
    Kind {
        /// The access data of somebody who was registered (2.1).
        Invitation = "invitation",
        /// The token with which a forgotten password is replaced.
        PasswordReset = "password_reset",
        /// The password has been changed.
        PasswordChanged = "password_changed",
        /// The address has been changed: to the old one.
        AddressChanged = "address_changed",
        /// What support did for a company in a month.
        CompanyReport = "company_report",
        /// What happened since the last working day without naming its reader.
        Digest = "digest",
        /// A notification.
        Notification = "notification",
        /// The reply to an unused mail.
        MailRefused = "mail_refused",
    }
}

string_enum_columns!(Kind);

/// Why an attempt did not send a mail.
#[derive(Debug)]
pub enum Unsent {
    /// It is no longer to be sent, for this reason.
    Dropped(&'static str),
    /// The server refused it for good.
    Refused(String),
    /// It failed, and may succeed later.
    Failed(String),
    /// The server accepts no mail at present.
    Unreachable(String),
}

/// Queues an invitation for a working day, since its password is good for two of them (AU05). The
/// password is made when it is sent, so that nothing secret is in the queue. An earlier one that is
/// still waiting is cancelled.
pub fn invite(
    user_id: i64,
    calendar: &Calendar,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    queue_at(Kind::Invitation, user_id, calendar.working_instant(now), now, conn)
}

/// Queues a mail to a person, replacing a waiting one of the same kind. For an id that
/// does not exist it does the same amount of work.
pub fn queue(
    kind: Kind,
    user_id: i64,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    queue_at(kind, user_id, now, now, conn)
}

fn queue_at(
    kind: Kind,
    user_id: i64,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    let earlier = mails::table
        .filter(mails::user_id.eq(user_id))
        .filter(mails::kind.eq(DbEnum(kind)))
        .filter(waits());
    diesel::update(earlier)
        .set((mails::dead_at.eq(now), mails::is_withdrawn.eq(true)))
        .execute(conn)?;
    let [due_at, at] = [due_at, now].map(diesel::IntoSql::into_sql::<Timestamptz>);
    users::table
        .find(user_id)
        .select((DbEnum(kind).into_sql::<Text>(), users::id.nullable(), due_at, at))
        .insert_into(mails::table)
        .into_columns((mails::kind, mails::user_id, mails::due_at, mails::created_at))
        .execute(conn)
}

/// The mails that are waiting.
pub fn waits() -> Condition<mails::table> {
    Box::new(mails::sent_at.is_null().and(mails::dead_at.is_null()))
}

/// Those of them that are due now.
pub const DUE: &str = "select from mails where sent_at is null and dead_at is null
    and due_at <= (select wall from clocks)
    order by due_at";

pub fn is_dead() -> Condition<mails::table> {
    Box::new(mails::dead_at.is_not_null().and(not(mails::is_withdrawn)))
}

/// Queues a notice of a changed address, to the old address (AU07).
pub fn notify_old_address(
    user_id: i64,
    address: &str,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<usize> {
    diesel::insert_into(mails::table)
        .values((
            mails::kind.eq(DbEnum(Kind::AddressChanged)),
            mails::user_id.eq(user_id),
            mails::address.eq(address),
            mails::due_at.eq(now),
            mails::created_at.eq(now),
        ))
        .execute(conn)
}

/// The words of some mails to a person.
pub fn words_of(ids: &[i64], user_id: i64, conn: &mut PgConnection) -> QueryResult<Vec<SentWords>> {
    let words: Vec<Option<Vec<u8>>> = mails::table
        .filter(mails::id.eq_any(ids))
        .filter(mails::user_id.eq(user_id))
        .filter(mails::words.is_not_null())
        .select(mails::words)
        .load(conn)?;
    Ok(words.into_iter().flatten().map(|it| SentWords::from_bytes(&it)).collect())
}

/// Leases the next mail that is due, in one statement.
pub fn claim(conn: &mut PgConnection) -> QueryResult<Option<MailRow>> {
    let next = "(select id from mails where sent_at is null and dead_at is null
        and due_at <= (select clock_timestamp())
        order by due_at limit 1 for update skip locked)";
    let lease = format!("clock_timestamp() + interval '{} s'", LEASE.num_seconds());
    let claim = diesel::update(mails::table)
        .filter(mails::id.nullable().eq(sql::<Nullable<BigInt>>(next)))
        .set((
            mails::attempts.eq(mails::attempts + 1),
            mails::due_at.eq(sql::<Timestamptz>(&lease)),
        ))
        .returning(MailRow::as_returning());
    Named(claim).get_result(conn).optional()
}

impl MailRow {
    /// Records that it was sent, and the words that may be answered.
    pub fn record_sent(
        &self,
        words: Option<&SentWords>,
        conn: &mut PgConnection,
    ) -> QueryResult<()> {
        let sent_at = sql::<Nullable<Timestamptz>>("date_trunc('milliseconds', clock_timestamp())");
        let words = mails::words.eq(words.map(SentWords::to_bytes));
        let row = diesel::update(mails::table.find(self.id));
        Named(row.set((mails::sent_at.eq(sent_at), words))).execute(conn)
    }

    /// Records an attempt that did not send it.
    pub fn record_unsent(
        &self,
        why: &Unsent,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> QueryResult<()> {
        let row = diesel::update(mails::table.find(self.id));
        match why {
            Unsent::Dropped(why) => {
                let (dead_at, error) = (mails::dead_at.eq(now), mails::last_error.eq(why));
                Named(row.set((dead_at, error, mails::is_withdrawn.eq(true)))).execute(conn)
            }
            Unsent::Refused(error) => {
                let columns = (mails::dead_at.eq(now), mails::last_error.eq(error));
                Named(row.set(columns)).execute(conn)
            }
            Unsent::Failed(error) => {
                let due_at = mails::due_at.eq(now + pause(self.attempts));
                let dead_at = mails::dead_at.eq(self.dead_at(now));
                Named(row.set((mails::last_error.eq(error), due_at, dead_at))).execute(conn)
            }
            // The server never saw the mail: the attempt does not count.
            Unsent::Unreachable(error) => {
                let due_at = mails::due_at.eq(now + UNREACHABLE_PAUSE);
                let dead_at = mails::dead_at.eq(self.dead_at(now));
                let attempts = mails::attempts.eq(mails::attempts - 1);
                Named(row.set((mails::last_error.eq(error), attempts, due_at, dead_at)))
                    .execute(conn)
            }
        }
    }

    fn dead_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        (now - self.created_at > LIFETIME).then_some(now)
    }
}

/// The pause before the next attempt: short at first, then doubled up to a limit,
/// with jitter, so that not all of them come at once.
fn pause(attempts: i32) -> TimeDelta {
    let seconds = (1_i64 << attempts.clamp(1, 20)).min(MAX_PAUSE);
    TimeDelta::milliseconds(seconds * rand::random_range(800..=1_200))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_from_two_seconds_to_a_quarter_of_an_hour() {
        for attempts in 1..=1_000 {
            let pause = pause(attempts).num_milliseconds();
            let expected = (2_i64.pow(attempts.min(20).unsigned_abs()) * 1_000).min(900_000);
            assert!((expected * 8 / 10..=expected * 12 / 10).contains(&pause), "{attempts}");
        }
    }
}
