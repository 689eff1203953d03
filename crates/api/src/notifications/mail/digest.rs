//! The content of the digest: ticket by ticket, what happened.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{NotificationKind, RefusalState};

use crate::db::Db;
use crate::db::schema::{digest_entries, refusals, tickets};
use crate::db::string_enum::DbEnum;
use crate::events::reader::Reader as EventReader;
use crate::events::view::{Event, by_ids};
use crate::http::local_time;
use crate::mail::outbox::MailRow;
use crate::mail::outgoing::{Composed, Links};
use crate::mail::page::{Block, Page};
use crate::mail::texts::fill;
use crate::notifications::mail::Reader;
use crate::notifications::store::Choices;
use crate::problem::Problem;
use crate::visibility;

/// The maximum number of entries in a digest; the rest is in the portal.
const MAX_ENTRIES: i64 = 200;

/// What happened to one ticket.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its number and subject.
    pub title: String,
    pub lines: Vec<String>,
}

/// What waited, in words; what its reader may not know any more, or does not want, is left out.
pub fn compose(mail: &MailRow, user_id: i64, links: &Links, db: &Db) -> Result<Composed, Problem> {
    let work = |conn: &mut PgConnection| {
        let reader = Reader::load(user_id, links, conn)?;
        if !reader.user.is_active || reader.user.undeliverable_since.is_some() {
            return Ok(None);
        }
        let (sections, has_more) = entries(mail.id, &reader, conn)?;
        Ok((!sections.is_empty())
            .then(|| (page(sections, has_more, mail.created_at, &reader), reader.user)))
    };
    match db.transaction_here(work)? {
        Some((page, user)) => Ok(user.mail_from_page(mail, page, links)?.into()),
        None => Ok(Composed::Dropped("the person may not know it, or does not want to")),
    }
}

/// The digest from loaded sections.
pub fn page(
    sections: Vec<Section>,
    has_more: bool,
    at: DateTime<Utc>,
    reader: &Reader<'_>,
) -> Page {
    let (texts, frame) = (&reader.texts.digest, &reader.texts.frame);
    let today = local_time::date(reader.rules.calendar.day(at));
    let list = |it: Section| Block::List { title: it.title, items: it.lines };
    let mut blocks = vec![Block::paragraph(reader.user.greeting()), Block::paragraph(&texts.intro)];
    blocks.extend(sections.into_iter().map(list));
    if has_more {
        blocks.push(Block::paragraph(&texts.more));
    }
    blocks.push(Block::link(&frame.open_portal, reader.links.portal()));
    Page { title: fill(&texts.subject, &[("on", &today)]), blocks, ..reader.page(&texts.why) }
}

/// What happened, by ticket in the order of their numbers, then requests that wait for a decision; and
/// whether there is more.
fn entries(
    mail_id: i64,
    reader: &Reader<'_>,
    conn: &mut PgConnection,
) -> Result<(Vec<Section>, bool), Problem> {
    let choices = Choices::of(&[reader.user.id], conn)?;
    let rows: Vec<(DbEnum<NotificationKind>, Option<i64>, Option<i64>)> = digest_entries::table
        .filter(digest_entries::mail_id.eq(mail_id))
        .order(digest_entries::id)
        .limit(MAX_ENTRIES + 1)
        .select((digest_entries::kind, digest_entries::event_id, digest_entries::refusal_id))
        .load(conn)?;
    let has_more = rows.len() > usize::try_from(MAX_ENTRIES).unwrap_or(usize::MAX);
    let wanted = || rows.iter().filter(|(kind, ..)| choices.channels(reader.user.id, kind.0).email);
    let event_ids: Vec<i64> = wanted().filter_map(|(_, id, _)| *id).collect();
    let refusal_ids: Vec<i64> = wanted().filter_map(|(.., id)| *id).collect();
    let mut sections = of_tickets(&event_ids, reader, conn)?;
    sections.extend(of_refusals(refusal_ids, reader, conn)?);
    Ok((sections, has_more))
}

fn of_tickets(
    event_ids: &[i64],
    reader: &Reader<'_>,
    conn: &mut PgConnection,
) -> Result<Vec<Section>, Problem> {
    let zone = reader.rules.calendar.zone();
    let language = reader.user.language.0;
    let event_reader = EventReader { viewer: reader.viewer.clone(), language, zone };
    let mut events: Vec<Event> = by_ids(event_ids, &event_reader, conn)?.into_values().collect();
    events.sort_by_key(|it| it.id);
    let mut by_ticket: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for event in events {
        let Some(ticket_id) = event.ticket_id else { continue };
        let line = format!("{}, {}", local_time::render(event.at.0, zone), event.summary);
        by_ticket.entry(ticket_id).or_default().push(line);
    }
    let ids: Vec<i64> = by_ticket.keys().copied().collect();
    let subjects: HashMap<i64, String> = tickets::table
        .filter(tickets::id.eq_any(ids))
        .filter(visibility::tickets(&reader.viewer))
        .select((tickets::id, tickets::subject))
        .load::<(i64, String)>(conn)?
        .into_iter()
        .collect();
    let of_ticket = |(id, lines)| {
        let title = format!("№{id} {}", subjects.get(&id)?);
        Some(Section { title, lines })
    };
    Ok(by_ticket.into_iter().filter_map(of_ticket).collect())
}

/// The refused requests that still wait for a decision (3.4).
fn of_refusals(
    ids: Vec<i64>,
    reader: &Reader<'_>,
    conn: &mut PgConnection,
) -> QueryResult<Option<Section>> {
    if ids.is_empty() || !reader.viewer.reads_internal() {
        return Ok(None);
    }
    let lines: Vec<String> = refusals::table
        .filter(refusals::id.eq_any(ids))
        .filter(refusals::state.eq(DbEnum(RefusalState::Pending)))
        .order(refusals::id)
        .select(refusals::subject)
        .load(conn)?;
    let title = NotificationKind::RequestRefused.label().text_in(reader.user.language.0);
    Ok((!lines.is_empty()).then(|| Section { title: title.to_owned(), lines }))
}
