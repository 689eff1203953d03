//! The mail about something that happened to a ticket, about a refused request, or about a
//! webhook that was disabled.
//!
//! What it says is read when it is sent, and so are the rights of its reader: whoever may not
//! know of it any more, or does not want to, gets nothing (OU09).

mod bulk;
mod changes;
pub(crate) mod local_time;
pub(crate) mod templates;
pub(crate) mod words;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::viewer::Owner;
use domain::{NotificationKind, RefusalReason, Role, Row, Visibility};
use serde_json::Value;

use crate::db::Db;
use crate::db::schema::{comments, events, refusals, ticket_texts, tickets, users, webhooks};
use crate::db::string_enum::DbEnum;
use crate::events::conceal::conceal;
use crate::events::event_type::EventType;
use crate::events::payload::Body;
use crate::mail::letter::{Composed, Letter, Links};
use crate::mail::outbox::MailRow;
use crate::mail::reply_address::{ReplyKey, ReplyTo};
use crate::notifications::fan_out::is_said_inside;
use crate::notifications::mail::templates::{Filled, FilledChange};
use crate::notifications::store::Choices;
use crate::problem::Problem;
use crate::settings;
use crate::users::store::UserRow;
use crate::visibility;
use crate::visibility::people::viewer_of;

/// A notification, ready to be put into words.
#[derive(Debug)]
pub struct Notification {
    /// To whom it goes.
    pub user: UserRow,
    /// The ticket it belongs to; none of a refused request and of a webhook.
    pub ticket_id: Option<i64>,
    /// Whether it is about something that only staff may know.
    pub is_internal: bool,
    /// The subject of the ticket or of the request, or where the webhook leads.
    subject: String,
    kind: NotificationKind,
    heading: Option<domain::Text>,
    actor: String,
    at: String,
    changes: Vec<FilledChange>,
    edited: Vec<&'static str>,
    text: String,
}

/// What happened, in words, if its person may still know it and still wants to.
pub fn compose(mail: &MailRow, links: &Links, db: &Db) -> Result<Composed, Problem> {
    let work = |conn: &mut PgConnection| {
        let loaded = load(mail, conn)?;
        let key = links.reply_domain.as_ref().map(|_| ReplyKey::load(conn)).transpose()?;
        Ok(loaded.map(|it| (it, key)))
    };
    let Some((notification, key)) = db.transaction_here(work)? else {
        return Ok(Composed::Dropped("the person may not know it, or does not want to"));
    };
    let user = &notification.user;
    let reply_to = notification.ticket_id.zip(key).zip(links.reply_domain.as_ref());
    let reply_to = reply_to.map(|((ticket_id, key), domain)| {
        let is_internal = notification.is_internal;
        key.address(ReplyTo { ticket_id, user_id: user.id, is_internal }, domain)
    });
    let link = notification.ticket_id.and_then(|id| links.ticket_url(id));
    let filled = notification.filled(link.unwrap_or_default(), reply_to.is_some());
    let (body, html) = templates::notification(&filled).map_err(Problem::unexpected)?;
    let letter = Letter {
        id: mail.id,
        to_name: format!("{} {}", user.first_name, user.last_name),
        to: user.email.clone(),
        subject: notification.subject_line(),
        body,
        html: Some(html),
        ticket_id: notification.ticket_id,
        reply_to,
    };
    Ok(letter.into())
}

/// What a mail is to say; none where its person does not want it any more, or may not know it.
fn load(mail: &MailRow, conn: &mut PgConnection) -> Result<Option<Notification>, Problem> {
    let Some(kind) = mail.about.map(|it| it.0) else { return Ok(None) };
    let Some(user_id) = mail.user_id else { return Ok(None) };
    let user = UserRow::find(user_id, conn)?;
    let choices = Choices::of(&[user.id], conn)?;
    if !choices.ways(user.id, kind).email {
        return Ok(None);
    }
    match (mail.event_id, mail.refusal_id, mail.webhook_id) {
        (Some(event_id), ..) => of_event(event_id, mail.bulk_id, kind, user, conn),
        (None, Some(refusal_id), _) => of_refusal(refusal_id, kind, user, conn),
        (None, None, Some(webhook_id)) => of_webhook(webhook_id, kind, user, conn),
        (None, None, None) => Ok(None),
    }
}

