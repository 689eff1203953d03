//! The rows of notifications and of notification settings.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz};
use domain::notifications::Channels;
use domain::{NotificationKind, Role};

use crate::db::any_of::AnyOf;
use crate::db::named::Named;
use crate::db::schema::{notification_settings, users};
use crate::db::string_enum::DbEnum;

/// The subject of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// An event of a ticket.
    Event {
        id: i64,
        ticket_id: i64,
        /// Its bulk operation, about which one mail is sent.
        bulk_id: Option<i64>,
    },
    Refusal(i64),
    Webhook(i64),
}

/// A notification for a person, through the channels they chose.
#[derive(Debug, Clone, Copy)]
pub struct Notice {
    pub user_id: i64,
    /// Its kind for this person.
    pub kind: NotificationKind,
    pub subject: Subject,
    pub at: DateTime<Utc>,
    /// It is theirs, or names them: it never waits for the digest.
    pub is_by_name: bool,
    /// A receipt for their own action: sent by mail, not shown in the inbox.
    pub is_own: bool,
}

impl Notice {
    /// Something that somebody else did, and that names the person.
    pub const fn new(
        user_id: i64,
        kind: NotificationKind,
        subject: Subject,
        at: DateTime<Utc>,
    ) -> Self {
        Self { user_id, kind, subject, at, is_by_name: true, is_own: false }
    }
}

impl Subject {
    const fn event_id(self) -> Option<i64> {
        match self {
            Self::Event { id, .. } => Some(id),
            Self::Refusal(_) | Self::Webhook(_) => None,
        }
    }

    const fn bulk_id(self) -> Option<i64> {
        match self {
            Self::Event { bulk_id, .. } => bulk_id,
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
pub struct Choices(HashMap<(i64, NotificationKind), Channels>);

impl Choices {
    /// What these people chose.
    pub fn of(user_ids: &[i64], conn: &mut PgConnection) -> QueryResult<Self> {
        let rows: Vec<(i64, DbEnum<NotificationKind>, bool, bool, bool)> =
            notification_settings::table
                .filter(notification_settings::user_id.eq(AnyOf(user_ids.to_vec())))
                .select((
                    notification_settings::user_id,
                    notification_settings::kind,
                    notification_settings::email,
                    notification_settings::inbox,
                    notification_settings::digest,
                ))
                .load(conn)?;
        let chosen = rows
            .into_iter()
            .map(|(id, kind, email, inbox, digest)| {
                ((id, kind.0), Channels { email, inbox, digest })
            })
            .collect();
        Ok(Self(chosen))
    }

    /// The channels for a kind: as chosen, or the default.
    pub fn channels(&self, user_id: i64, kind: NotificationKind) -> Channels {
        self.0.get(&(user_id, kind)).copied().unwrap_or_else(|| kind.default_channels())
    }
}

/// Delivers notices to the inbox, by mail or in the digest, as their people chose. The same person gets only
/// one notice of an event or a refusal.
pub fn deliver(notices: &[Notice], conn: &mut PgConnection) -> QueryResult<()> {
    if notices.is_empty() {
        return Ok(());
    }
    let user_ids: Vec<i64> = notices.iter().map(|it| it.user_id).collect();
    let choices = Choices::of(&user_ids, conn)?;
    let channels: Vec<Channels> =
        notices.iter().map(|it| choices.channels(it.user_id, it.kind)).collect();
    let in_inbox: Vec<bool> = notices
        .iter()
        .zip(&channels)
        .map(|(notice, channels)| channels.inbox && !notice.is_own)
        .collect();
    let by_mail = |is_sent: fn(Channels, bool) -> bool| -> Vec<bool> {
        notices
            .iter()
            .zip(&channels)
            .map(|(notice, channels)| is_sent(*channels, notice.is_by_name))
            .collect()
    };
    let kinds: Vec<&str> = notices.iter().map(|it| it.kind.as_str()).collect();
    let of_subjects = |id: fn(Subject) -> Option<i64>| -> Vec<Option<i64>> {
        notices.iter().map(|it| id(it.subject)).collect()
    };
    let deliver = diesel::sql_query(include_str!("deliver.sql"))
        .bind::<Array<BigInt>, _>(user_ids)
        .bind::<Array<Text>, _>(kinds)
        .bind::<Array<Nullable<BigInt>>, _>(of_subjects(Subject::ticket_id))
        .bind::<Array<Nullable<BigInt>>, _>(of_subjects(Subject::event_id))
        .bind::<Array<Nullable<BigInt>>, _>(of_subjects(Subject::refusal_id))
        .bind::<Array<Nullable<BigInt>>, _>(of_subjects(Subject::webhook_id))
        .bind::<Array<Timestamptz>, _>(notices.iter().map(|it| it.at).collect::<Vec<_>>())
        .bind::<Array<Bool>, _>(in_inbox)
        .bind::<Array<Bool>, _>(by_mail(Channels::is_mailed))
        .bind::<Array<Nullable<BigInt>>, _>(of_subjects(Subject::bulk_id))
        .bind::<Array<Bool>, _>(by_mail(Channels::is_digested));
    Named(deliver).execute(conn)?;
    Ok(())
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
