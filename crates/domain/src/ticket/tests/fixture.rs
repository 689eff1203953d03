//! A ticket, and what people and the system do to it.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};

use crate::calendar::tests::official;
use crate::needs::TransitionFields;
use crate::priority::Priority;
use crate::registration;
use crate::role::{Actor, Role};
use crate::sla::{ReportSettings, Rules, Sla};
use crate::status::Status;
use crate::ticket::{
    Action, Applied, Context, Event, Facts, Filing, Place, Product, Step, Texts, Ticket,
};
use crate::tracker::Tracker;
use crate::violation::RuleViolation;

pub const CUSTOMER: i64 = 1;
pub const ENGINEER: i64 = 2;
pub const ADMIN: i64 = 3;
pub const COLLEAGUE: i64 = 4;

pub static RULES: LazyLock<Rules> = LazyLock::new(|| Rules {
    calendar: official("+06:00"),
    sla: Sla::default(),
    reports: ReportSettings::default(),
    version: 1,
});

/// An instant of November 2026 in Almaty.
pub fn at(text: &str) -> DateTime<Utc> {
    format!("2026-11-{text}:00+06:00").parse().expect("an instant")
}

pub fn filing() -> Filing {
    Filing {
        place: Place { project_id: 10, company_id: 1, direction_id: 100 },
        product: Product { id: Some(7), name: None },
        tracker: Tracker::Bug,
        grade: registration::Grade {
            priority: Some(Priority::Medium),
            impact: None,
            urgency: None,
        },
        texts: Texts {
            subject: "Нет питания".to_owned(),
            description: "Коммутатор не включается после грозы".to_owned(),
            ..Texts::default()
        },
        serial_number: None,
        external_ref: None,
        needs_details: false,
        author_id: CUSTOMER,
        assignee_id: None,
        parent_id: None,
        watcher_ids: Vec::new(),
        not_duplicate_of: Vec::new(),
        cause: None,
    }
}

/// A ticket in the course of its life.
#[derive(Debug, Clone)]
pub struct Life {
    pub ticket: Ticket,
    pub rules: Rules,
    pub now: DateTime<Utc>,
}

impl Life {
    /// Filed on a Tuesday morning.
    pub fn filed() -> Self {
        let rules = RULES.clone();
        let now = at("24T10:00");
        let ticket = Ticket::file(filing(), &context(Role::Customer.into(), now, &rules));
        let ticket = Ticket { id: 5, ..ticket.expect("a complete request").ticket };
        Self { ticket, rules, now }
    }

    pub fn taken() -> Self {
        let mut life = Self::filed();
        life.moved(Role::Engineer, Status::InProgress, Step::default());
        life
    }

    pub fn resolved() -> Self {
        let mut life = Self::taken();
        life.moved(Role::Engineer, Status::Resolved, public_comment());
        life
    }

    pub fn waiting() -> Self {
        let mut life = Self::taken();
        life.moved(Role::Engineer, Status::AwaitingRelease, public_comment());
        life
    }

    /// The same, this many minutes later.
    pub fn after(mut self, minutes: i64) -> Self {
        self.now += chrono::TimeDelta::minutes(minutes);
        self
    }

    pub fn tried(
        &self,
        actor: impl Into<Actor>,
        action: Action,
        facts: &Facts,
    ) -> Result<Applied, RuleViolation> {
        self.ticket.apply(action, facts, &context(actor.into(), self.now, &self.rules))
    }

    /// Does what is permitted; returns what history tells of it.
    pub fn done(&mut self, actor: impl Into<Actor>, action: Action) -> Option<Event> {
        self.done_with(actor, action, &Facts::default())
    }

    pub fn done_with(
        &mut self,
        actor: impl Into<Actor>,
        action: Action,
        facts: &Facts,
    ) -> Option<Event> {
        let applied = self.tried(actor, action, facts).expect("a permitted action");
        self.ticket = applied.ticket;
        applied.event
    }

    pub fn moved(&mut self, actor: impl Into<Actor>, to: Status, step: Step) -> Event {
        self.done(actor, Action::Move { to, step }).expect("an event")
    }

    pub fn commented(&mut self, actor: impl Into<Actor>, status: Option<Status>) -> Event {
        self.done(actor, Action::Comment { status, step: public_comment() }).expect("an event")
    }
}

pub fn context(actor: Actor, now: DateTime<Utc>, rules: &Rules) -> Context<'_> {
    let user_id = match actor {
        Actor::Person(Role::Customer | Role::Commercial) => Some(CUSTOMER),
        Actor::Person(Role::Engineer) => Some(ENGINEER),
        Actor::Person(Role::Admin) => Some(ADMIN),
        Actor::System => None,
    };
    Context { actor, user_id, now, rules }
}

/// A public comment.
pub fn public_comment() -> Step {
    Step { has_comment: true, ..Step::default() }
}

/// A public comment, and what the transition needs besides it.
pub fn with(fields: TransitionFields) -> Step {
    Step { fields, ..public_comment() }
}

/// An internal note.
pub fn internal_note() -> Step {
    Step { is_internal: true, ..public_comment() }
}

/// What is wrong with the fields of an action.
pub fn wrong(tried: Result<Applied, RuleViolation>) -> Vec<(String, &'static str)> {
    match tried {
        Err(RuleViolation::Invalid(errors)) => {
            errors.into_iter().map(|it| (it.pointer, it.code.as_str())).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// The names of the fields that an event changed.
pub fn fields(event: &Event) -> Vec<&'static str> {
    event.changes.iter().map(crate::ticket::Change::field).collect()
}