#[derive(Debug, Queryable)]
struct EventRow {
    kind: String,
    at: DateTime<Utc>,
    is_internal: bool,
    body: String,
    ticket: (i64, (i64, i64), String, String),
    actor: Option<(String, String)>,
}

fn of_event(
    event_id: i64,
    bulk_id: Option<i64>,
    kind: NotificationKind,
    user: UserRow,
    conn: &mut PgConnection,
) -> Result<Option<Notification>, Problem> {
    let row: EventRow = events::table
        .inner_join(tickets::table.inner_join(ticket_texts::table))
        .left_join(users::table)
        .filter(events::id.eq(event_id))
        .select((
            events::type_,
            events::at,
            events::is_internal,
            events::body,
            (
                tickets::id,
                (tickets::company_id, tickets::project_id),
                tickets::subject,
                ticket_texts::description,
            ),
            (users::first_name, users::last_name).nullable(),
        ))
        .first(conn)?;
    let (ticket_id, (company_id, project_id), subject, description) = row.ticket;
    let mut body: Body = serde_json::from_str(&row.body).map_err(Problem::unexpected)?;
    let event: EventType =
        serde_json::from_value(Value::String(row.kind)).map_err(Problem::unexpected)?;
    let is_internal = row.is_internal || is_said_inside(event, &body);
    let (viewer, owner) = (viewer_of(user.id, conn)?, Owner { company_id, project_id });
    if !viewer.may_read(Row::Event(Some(owner), Visibility::of(is_internal))) {
        return Ok(None);
    }
    conceal(vec![&mut body.changes], &viewer, conn)?;
    let may_read_notes = viewer.may_read(Row::Comment(owner, Visibility::Internal));
    let comment_id = body.comment_id.filter(|_| may_read_notes || !body.comment_is_internal);
    let said = match comment_id {
        Some(id) => comments::table.find(id).select(comments::body).first(conn)?,
        None if event == EventType::Created => description,
        None => String::new(),
    };
    let language = user.language.0;
    let others = match bulk_id {
        Some(id) => bulk::others(id, ticket_id, user.id, &viewer, conn)?,
        None => Vec::new(),
    };
    let text = bulk::with_others(said, &others, language);
    let zone = settings::latest(conn)?.calendar.zone();
    let own = words::HEADINGS.contains(&event).then(|| event.label());
    let corrected = (event == EventType::CommentEdited).then(|| event.label());
    let heading = own.or(is_internal.then_some(words::INTERNAL_NOTE)).or(corrected);
    Ok(Some(Notification {
        ticket_id: Some(ticket_id),
        is_internal,
        subject,
        kind,
        heading,
        actor: row.actor.map(|(first, last)| format!("{first} {last}")).unwrap_or_default(),
        at: local_time::render(row.at, zone),
        changes: changes::rendered_changes(&body, language, zone, conn)?,
        edited: changes::edited(&body, language),
        text,
        user,
    }))
}

