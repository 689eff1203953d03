//! Sends events to webhooks: one job queues what is for whom, another delivers it.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{PgConnection, QueryResult};
use domain::{DisabledReason, Viewer};

use crate::db::Db;
use crate::db::clock::real_now;
use crate::events::consumer;
use crate::events::consumer::Consumed;
use crate::events::event_type::EventType;
use crate::events::feed;
use crate::events::reader::Reader;
use crate::notifications::webhook_disabled;
use crate::problem::Problem;
use crate::settings;
use crate::webhooks::client::{Attempt, WebhookClient, WebhookRequest};
use crate::webhooks::delivery::{DeliveryRow, purge, queue};
use crate::webhooks::message;
use crate::webhooks::schedule::MAX_FAILING_TIME;
use crate::webhooks::signature::signatures;
use crate::webhooks::store::{Endpoint, WebhookRow};
use crate::worker::batch::Progress;

/// The name of the reader of events.
pub const CONSUMER: &str = "webhooks";

/// How many events are looked at in one transaction.
const BATCH_SIZE: i64 = 100;

/// How long a worker stays with one endpoint that accepts messages.
const TURN_LENGTH: Duration = Duration::from_secs(5);

/// How long an endpoint is leased: longer than a worker stays with it, plus a last attempt that takes
/// all of its time.
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// Queues each new event for the webhooks that subscribe to it.
pub fn fan_out(conn: &mut PgConnection) -> Result<Progress, Problem> {
    let events = consumer::next(CONSUMER, BATCH_SIZE, conn)?;
    if events.is_empty() {
        return Ok(Progress::Idle);
    }
    let webhooks = WebhookRow::active(conn)?;
    let messages: Vec<_> = events
        .iter()
        .flat_map(|event| webhooks.iter().map(move |webhook| (webhook, event)))
        .filter(|((webhook, viewer), event)| is_for(webhook, viewer, event))
        .map(|((webhook, _), event)| (webhook.id, event.id, event.kind.as_str()))
        .collect();
    queue(&messages, real_now(conn)?, conn)?;
    Ok(Progress::of_batch(events.len(), BATCH_SIZE))
}

fn is_for(webhook: &WebhookRow, viewer: &Viewer, event: &Consumed) -> bool {
    // The attempt finds out that the owner has no right to it any more.
    let is_seen = *viewer == Viewer::Nobody || event.is_readable_by(viewer);
    // Imported tickets are not announced to webhooks.
    let is_move = matches!(event.kind, EventType::Imported | EventType::ImportFinished);
    is_seen && !is_move && event.position > webhook.since_position && webhook.listens_to(event.kind)
}

/// Sends what is due to one endpoint, as long as it accepts messages, for its share of time.
pub fn deliver_next(client: &WebhookClient, db: &Db) -> Result<Progress, Problem> {
    let claimed = db.transaction_here(|conn| Ok(Endpoint::claim(LEASE, conn)?))?;
    let Some(id) = claimed else { return Ok(Progress::Idle) };
    let started = Instant::now();
    while started.elapsed() < TURN_LENGTH && attempt_next(id, client, db)? {}
    db.transaction_here(|conn| Ok(Endpoint::release(id, conn)?))?;
    Ok(Progress::Worked)
}

/// Sends the next message to an endpoint; returns whether it was accepted. The rights are checked each time.
fn attempt_next(id: i64, client: &WebhookClient, db: &Db) -> Result<bool, Problem> {
    let next = |conn: &mut PgConnection| {
        let now = real_now(conn)?;
        let Some(endpoint) = Endpoint::active(id, conn)? else { return Ok(None) };
        let viewer = endpoint.viewer(conn)?;
        if viewer == Viewer::Nobody {
            disable(&endpoint, DisabledReason::OwnerLeft, now, conn)?;
            return Ok(None);
        }
        let Some(delivery) = DeliveryRow::next_due(&endpoint, now, conn)? else { return Ok(None) };
        let body = body(&delivery, &endpoint, viewer, conn)?;
        Ok(Some((endpoint, delivery, body, now)))
    };
    let Some((endpoint, delivery, body, at)) = db.transaction_here(next)? else {
        return Ok(false);
    };
    let Some(body) = body else {
        db.transaction_here(|conn| Ok(delivery.withdraw(conn)?))?;
        return Ok(true);
    };
    let id = delivery.message_id();
    let signatures = signatures(&endpoint.secrets(at), &id, at, &body);
    let (url, signatures) = (&endpoint.url, &signatures);
    let attempt = client.send(&WebhookRequest { url, id: &id, at, signatures, body: &body });
    db.transaction_here(|conn| record_attempt(&attempt, &delivery, &endpoint, conn))?;
    Ok(attempt.is_taken())
}

/// What is sent; none where the receiver may not see the event any more.
fn body(
    delivery: &DeliveryRow,
    endpoint: &Endpoint,
    viewer: Viewer,
    conn: &mut PgConnection,
) -> Result<Option<String>, Problem> {
    let Some(event_id) = delivery.event_id else {
        return message::ping(endpoint.id, delivery.created_at).map(Some);
    };
    let language = endpoint.language(conn)?;
    let zone = settings::latest(conn)?.calendar.zone();
    let event = feed::one(event_id, &Reader { viewer, language, zone }, conn)?;
    event.map(message::about).transpose()
}

fn record_attempt(
    attempt: &Attempt,
    delivery: &DeliveryRow,
    endpoint: &Endpoint,
    conn: &mut PgConnection,
) -> Result<(), Problem> {
    let now = real_now(conn)?;
    // The endpoint is locked before its delivery, in the same order as for redelivering.
    match (attempt.is_taken(), endpoint.failing_since) {
        (true, None) => {}
        (true, Some(_)) => {
            endpoint.is_failing_since(None, conn)?;
        }
        (false, None) => {
            endpoint.is_failing_since(Some(now), conn)?;
        }
        (false, Some(since)) if now - since >= MAX_FAILING_TIME => {
            disable(endpoint, DisabledReason::Failing, now, conn)?;
        }
        (false, Some(_)) => {}
    }
    if attempt.status == Some(410) {
        disable(endpoint, DisabledReason::Gone, now, conn)?;
    }
    delivery.attempted(attempt, now, conn)?;
    Ok(())
}

/// Disables an endpoint, and notifies whoever is responsible for it.
fn disable(
    endpoint: &Endpoint,
    reason: DisabledReason,
    now: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    if !endpoint.disable(reason, now, conn)? {
        return Ok(());
    }
    log::warn!("webhook {} is disabled: {}", endpoint.id, reason.as_str());
    let is_answered_for = endpoint.company_id.is_some() && reason != DisabledReason::OwnerLeft;
    let owner_id = is_answered_for.then_some(endpoint.owner_id);
    webhook_disabled::notify(endpoint.id, owner_id, now, conn)
}

/// Deletes a batch of old finished deliveries.
pub fn purge_old(conn: &mut PgConnection) -> Result<Progress, Problem> {
    Ok(Progress::of(purge(real_now(conn)?, conn)?))
}
