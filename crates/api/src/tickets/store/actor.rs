//! By whom a step is taken.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::Actor;
use domain::sla::Rules;
use domain::ticket::Context;

use crate::attachments::attach::Sender;
use crate::http::caller::Caller;

/// By whom, and when, a step is taken.
#[derive(Debug, Clone)]
pub struct By {
    pub actor: Actor,
    /// The person; none: the system.
    pub user_id: Option<i64>,
    /// The time of the step, by which all its rules go.
    pub now: DateTime<Utc>,
    /// The same on the wall.
    pub real_now: DateTime<Utc>,
    /// The rules of time that hold then.
    pub rules: Arc<Rules>,
}

impl By {
    /// The system, at a time of the rules.
    pub const fn system(now: DateTime<Utc>, rules: Arc<Rules>) -> Self {
        Self { actor: Actor::System, user_id: None, now, real_now: now, rules }
    }
}

impl By {
    /// The same, as the rules of a ticket ask for it.
    pub fn context(&self) -> Context<'_> {
        Context { actor: self.actor, user_id: self.user_id, now: self.now, rules: &self.rules }
    }
}

impl From<&Caller> for By {
    fn from(caller: &Caller) -> Self {
        Self {
            actor: caller.role.into(),
            user_id: Some(caller.user_id),
            now: caller.now,
            real_now: caller.real_now,
            rules: Arc::clone(&caller.rules),
        }
    }
}

impl From<&By> for Sender {
    fn from(by: &By) -> Self {
        Self { user_id: by.user_id, now: by.now, real_now: by.real_now }
    }
}
