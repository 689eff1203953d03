//! The rows of deliveries: past and pending messages of webhooks.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz};

use crate::db::Condition;
use crate::db::cut::first_rows;
use crate::db::named::Named;
use crate::db::schema::webhook_deliveries;
use crate::visibility;
use crate::webhooks::client::{Attempt, Failure};
use crate::webhooks::message::PING;
use crate::webhooks::schedule::pause;
use crate::webhooks::store::{Endpoint, WebhookRow};

/// How long finished deliveries are stored.
const RETENTION: TimeDelta = TimeDelta::days(30);

/// How many are deleted at once.
const BATCH_SIZE: i64 = 1_000;

/// A delivery as it is stored.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = webhook_deliveries)]
pub struct DeliveryRow {
    pub id: i64,
    /// The event; none: a ping.
    pub event_id: Option<i64>,
    /// The type of the message.
    pub type_: String,
    /// `pending`, `delivered` or `failed`.
    pub state: String,
    pub attempts: i32,
    /// When a pending one is sent.
    pub due_at: DateTime<Utc>,
    /// When it was last tried.
    pub attempted_at: Option<DateTime<Utc>>,
    /// How long the last attempt took.
    pub duration_ms: Option<i32>,
    /// The status of the last response.
    pub response_status: Option<i16>,
    /// The beginning of its body.
    pub response_body: Option<String>,
    pub error: Option<String>,
    /// Since when it has been waiting.
    pub created_at: DateTime<Utc>,
}

