//! The clocks of a ticket as its row keeps them.

use chrono::{DateTime, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Jsonb;
use domain::clocks::{ClockStep, Clocks};
use domain::queue;
use domain::sla::{Grade, Rules};
use domain::{Status, Visibility};

use crate::tickets::store::TicketRow;
use crate::tickets::store::actor::By;

/// Clocks in a column.
#[derive(Debug, Clone, Default, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
pub struct StoredClocks(pub Clocks);

impl FromSql<Jsonb, Pg> for StoredClocks {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let value = <serde_json::Value as FromSql<Jsonb, Pg>>::from_sql(value)?;
        Ok(Self(serde_json::from_value(value)?))
    }
}

impl ToSql<Jsonb, Pg> for StoredClocks {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = serde_json::to_value(&self.0)?;
        <serde_json::Value as ToSql<Jsonb, Pg>>::to_sql(&value, &mut out.reborrow())
    }
}

impl TicketRow {
    /// What its response target depends on.
    pub const fn grade(&self) -> Grade {
        Grade { priority: self.priority.0, complexity: self.complexity.0 }
    }

    /// Takes clocks, and what follows from them.
    pub fn set_clocks(&mut self, clocks: Clocks, rules: &Rules) {
        let deadlines = Deadlines::of(&clocks, self.grade(), rules);
        self.due_at = deadlines.due_at;
        self.alert_at = deadlines.alert_at;
        self.queue_rank = deadlines.queue_rank;
        self.clocks_version = deadlines.version;
        self.clocks = StoredClocks(clocks);
    }

    /// What a step does to its clocks; it comes from the status `before`.
    pub fn step_clocks(
        &mut self,
        before: &Self,
        to: Option<Status>,
        comment: Option<Visibility>,
        by: &By,
    ) {
        let mut clocks = before.clocks.0.clone();
        let (actor, from, grade, now) = (by.actor, before.status.0, self.grade(), by.now);
        clocks.step(&ClockStep { actor, comment, from, to, grade, now }, &by.rules);
        self.set_clocks(clocks, &by.rules);
    }

    /// Computes the open deadlines anew, after a change of priority, complexity or settings.
    pub fn recalculate_clocks(&mut self, now: DateTime<Utc>, rules: &Rules) {
        let mut clocks = self.clocks.0.clone();
        clocks.recalculate(self.grade(), now, rules);
        self.set_clocks(clocks, rules);
    }
}

/// What lists and jobs read of clocks.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// When the open clock is, or was, due; far away where none is.
    pub due_at: DateTime<Utc>,
    /// When support is next to be told something.
    pub alert_at: Option<DateTime<Utc>>,
    /// The place in the queue; none where no clock runs.
    pub queue_rank: Option<DateTime<Utc>>,
    /// By which version of the settings all that was computed; none where no clock is open.
    pub version: Option<i32>,
}

impl Deadlines {
    /// Those that follow from clocks.
    pub fn of(clocks: &Clocks, grade: Grade, rules: &Rules) -> Self {
        let due_at = clocks.running().and_then(|it| it.due_at);
        Self {
            due_at: clocks.due_at(),
            alert_at: clocks.alert_at(rules),
            queue_rank: due_at.map(|it| queue::rank(it, grade.priority, rules)),
            version: clocks.open().map(|_| rules.version),
        }
    }
}
