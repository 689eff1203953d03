//! Who takes a step.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::Actor;
use domain::sla::Rules;
use domain::ticket::Context;

use crate::attachments::attach::Sender;
use crate::http::caller::Caller;

/// Who takes a step, and when.
#[derive(Debug, Clone)]
pub struct ActionContext {
    pub actor: Actor,
    /// The person; none: the system.
    pub user_id: Option<i64>,
    /// The time of the step for all rules.
    pub now: DateTime<Utc>,
    /// The same in wall-clock time.
    pub real_now: DateTime<Utc>,
    /// The rules of time in force then.
    pub rules: Arc<Rules>,
}

impl ActionContext {
    /// The system, at a time by the clock of the rules.
    pub const fn system(now: DateTime<Utc>, rules: Arc<Rules>) -> Self {
        Self { actor: Actor::System, user_id: None, now, real_now: now, rules }
    }
}

impl ActionContext {
    /// The same, as the context of the domain.
    pub fn context(&self) -> Context<'_> {
        Context { actor: self.actor, user_id: self.user_id, now: self.now, rules: &self.rules }
    }
}

impl From<&Caller> for ActionContext {
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

impl From<&ActionContext> for Sender {
    fn from(by: &ActionContext) -> Self {
        Self { user_id: by.user_id, now: by.now, real_now: by.real_now }
    }
}
