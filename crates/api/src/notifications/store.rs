//! The rows of notifications and of what people want to be told.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::notifications::Ways;
use domain::{NotificationKind, Role};

use crate::db::clock::real_now;
use crate::db::schema::{mails, notification_settings, notifications, users};
use crate::db::string_enum::DbEnum;

/// What somebody is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// An event of a ticket.
    Event {
        id: i64,
        ticket_id: i64,
    },
    Refusal(i64),
    Webhook(i64),
}

/// Something that a person is to be told, on whatever way they chose.
#[derive(Debug, Clone, Copy)]
pub struct Notice {
    pub user_id: i64,
    /// What kind of thing it is to them.
    pub kind: NotificationKind,
    /// The direction of the project.
    pub subject: Subject,
    pub at: DateTime<Utc>,
}

impl Subject {
    const fn event_id(self) -> Option<i64> {
        match self {
            Self::Event { id, .. } => Some(id),
            Self::Refusal(_) | Self::Webhook(_) => None,
        }
    }

    const fn ticket_id(self) -> Option<i64> {
        match self {
            Self::Event { ticket_id, .. } => Some(ticket_id),
            Self::Refusal(_) | Self::Webhook(_) => None,
        }
    }

    const fn refusal_id(self) -> Option<i64> {
        match self {
            Self::Event { .. } | Self::Webhook(_) => None,
            Self::Refusal(id) => Some(id),
        }
    }

    const fn webhook_id(self) -> Option<i64> {
        match self {
            Self::Event { .. } | Self::Refusal(_) => None,
            Self::Webhook(id) => Some(id),
        }
    }
}

#[derive(Debug, Default)]
pub struct Choices(HashMap<(i64, NotificationKind), Ways>);

impl Choices {
    /// What these people chose.
    pub fn of(user_ids: &[i64], conn: &mut PgConnection) -> QueryResult<Self> {
        let rows: Vec<(i64, DbEnum<NotificationKind>, bool, bool)> = notification_settings::table
            .filter(notification_settings::user_id.eq_any(user_ids))
            .select((
                notification_settings::user_id,
                notification_settings::kind,
                notification_settings::email,
                notification_settings::inbox,
            ))
            .load(conn)?;
        let chosen = rows
            .into_iter()
            .map(|(id, kind, email, inbox)| ((id, kind.0), Ways { email, inbox }))
            .collect();
        Ok(Self(chosen))
    }

    /// How a kind comes to a person: as they chose, or as to everybody.
    pub fn ways(&self, user_id: i64, kind: NotificationKind) -> Ways {
        self.0.get(&(user_id, kind)).copied().unwrap_or_else(|| kind.default_ways())
    }
}

/// Puts notices into the inboxes and the outbox, on the ways that their people chose. One of an
/// event or a refusal that is there already stays the only one.
pub fn deliver(notices: &[Notice], conn: &mut PgConnection) -> QueryResult<()> {
    let user_ids: Vec<i64> = notices.iter().map(|it| it.user_id).collect();
    let choices = Choices::of(&user_ids, conn)?;
    let ways = |it: &&Notice| choices.ways(it.user_id, it.kind);
    let inbox: Vec<_> = notices.iter().filter(|it| ways(it).inbox).map(inbox_row).collect();
    if !inbox.is_empty() {
        diesel::insert_into(notifications::table)
            .values(inbox)
            .on_conflict_do_nothing()
            .execute(conn)?;
    }
    let now = real_now(conn)?;
    let letters = notices.iter().filter(|it| ways(it).email);
    let letters: Vec<_> = letters.map(|it| mail_row(it, now)).collect();
    if !letters.is_empty() {
        diesel::insert_into(mails::table).values(letters).on_conflict_do_nothing().execute(conn)?;
    }
    Ok(())
}

/// A row of an inbox.
#[derive(Debug, Insertable)]
#[diesel(table_name = notifications)]
struct NewNotification {
    user_id: i64,
    kind: DbEnum<NotificationKind>,
    ticket_id: Option<i64>,
    event_id: Option<i64>,
    refusal_id: Option<i64>,
    webhook_id: Option<i64>,
    created_at: DateTime<Utc>,
}

fn inbox_row(notice: &Notice) -> NewNotification {
    NewNotification {
        user_id: notice.user_id,
        kind: DbEnum(notice.kind),
        ticket_id: notice.subject.ticket_id(),
        event_id: notice.subject.event_id(),
        refusal_id: notice.subject.refusal_id(),
        webhook_id: notice.subject.webhook_id(),
        created_at: notice.at,
    }
}

/// A row of the outbox.
#[derive(Debug, Insertable)]
#[diesel(table_name = mails)]
struct NewMail {
    kind: &'static str,
    about: DbEnum<NotificationKind>,
    user_id: Option<i64>,
    ticket_id: Option<i64>,
    event_id: Option<i64>,
    refusal_id: Option<i64>,
    webhook_id: Option<i64>,
    due_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

fn mail_row(notice: &Notice, now: DateTime<Utc>) -> NewMail {
    NewMail {
        kind: "notification",
        about: DbEnum(notice.kind),
        user_id: Some(notice.user_id),
        ticket_id: notice.subject.ticket_id(),
        event_id: notice.subject.event_id(),
        refusal_id: notice.subject.refusal_id(),
        webhook_id: notice.subject.webhook_id(),
        due_at: now,
        created_at: now,
    }
}

/// The admins there are, in the order of ids.
pub fn admins(conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
    users::table
        .filter(users::role.eq(DbEnum(Role::Admin)))
        .filter(users::is_active)
        .order(users::id)
        .select(users::id)
        .load(conn)
}
