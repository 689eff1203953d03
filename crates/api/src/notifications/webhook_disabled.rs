//! Notifies the owner of a disabled webhook.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::NotificationKind;

use crate::notifications::store::{Notice, Subject, admins, deliver};

/// Notifies the owner; without one the admins, who are responsible for the staff's webhooks and for
/// those whose owner has left.
pub fn notify(
    webhook_id: i64,
    owner_id: Option<i64>,
    at: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let recipients = owner_id.map_or_else(|| admins(conn), |it| Ok(vec![it]))?;
    let kind = NotificationKind::WebhookDisabled;
    let subject = Subject::Webhook(webhook_id);
    let notices: Vec<Notice> =
        recipients.into_iter().map(|user_id| Notice::new(user_id, kind, subject, at)).collect();
    deliver(&notices, conn)
}