/// Queues messages: pairs of a webhook and an event with its type. Messages that are already queued
/// stay as they are.
pub fn queue(
    messages: &[(i64, i64, &'static str)],
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let queue = diesel::sql_query(
        "insert into webhook_deliveries (webhook_id, event_id, type, state, attempts, due_at, created_at)
         select webhook_id, event_id, type, 'pending', 0, $4, $4
         from unnest($1, $2, $3) as message (webhook_id, event_id, type)
         on conflict on constraint webhook_deliveries_once do nothing",
    )
    .bind::<Array<BigInt>, _>(messages.iter().map(|it| it.0).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(messages.iter().map(|it| it.1).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(messages.iter().map(|it| it.2).collect::<Vec<_>>())
    .bind::<Timestamptz, _>(now);
    Named(queue).execute(conn)
}

pub fn queue_ping(
    webhook: &WebhookRow,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<DeliveryRow> {
    diesel::insert_into(webhook_deliveries::table)
        .values((
            webhook_deliveries::webhook_id.eq(webhook.id),
            webhook_deliveries::type_.eq(PING),
            webhook_deliveries::state.eq("pending"),
            webhook_deliveries::attempts.eq(0),
            webhook_deliveries::due_at.eq(now),
            webhook_deliveries::created_at.eq(now),
        ))
        .returning(DeliveryRow::as_returning())
        .get_result(conn)
}

#[derive(QueryableByName)]
struct Queued {
    #[diesel(sql_type = BigInt)]
    queued: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    until: Option<DateTime<Utc>>,
}

/// Queues the events of a period, whether they were delivered or not: at most `most` events, the earliest
/// first. Returns how many, and where it stopped, if it had to.
pub fn queue_span(
    webhook: &WebhookRow,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    most: i64,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<(i64, Option<DateTime<Utc>>)> {
    let viewer = webhook.viewer(conn)?;
    let events = webhook.events().map(|it| it.iter().map(|it| it.as_str()).collect::<Vec<_>>());
    let done: Queued = visibility::statement(include_str!("queue_span.sql"), &viewer)
        .bind::<BigInt, _>(webhook.id)
        .bind::<Nullable<Array<Text>>, _>(events)
        .bind::<Timestamptz, _>(from)
        .bind::<Timestamptz, _>(to)
        .bind::<BigInt, _>(most)
        .bind::<Timestamptz, _>(now)
        .get_result(conn)?;
    Ok((done.queued, done.until))
}

impl DeliveryRow {
    /// The id by which its receiver knows it, the same at every attempt.
    pub fn message_id(&self) -> String {
        format!("msg_{}", self.id)
    }

    /// A page of a webhook's deliveries, the newest first; one more than `limit` shows that there
    /// is a next one.
    pub fn page(
        webhook: &WebhookRow,
        state: Option<&str>,
        before: Option<i64>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<Self>> {
        let mut query =
            Self::query().filter(webhook_deliveries::webhook_id.eq(webhook.id)).into_boxed();
        if let Some(state) = state {
            query = query.filter(webhook_deliveries::state.eq(state.to_owned()));
        }
        if let Some(before) = before {
            query = query.filter(webhook_deliveries::id.lt(before));
        }
        first_rows(query.order(webhook_deliveries::id.desc()), limit + 1, conn)
    }

    /// Requeues one of a webhook's deliveries, from the first attempt on.
    pub fn redeliver(
        id: i64,
        webhook: &WebhookRow,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        let target = webhook_deliveries::table
            .find(id)
            .filter(webhook_deliveries::webhook_id.eq(webhook.id));
        diesel::update(target)
            .set((
                webhook_deliveries::state.eq("pending"),
                webhook_deliveries::attempts.eq(0),
                webhook_deliveries::due_at.eq(now),
            ))
            .returning(Self::as_returning())
            .get_result(conn)
    }

    /// The next message that is due to an endpoint.
    pub fn next_due(
        endpoint: &Endpoint,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> QueryResult<Option<Self>> {
        Self::query()
            .filter(webhook_deliveries::webhook_id.eq(endpoint.id))
            .filter(waits())
            .filter(webhook_deliveries::due_at.le(now))
            .order((webhook_deliveries::due_at, webhook_deliveries::id))
            .first(conn)
            .optional()
    }

    /// Records the result of an attempt: retried after a pause, or given up after the last one.
    pub fn attempted(
        &self,
        attempt: &Attempt,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> QueryResult<usize> {
        let attempts = self.attempts + 1;
        let next = pause(attempts, attempt.retry_after, rand::random());
        let state = match (attempt.is_taken(), next) {
            (true, _) => "delivered",
            (false, Some(_)) => "pending",
            (false, None) => "failed",
        };
        diesel::update(webhook_deliveries::table.find(self.id))
            .set((
                webhook_deliveries::state.eq(state),
                webhook_deliveries::attempts.eq(attempts),
                webhook_deliveries::due_at.eq(now + next.unwrap_or_default()),
                webhook_deliveries::attempted_at.eq(now),
                webhook_deliveries::duration_ms.eq(attempt.took.as_millis() as i32),
                webhook_deliveries::response_status.eq(attempt.status.map(u16::cast_signed)),
                webhook_deliveries::response_body.eq(&attempt.body),
                webhook_deliveries::error.eq(attempt.error.map(Failure::as_str)),
            ))
            .execute(conn)
    }

    /// Gives up a delivery that its receiver may not see any more.
    pub fn withdraw(&self, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::update(webhook_deliveries::table.find(self.id))
            .set((
                webhook_deliveries::state.eq("failed"),
                webhook_deliveries::error.eq("not_permitted"),
            ))
            .execute(conn)
    }
}

/// The pending deliveries. The status is part of the statement itself, so that the partial index
/// of pending ones matches.
pub fn waits() -> Condition<webhook_deliveries::table> {
    Box::new(sql::<Bool>("webhook_deliveries.state = 'pending'"))
}

/// The endpoints with something to send now, in the order of `claim.sql`.
pub const DUE: &str = "select from webhooks
    where is_active and (busy_until is null or busy_until <= (select wall from clocks))
      and exists (select from webhook_deliveries
                  where webhook_id = webhooks.id and state = 'pending'
                    and due_at <= (select wall from clocks))";

/// The deliveries that were given up.
pub fn is_given_up() -> Condition<webhook_deliveries::table> {
    Box::new(sql::<Bool>("webhook_deliveries.state = 'failed'"))
}

/// Deletes a batch of old finished deliveries; returns how many.
pub fn purge(now: DateTime<Utc>, conn: &mut PgConnection) -> QueryResult<usize> {
    let old: Vec<i64> = webhook_deliveries::table
        .filter(webhook_deliveries::state.ne("pending"))
        .filter(webhook_deliveries::created_at.lt(now - RETENTION))
        .limit(BATCH_SIZE)
        .select(webhook_deliveries::id)
        .for_update()
        .skip_locked()
        .load(conn)?;
    diesel::delete(webhook_deliveries::table.filter(webhook_deliveries::id.eq_any(old)))
        .execute(conn)
}
