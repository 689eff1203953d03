//! The clocks of a ticket as its row keeps them.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Jsonb;
use domain::calendar::{Calendar, DayKind, Weekday};
use domain::clocks::{ClockStep, Clocks};
use domain::queue;
use domain::sla::{Grade, Rules, Sla};
use domain::zone::Zone;
use domain::{Status, Visibility};

use super::moving::By;
use super::store::TicketRow;

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

/// The official days off of Kazakhstan that fall on a weekday.
const DAYS_OFF: &[(i32, &[(u32, u32)])] = &[
    (
        2026,
        &[
            (1, 1),
            (1, 2),
            (1, 7),
            (3, 9),
            (3, 23),
            (3, 24),
            (3, 25),
            (5, 1),
            (5, 7),
            (5, 11),
            (5, 27),
            (7, 6),
            (10, 26),
            (12, 16),
        ],
    ),
    (
        2027,
        &[
            (1, 1),
            (1, 4),
            (1, 7),
            (3, 8),
            (3, 15),
            (3, 22),
            (3, 23),
            (3, 24),
            (5, 3),
            (5, 7),
            (5, 10),
            (7, 6),
            (10, 25),
            (12, 16),
        ],
    ),
];

static RULES: LazyLock<Option<Rules>> = LazyLock::new(|| {
    let days = DAYS_OFF.iter().flat_map(|(year, days)| {
        days.iter().filter_map(|(month, day)| NaiveDate::from_ymd_opt(*year, *month, *day))
    });
    let zone: Zone = "+06:00".parse().ok()?;
    let hours = ("09:00".parse().ok()?, "18:00".parse().ok()?);
    let until = NaiveDate::from_ymd_opt(2027, 12, 31)?;
    let calendar = Calendar::new(zone, hours.0, hours.1, &Weekday::ALL[..5], until).ok()?;
    let calendar = calendar.with_days(days.map(|it| (it, DayKind::DayOff)));
    Some(Rules { calendar, sla: Sla::default() })
});

/// The rules of time: the regulation's own.
pub fn rules() -> &'static Rules {
    RULES.as_ref().expect("the regulation's hours are a calendar")
}

impl TicketRow {
    /// What its response target depends on.
    pub const fn grade(&self) -> Grade {
        Grade { priority: self.priority.0, complexity: self.complexity.0 }
    }

    /// Its clocks; those of a ticket that is older than the keeping of deadlines begin now.
    pub fn clocks_at(&self, now: DateTime<Utc>) -> Clocks {
        match &self.clocks {
            Some(stored) => stored.0.clone(),
            None => Clocks::adopted(
                self.status.0,
                self.is_answer_due,
                self.created_at,
                self.grade(),
                now,
                rules(),
            ),
        }
    }

    /// Takes clocks, and what follows from them.
    pub fn set_clocks(&mut self, clocks: Clocks) {
        let deadlines = Deadlines::of(&clocks, self.grade());
        self.due_at = deadlines.due_at;
        self.alert_at = deadlines.alert_at;
        self.queue_rank = deadlines.queue_rank;
        self.clocks = Some(StoredClocks(clocks));
    }

    /// What a step does to its clocks; it comes from the status `before`.
    pub fn step_clocks(
        &mut self,
        before: &Self,
        to: Option<Status>,
        comment: Option<Visibility>,
        by: &By,
    ) {
        let mut clocks = before.clocks_at(by.now);
        let (doer, from, grade, now) = (by.doer, before.status.0, self.grade(), by.now);
        clocks.step(&ClockStep { doer, comment, from, to, grade, now }, rules());
        self.set_clocks(clocks);
    }

    /// Computes the open deadlines anew, after a change of priority or complexity.
    pub fn recalculate_clocks(&mut self, now: DateTime<Utc>) {
        let mut clocks = self.clocks_at(now);
        clocks.recalculate(self.grade(), now, rules());
        self.set_clocks(clocks);
    }
}

/// What lists and jobs read of clocks.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// When the running clock is due; far away where none runs.
    pub due_at: DateTime<Utc>,
    /// When support is next to be told something.
    pub alert_at: Option<DateTime<Utc>>,
    /// The place in the queue; none where no clock runs.
    pub queue_rank: Option<DateTime<Utc>>,
}

impl Deadlines {
    /// Those that follow from clocks.
    pub fn of(clocks: &Clocks, grade: Grade) -> Self {
        let due_at = clocks.running().and_then(|it| it.due_at);
        Self {
            due_at: clocks.due_at(),
            alert_at: clocks.alert_at(rules()),
            queue_rank: due_at.map(|it| queue::rank(it, grade.priority, rules())),
        }
    }
}
