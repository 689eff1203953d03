//! Notifies engineers of refused requests that need a decision, and authors of what was
//! decided (3.4).

use chrono::{DateTime, Utc};
use diesel::dsl::min;
use diesel::prelude::*;
use domain::NotificationKind;

use crate::db::schema::{direction_engineers, refusals, users};
use crate::events::done::Done;
use crate::notifications::store::{Notice, Subject, admins, deliver};
use crate::problem::Problem;
use crate::worker::batch::Progress;

/// The number of refusals in a batch.
const BATCH_SIZE: i64 = 50;

/// The refused requests that have waited long enough for engineers to be notified.
pub const DUE: &str = "select from refusals where notify_at <= (select rules from clocks)
    order by notify_at";

/// Notifies engineers of the next requests that their authors have not corrected.
pub fn notify_due(now: DateTime<Utc>, conn: &mut PgConnection) -> Result<Done<Progress>, Problem> {
    let due: Vec<(i64, i64)> = refusals::table
        .filter(refusals::notify_at.assume_not_null().le(now))
        .order((refusals::notify_at, refusals::id))
        .limit(BATCH_SIZE)
        .for_no_key_update()
        .skip_locked()
        .select((refusals::id, refusals::direction_id))
        .load(conn)?;
    let mut notices = Vec::new();
    for (id, direction_id) in &due {
        let recipients = deciders(*direction_id, conn)?;
        let (kind, subject) = (NotificationKind::RequestRefused, Subject::Refusal(*id));
        let notice =
            |user_id| Notice { is_by_name: false, ..Notice::new(user_id, kind, subject, now) };
        notices.extend(recipients.into_iter().map(notice));
    }
    deliver(&notices, conn)?;
    let ids: Vec<i64> = due.iter().map(|(id, _)| *id).collect();
    diesel::update(refusals::table.filter(refusals::id.eq_any(ids)))
        .set(refusals::notify_at.eq(None::<DateTime<Utc>>))
        .execute(conn)?;
    Ok(Done::new(Progress::of(due.len())))
}

/// When the next notification is due.
pub fn next_due(
    after: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<Option<DateTime<Utc>>> {
    let later = refusals::table.filter(refusals::notify_at.assume_not_null().gt(after));
    later.select(min(refusals::notify_at)).first(conn)
}

/// The engineers of a direction; where it has none, the admins.
fn deciders(direction_id: i64, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    let engineers: Vec<i64> = direction_engineers::table
        .inner_join(users::table)
        .filter(direction_engineers::direction_id.eq(direction_id))
        .filter(users::is_active)
        .select(users::id)
        .load(conn)?;
    if engineers.is_empty() { admins(conn) } else { Ok(engineers) }
}

/// Notifies the author that a request stays refused.
pub fn notify_author(
    refusal_id: i64,
    author_id: i64,
    at: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let (kind, subject) = (NotificationKind::RefusalDecided, Subject::Refusal(refusal_id));
    deliver(&[Notice::new(author_id, kind, subject, at)], conn)
}
