//! Who is told that the service disabled a webhook.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::NotificationKind;

use crate::notifications::store::{Notice, Subject, admins, deliver};

/// Tells the owner; where none is named the admins, who answer for the staff's webhooks, and for
/// one whose owner left.
pub fn notify(
    webhook_id: i64,
    owner_id: Option<i64>,
    at: DateTime<Utc>,
    conn: &mut PgConnection,
) -> QueryResult<()> {
    let told = owner_id.map_or_else(|| admins(conn), |it| Ok(vec![it]))?;
    let kind = NotificationKind::WebhookDisabled;
    let subject = Subject::Webhook(webhook_id);
    let notices: Vec<Notice> =
        told.into_iter().map(|user_id| Notice::new(user_id, kind, subject, at)).collect();
    deliver(&notices, conn)
}
