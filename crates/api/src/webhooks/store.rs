//! The rows of webhooks.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::{DisabledReason, Language, Viewer};

use crate::db::advisory_lock;
use crate::db::cut::first_rows;
use crate::db::named::Named;
use crate::db::schema::{users, webhooks};
use crate::db::string_enum::DbEnum;
use crate::events::event_type::EventType;
use crate::events::sequence;
use crate::http::caller::Caller;
use crate::problem::{Code, Problem};
use crate::visibility;
use crate::visibility::people::ViewerRow;
use crate::webhooks::viewer::{webhook_viewer, webhook_viewer_of};

/// The maximum number of webhooks of a company, and of staff.
pub const MAX_WEBHOOKS: i64 = 20;

/// How long the previous secret still signs.
pub const ROTATION: TimeDelta = TimeDelta::hours(24);

/// How many failing endpoints are served at once, so that stalling ones leave workers for the others.
const MAX_FAILING: i64 = 4;

/// A webhook as it is stored, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = webhooks)]
pub struct WebhookRow {
    pub id: i64,
    /// The version number, incremented with every change.
    pub version: i32,
    /// The company of its customers; none: the staff's.
    pub company_id: Option<i64>,
    /// The user with whose rights it sees events.
    pub owner_id: i64,
    /// The URL that messages are sent to.
    pub url: String,
    events: Option<Vec<String>>,
    /// What the webhook is for.
    pub description: Option<String>,
    /// Whether events are sent.
    pub is_active: bool,
    /// Why the service disabled it.
    pub disabled_reason: Option<String>,
    pub disabled_at: Option<DateTime<Utc>>,
    /// The end of the feed when it was enabled.
    pub since_position: i64,
    /// Since when every attempt has failed.
    pub failing_since: Option<DateTime<Utc>>,
    /// Until when the previous secret signs.
    pub previous_secret_until: Option<DateTime<Utc>>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

/// A webhook to create.
#[derive(Debug)]
pub struct NewWebhook<'a> {
    /// The URL to send messages to.
    pub url: &'a str,
    /// The types of events; none: all.
    pub events: Option<Vec<&'static str>>,
    /// What the webhook is for.
    pub description: Option<&'a str>,
    /// Whether it is enabled from the start.
    pub is_active: bool,
    /// What signs its messages.
    pub secret: &'a [u8],
}

impl WebhookRow {
    /// The event types it subscribes to; none: all.
    pub fn events(&self) -> Option<Vec<EventType>> {
        let words = self.events.as_ref()?.iter();
        Some(words.filter_map(|it| it.parse().ok()).collect())
    }

    /// With whose eyes it sees.
    pub fn viewer(&self, conn: &mut PgConnection) -> QueryResult<Viewer> {
        webhook_viewer_of(self.company_id, self.owner_id, conn)
    }

    /// Whether it subscribes to events of this type.
    pub fn listens_to(&self, kind: EventType) -> bool {
        self.events.as_ref().is_none_or(|it| it.iter().any(|it| it == kind.as_str()))
    }

    /// A page, the oldest first; one row more than `limit` shows that there is a next page.
    pub fn page(
        caller: &Caller,
        after: Option<i64>,
        limit: i64,
        conn: &mut PgConnection,
    ) -> QueryResult<Vec<Self>> {
        let query = Self::query()
            .filter(visibility::webhooks(&caller.viewer))
            .filter(webhooks::id.gt(after.unwrap_or(0)))
            .order(webhooks::id);
        first_rows(query, limit + 1, conn)
    }

    /// The active ones, each with its viewer.
    pub fn active(conn: &mut PgConnection) -> QueryResult<Vec<(Self, Viewer)>> {
        let rows: Vec<(Self, ViewerRow)> = webhooks::table
            .inner_join(users::table)
            .filter(webhooks::is_active)
            .select((Self::as_select(), ViewerRow::as_select()))
            .load(conn)?;
        let with_eyes = |(row, owner): (Self, ViewerRow)| {
            let viewer = webhook_viewer(row.company_id, owner.role(), owner.viewer());
            (row, viewer)
        };
        Ok(rows.into_iter().map(with_eyes).collect())
    }

