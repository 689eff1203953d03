//! What one person may do per day. Counted per process: with several processes a person has a multiple, which
//! bounds a flood just as well.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::PgConnection;
use domain::Timestamp;
use domain::calendar::Calendar;
use domain::sla::Rules;

use crate::config::{LimitSettings, Quota};
use crate::http::caller::Caller;
use crate::problem::{Code, Problem};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Requests that became a ticket or were refused: a refused one causes work, too.
    Tickets,
    /// Comments, with a transition or without.
    Comments,
}

/// The quotas, and what of them has been used today.
pub struct Quotas {
    tickets: Quota,
    comments: Quota,
    today: Mutex<Today>,
}

/// The current day of support's calendar, and what people have done on it.
#[derive(Default)]
struct Today {
    date: NaiveDate,
    done: HashMap<(i64, Counted), u32>,
}

impl Quotas {
    pub fn new(settings: &LimitSettings) -> Self {
        let (tickets, comments) = (settings.quota_tickets, settings.quota_comments);
        Self { tickets, comments, today: Mutex::default() }
    }

    /// Counts somebody's work of a kind.
    pub fn counter(self: Arc<Self>, what: Counted, caller: &Caller) -> Counter {
        let rules = Arc::clone(&caller.rules);
        Counter { quotas: self, what, user_id: caller.user_id, now: caller.now, rules }
    }

    fn charge(
        &self,
        what: Counted,
        user_id: i64,
        calendar: &Calendar,
        now: DateTime<Utc>,
    ) -> Result<Charge<'_>, Problem> {
        let (date, quota) = (calendar.day(now), self.quota(what));
        let mut today = self.today();
        if today.date != date {
            *today = Today { date, ..Today::default() };
        }
        let done = today.done.entry((user_id, what)).or_default();
        if quota.is_spent_by(*done) {
            return Err(exceeded(calendar, now));
        }
        *done += 1;
        Ok(Charge { quotas: self, date, key: (user_id, what), is_kept: false })
    }

    const fn quota(&self, what: Counted) -> Quota {
        match what {
            Counted::Tickets => self.tickets,
            Counted::Comments => self.comments,
        }
    }

    fn today(&self) -> MutexGuard<'_, Today> {
        self.today.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts one piece of work.
pub struct Counter {
    quotas: Arc<Quotas>,
    what: Counted,
    user_id: i64,
    now: DateTime<Utc>,
    rules: Arc<Rules>,
}

impl Counter {
    /// Runs work that counts when it is done: not when it fails, nor when a repeated request
    /// gets a stored response.
    pub fn around<T>(
        self,
        work: impl FnOnce(&mut PgConnection) -> Result<T, Problem>,
    ) -> impl FnOnce(&mut PgConnection) -> Result<T, Problem> {
        move |conn| {
            let Self { quotas, what, user_id, now, rules } = self;
            let charge = quotas.charge(what, user_id, &rules.calendar, now)?;
            let done = work(conn)?;
            charge.commit();
            Ok(done)
        }
    }
}

/// Work in progress, which already counts; given back unless it is confirmed.
struct Charge<'a> {
    quotas: &'a Quotas,
    date: NaiveDate,
    key: (i64, Counted),
    is_kept: bool,
}

impl Charge<'_> {
    fn commit(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Charge<'_> {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        let mut today = self.quotas.today();
        if today.date == self.date
            && let Some(done) = today.done.get_mut(&self.key)
        {
            *done -= 1;
        }
    }
}

/// The problem for somebody who has used up a quota.
pub fn exceeded(calendar: &Calendar, now: DateTime<Utc>) -> Problem {
    let resets_at = calendar.next_day_begins_at(now);
    let seconds = (resets_at - now).num_seconds() + 1;
    let problem = Problem::new(Code::QuotaExceeded).with("resets_at", Timestamp::from(resets_at));
    Problem { retry_after: Some(u32::try_from(seconds).unwrap_or(1)), ..problem }
}
