//! The mail about a webhook that was disabled.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{DisabledReason, NotificationKind, Role};

use crate::db::schema::webhooks;
use crate::http::local_time;
use crate::mail::page::{Block, Page};
use crate::mail::texts::fill;
use crate::notifications::mail::{Reader, RenderedMail};
use crate::problem::Problem;
use crate::visibility;

/// Renders the reason for its owner; none if it has been enabled again.
pub fn render(
    webhook_id: i64,
    reader: &Reader<'_>,
    conn: &mut PgConnection,
) -> Result<Option<RenderedMail>, Problem> {
    type Found = (String, Option<DateTime<Utc>>, Option<String>);

    let found: Option<Found> = webhooks::table
        .filter(webhooks::id.eq(webhook_id))
        .filter(visibility::webhooks(&reader.viewer))
        .select((webhooks::url, webhooks::disabled_at, webhooks::disabled_reason))
        .first(conn)
        .optional()?;
    // Engineers see all webhooks but are responsible for none.
    let Some((url, disabled_at, reason)) = found.filter(|_| reader.user.role.0 != Role::Engineer)
    else {
        return Ok(None);
    };
    let reason = reason.as_deref().and_then(|it| it.parse().ok());
    Ok(disabled_at.zip(reason).map(|(at, reason)| page(webhook_id, url, at, reason, reader)))
}

/// The mail from loaded data.
pub fn page(
    id: i64,
    url: String,
    disabled_at: DateTime<Utc>,
    reason: DisabledReason,
    reader: &Reader<'_>,
) -> RenderedMail {
    let (texts, frame) = (&reader.texts.webhook, &reader.texts.frame);
    let heading = NotificationKind::WebhookDisabled.label().text_in(reader.user.language.0);
    let why = match reason {
        DisabledReason::Gone => &texts.gone,
        DisabledReason::Failing => &texts.failing,
        DisabledReason::OwnerLeft => &texts.owner_left,
    };
    let page = Page {
        heading: heading.to_owned(),
        title: url.clone(),
        by: local_time::render(disabled_at, reader.rules.calendar.zone()),
        blocks: vec![
            Block::paragraph(why),
            Block::paragraph(fill(&texts.switch_on, &[("id", &id.to_string())])),
            Block::link(&frame.open_portal, reader.links.portal()),
        ],
        ..reader.page(&frame.to_owner)
    };
    RenderedMail { subject: format!("{heading}: {url}"), ticket_id: None, reply_to: None, page }
}
