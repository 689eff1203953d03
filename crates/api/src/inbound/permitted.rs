//! The sender of a mail, if they are permitted to send it.

use diesel::prelude::*;
use domain::InboundReason;

use crate::auth::callers;
use crate::config::Quota;
use crate::credentials::email::fold_email;
use crate::db::schema::users;
use crate::http::caller::Caller;
use crate::inbound::aim::Aim;
use crate::inbound::parse::Incoming;
use crate::inbound::receive::{Pipe, ProcessingError};
use crate::inbound::store;
use crate::limits::quotas::exceeded;
use crate::problem::Problem;
use crate::users::store::UserRow;

/// The sender of a mail as a caller: for a reply the person to whom the address was issued, for a new
/// ticket the one authenticated by the mail server.
pub fn permitted(
    incoming: &Incoming,
    aim: Aim,
    pipe: &Pipe<'_>,
    conn: &mut PgConnection,
) -> Result<Caller, ProcessingError> {
    if incoming.is_automatic {
        return Err(ProcessingError::Because(InboundReason::Automatic));
    }
    let sender = incoming.sender.as_deref().map(fold_email).unwrap_or_default();
    let (user_id, otherwise) = match aim {
        Aim::Nothing(reason) => return Err(ProcessingError::Because(reason)),
        Aim::Reply(to) => {
            let user = UserRow::find(to.user_id, conn)?;
            if sender != user.email_folded {
                return Err(ProcessingError::Because(InboundReason::ForeignSender));
            }
            (to.user_id, InboundReason::NotPermitted)
        }
        Aim::Ticket => {
            let account = users::table.filter(users::email_folded.eq(sender)).select(users::id);
            let id: Option<i64> = account.first(conn).optional()?;
            let id = id.ok_or(ProcessingError::Because(InboundReason::Stranger))?;
            (id, InboundReason::Stranger)
        }
    };
    let caller = callers::caller_by_mail(user_id, conn).map_err(ProcessingError::Failed)?;
    let caller = caller.ok_or(ProcessingError::Because(otherwise))?;
    check_quota(&caller, pipe.quota_mails, conn).map_err(ProcessingError::Failed)?;
    Ok(caller)
}

/// Mails beyond the daily quota are retried tomorrow: the mail server queues them.
fn check_quota(caller: &Caller, quota: Quota, conn: &mut PgConnection) -> Result<(), Problem> {
    let (calendar, now) = (&caller.rules.calendar, caller.real_now);
    let today = calendar.day_begins_at(calendar.day(now));
    let taken = store::count_taken(caller.user_id, today, conn)?;
    if quota.is_spent_by(taken) { Err(exceeded(calendar, now)) } else { Ok(()) }
}