fn of_refusal(
    refusal_id: i64,
    kind: NotificationKind,
    user: UserRow,
    conn: &mut PgConnection,
) -> Result<Option<Notification>, Problem> {
    type Found = (DbEnum<RefusalReason>, String, Value, DateTime<Utc>, (String, String));

    // It is told to those who decide about it.
    if !viewer_of(user.id, conn)?.reads_internal() {
        return Ok(None);
    }
    let (reason, subject, request, at, (first, last)): Found = refusals::table
        .inner_join(users::table.on(users::id.eq(refusals::author_id)))
        .filter(refusals::id.eq(refusal_id))
        .select((
            refusals::reason,
            refusals::subject,
            refusals::request,
            refusals::created_at,
            (users::first_name, users::last_name),
        ))
        .first(conn)?;
    let language = user.language.0;
    let change = FilledChange {
        label: words::label("refusal_reason", language),
        from: String::new(),
        to: reason.0.label().text_in(language).to_owned(),
    };
    Ok(Some(Notification {
        ticket_id: None,
        is_internal: true,
        subject,
        kind,
        heading: None,
        actor: format!("{first} {last}"),
        at: local_time::render(at, settings::latest(conn)?.calendar.zone()),
        changes: vec![change],
        edited: Vec::new(),
        text: request.get("description").and_then(Value::as_str).unwrap_or_default().to_owned(),
        user,
    }))
}

fn of_webhook(
    webhook_id: i64,
    kind: NotificationKind,
    user: UserRow,
    conn: &mut PgConnection,
) -> Result<Option<Notification>, Problem> {
    type Found = (String, Option<DateTime<Utc>>, Option<String>);

    let found: Option<Found> = webhooks::table
        .filter(webhooks::id.eq(webhook_id))
        .filter(visibility::webhooks(&viewer_of(user.id, conn)?))
        .select((webhooks::url, webhooks::disabled_at, webhooks::disabled_reason))
        .first(conn)
        .optional()?;
    // Engineers see whatever support sees, but answer for no webhook.
    let Some((url, disabled_at, reason)) = found.filter(|_| user.role.0 != Role::Engineer) else {
        return Ok(None);
    };
    let why = reason.as_deref().and_then(|it| it.parse().ok()).map(words::why_disabled);
    // One that was switched on again meanwhile is no news.
    let Some((at, why)) = disabled_at.zip(why) else { return Ok(None) };
    let language = user.language.0;
    let text = [why, words::SWITCH_ON].map(|it| it.text_in(language)).join("\n\n");
    Ok(Some(Notification {
        ticket_id: None,
        is_internal: false,
        subject: url,
        kind,
        heading: None,
        actor: String::new(),
        at: local_time::render(at, settings::latest(conn)?.calendar.zone()),
        changes: Vec::new(),
        edited: Vec::new(),
        text: text.replace("{id}", &webhook_id.to_string()),
        user,
    }))
}

impl Notification {
    /// The subject line: the same for all mails of a ticket, so that they are one thread.
    pub fn subject_line(&self) -> String {
        match self.ticket_id {
            Some(id) => format!("[№{id}] {}", self.subject),
            None => format!("{}: {}", self.heading(), self.subject),
        }
    }

    /// What the templates are filled with. `link` is the ticket's page, empty where there is
    /// none; `takes_answers` whether an answer to the mail becomes a comment.
    pub fn filled(&self, link: String, takes_answers: bool) -> Filled {
        let language = self.user.language.0;
        let in_language = |text: domain::Text| text.text_in(language);
        let edited = match self.edited.as_slice() {
            [] => String::new(),
            fields => format!("{}: {}", in_language(words::EDITED), fields.join(", ")),
        };
        Filled {
            language: language.as_str(),
            answer: if takes_answers { in_language(words::ANSWER_ABOVE) } else { "" },
            heading: self.heading().to_owned(),
            title: match self.ticket_id {
                Some(id) => format!("№{id} {}", self.subject),
                None => self.subject.clone(),
            },
            actor: self.actor.clone(),
            at: self.at.clone(),
            changes: self.changes.clone(),
            edited,
            text: self.text.trim().to_owned(),
            open: in_language(words::OPEN),
            link,
            footer: in_language(if self.kind == NotificationKind::WebhookDisabled {
                words::FOOTER_OF_WEBHOOKS
            } else {
                words::FOOTER
            }),
        }
    }

    fn heading(&self) -> &'static str {
        self.heading.unwrap_or_else(|| self.kind.label()).text_in(self.user.language.0)
    }
}
