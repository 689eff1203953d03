//! Whose mail it is, if they may write it.

use diesel::prelude::*;
use domain::InboundReason;

use crate::auth::callers;
use crate::config::Quota;
use crate::credentials::email::fold_email;
use crate::db::schema::users;
use crate::http::caller::Caller;
use crate::inbound::aim::Aim;
use crate::inbound::parse::Incoming;
use crate::inbound::receive::{NotUsed, Pipe};
use crate::inbound::store;
use crate::limits::quotas::exceeded;
use crate::problem::Problem;
use crate::users::store::UserRow;

/// The writer of a mail, as a caller: of an answer the person to whom the address was given, of a new
/// ticket the one for whom a mail server vouches.
pub fn permitted(
    incoming: &Incoming,
    aim: Aim,
    pipe: &Pipe<'_>,
    conn: &mut PgConnection,
) -> Result<Caller, NotUsed> {
    if incoming.is_automatic {
        return Err(NotUsed::Because(InboundReason::Automatic));
    }
    let sender = incoming.sender.as_deref().map(fold_email).unwrap_or_default();
    let (user_id, otherwise) = match aim {
        Aim::Nothing(reason) => return Err(NotUsed::Because(reason)),
        Aim::Answer(to) => {
            let user = UserRow::find(to.user_id, conn)?;
            if sender != user.email_folded {
                return Err(NotUsed::Because(InboundReason::ForeignSender));
            }
            (to.user_id, InboundReason::NotPermitted)
        }
        Aim::Ticket => {
            let account = users::table.filter(users::email_folded.eq(sender)).select(users::id);
            let id: Option<i64> = account.first(conn).optional()?;
            let id = id.ok_or(NotUsed::Because(InboundReason::Stranger))?;
            (id, InboundReason::Stranger)
        }
    };
    let caller = callers::caller_by_mail(user_id, conn).map_err(NotUsed::Failed)?;
    let caller = caller.ok_or(NotUsed::Because(otherwise))?;
    check_quota(&caller, pipe.quota_mails, conn).map_err(NotUsed::Failed)?;
    Ok(caller)
}

/// What is more than somebody may write in a day comes again tomorrow: the mail server keeps it.
fn check_quota(caller: &Caller, quota: Quota, conn: &mut PgConnection) -> Result<(), Problem> {
    let (calendar, now) = (&caller.rules.calendar, caller.real_now);
    let today = calendar.day_begins_at(calendar.day(now));
    let taken = store::count_taken(caller.user_id, today, conn)?;
    if quota.is_spent_by(taken) { Err(exceeded(calendar, now)) } else { Ok(()) }
}