    /// One, if `caller` may see it.
    pub fn find(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query()
            .filter(webhooks::id.eq(id))
            .filter(visibility::webhooks(&caller.viewer))
            .first(conn)
    }

    /// The same, locked until the transaction ends.
    pub fn lock(id: i64, caller: &Caller, conn: &mut PgConnection) -> QueryResult<Self> {
        Self::query()
            .filter(webhooks::id.eq(id))
            .filter(visibility::webhooks(&caller.viewer))
            .for_no_key_update()
            .first(conn)
    }

    /// A new one of the caller's company, or of the staff.
    /// Errors: `too_many_webhooks`.
    pub fn create(
        new: &NewWebhook<'_>,
        caller: &Caller,
        conn: &mut PgConnection,
    ) -> Result<Self, Problem> {
        let company_id = caller.company_id();
        advisory_lock(&format!("webhooks/{}", company_id.unwrap_or(0)), conn)?;
        let there: i64 = webhooks::table
            .filter(webhooks::company_id.is_not_distinct_from(company_id))
            .select(count_star())
            .first(conn)?;
        if there >= MAX_WEBHOOKS {
            return Err(Problem::new(Code::TooManyWebhooks));
        }
        let row = diesel::insert_into(webhooks::table)
            .values((
                webhooks::company_id.eq(company_id),
                webhooks::owner_id.eq(caller.user_id),
                webhooks::url.eq(new.url),
                webhooks::events.eq(&new.events),
                webhooks::description.eq(new.description),
                webhooks::is_active.eq(new.is_active),
                webhooks::since_position.eq(sequence::now(conn)?),
                webhooks::secret.eq(new.secret),
                webhooks::created_at.eq(caller.real_now),
            ))
            .returning(Self::as_returning())
            .get_result(conn)?;
        Ok(row)
    }

    /// Writes what people changed. Whoever enables it becomes responsible for it.
    pub fn save(
        &self,
        is_switched_on_by: Option<i64>,
        conn: &mut PgConnection,
    ) -> Result<Self, Problem> {
        let target = webhooks::table.find(self.id);
        diesel::update(target)
            .set((
                webhooks::url.eq(&self.url),
                webhooks::events.eq(&self.events),
                webhooks::description.eq(&self.description),
                webhooks::is_active.eq(self.is_active),
                webhooks::version.eq(webhooks::version + 1),
            ))
            .execute(conn)?;
        if let Some(owner_id) = is_switched_on_by {
            diesel::update(target)
                .set((
                    webhooks::owner_id.eq(owner_id),
                    webhooks::since_position.eq(sequence::now(conn)?),
                    webhooks::disabled_reason.eq(None::<String>),
                    webhooks::disabled_at.eq(None::<DateTime<Utc>>),
                    webhooks::failing_since.eq(None::<DateTime<Utc>>),
                ))
                .execute(conn)?;
        }
        Ok(Self::query().filter(webhooks::id.eq(self.id)).first(conn)?)
    }

    /// Sets the event types it subscribes to; none: all.
    pub fn listen_to(&mut self, events: Option<&[EventType]>) {
        let words = |it: &[EventType]| it.iter().map(|it| it.as_str().to_owned()).collect();
        self.events = events.map(words);
    }

    /// Replaces the secret; the old one still signs for a day.
    pub fn rotate(
        &self,
        secret: &[u8],
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> QueryResult<Self> {
        diesel::update(webhooks::table.find(self.id))
            .set((
                webhooks::previous_secret.eq(webhooks::secret.nullable()),
                webhooks::previous_secret_until.eq(now + ROTATION),
                webhooks::secret.eq(secret),
                webhooks::version.eq(webhooks::version + 1),
            ))
            .returning(Self::as_returning())
            .get_result(conn)
    }

    /// Deletes it with its deliveries.
    pub fn remove(self, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::delete(webhooks::table.find(self.id)).execute(conn)
    }
}

/// A webhook as a destination of messages.
#[derive(Debug, HasQuery)]
#[diesel(table_name = webhooks)]
pub struct Endpoint {
    pub id: i64,
    /// The company of its customers; none: the staff's.
    pub company_id: Option<i64>,
    /// The user with whose rights it sees events.
    pub owner_id: i64,
    /// The URL that messages are sent to.
    pub url: String,
    secret: Vec<u8>,
    previous_secret: Option<Vec<u8>>,
    previous_secret_until: Option<DateTime<Utc>>,
    /// Since when every attempt has failed.
    pub failing_since: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct Claimed {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

impl Endpoint {
    /// Leases an endpoint with waiting messages: working ones first, and among them the one that
    /// has waited the longest.
    pub fn claim(lease: TimeDelta, conn: &mut PgConnection) -> QueryResult<Option<i64>> {
        let claim = diesel::sql_query(include_str!("claim.sql"))
            .bind::<BigInt, _>(lease.num_seconds())
            .bind::<BigInt, _>(MAX_FAILING);
        let claimed: Option<Claimed> = Named(claim).get_result(conn).optional()?;
        Ok(claimed.map(|it| it.id))
    }

    /// Releases an endpoint to all workers.
    pub fn release(id: i64, conn: &mut PgConnection) -> QueryResult<usize> {
        diesel::update(webhooks::table.find(id))
            .set(webhooks::busy_until.eq(None::<DateTime<Utc>>))
            .execute(conn)
    }

    /// The current state of an endpoint, if it is active.
    pub fn active(id: i64, conn: &mut PgConnection) -> QueryResult<Option<Self>> {
        let found = Self::query().filter(webhooks::id.eq(id)).filter(webhooks::is_active);
        found.first(conn).optional()
    }

    /// The language of its messages: its owner's.
    pub fn language(&self, conn: &mut PgConnection) -> QueryResult<Language> {
        let language = users::table.find(self.owner_id).select(users::language);
        Ok(language.first::<DbEnum<Language>>(conn)?.0)
    }

    /// With whose eyes it sees.
    pub fn viewer(&self, conn: &mut PgConnection) -> QueryResult<Viewer> {
        webhook_viewer_of(self.company_id, self.owner_id, conn)
    }

    /// The secrets that sign now, the present one first.
    pub fn secrets(&self, now: DateTime<Utc>) -> Vec<&[u8]> {
        let is_good = self.previous_secret_until.is_some_and(|it| it > now);
        let previous = self.previous_secret.as_deref().filter(|_| is_good);
        std::iter::once(self.secret.as_slice()).chain(previous).collect()
    }

    /// Records that it accepts messages, or since when it does not.
    pub fn is_failing_since(
        &self,
        since: Option<DateTime<Utc>>,
        conn: &mut PgConnection,
    ) -> QueryResult<usize> {
        diesel::update(webhooks::table.find(self.id))
            .set(webhooks::failing_since.eq(since))
            .execute(conn)
    }

    /// Disables it until somebody enables it again; returns whether it was enabled.
    pub fn disable(
        &self,
        reason: DisabledReason,
        now: DateTime<Utc>,
        conn: &mut PgConnection,
    ) -> QueryResult<bool> {
        let disabled = diesel::update(webhooks::table.find(self.id).filter(webhooks::is_active))
            .set((
                webhooks::is_active.eq(false),
                webhooks::disabled_reason.eq(reason.as_str()),
                webhooks::disabled_at.eq(now),
            ))
            .execute(conn)?;
        Ok(disabled > 0)
    }
}
